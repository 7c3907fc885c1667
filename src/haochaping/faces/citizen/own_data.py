"""All that is kept of one's own rating, in words, and what may still be done with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from haochaping.faces.citizen.language import Manner, catalogue, mark
from haochaping.faces.citizen.served import Names, day_words
from haochaping.foundation.clock import CN, local_day
from haochaping.intake.afterwards import Given
from haochaping.intake.services import Services
from haochaping.policy.objections import GROUNDS
from haochaping.policy.profile import Profile
from haochaping.ratings.afterwards import Word
from haochaping.ratings.states import VoidEffect, WordKind
from haochaping.ratings.wording import opened_number, opened_text, opened_word

KINDS: Final[Mapping[WordKind, str]] = {
    WordKind.CORRECTION: mark("更正评价"),
    WordKind.SUPPLEMENT: mark("补充评价"),
    WordKind.FOLLOW_UP: mark("追加评价"),
}
ADDRESSES: Final[Mapping[WordKind, str]] = {
    WordKind.CORRECTION: "correction",
    WordKind.SUPPLEMENT: "supplement",
    WordKind.FOLLOW_UP: "follow-up",
}
# What became of a rating that does not count.
_EFFECTS: Final[Mapping[VoidEffect, str]] = {
    VoidEffect.NOT_COUNTED: mark("它不计入任何统计，这次服务既不算已评，也不算未评。"),
    VoidEffect.UNRATED: mark("它不计入统计，这次服务按未评价计算。"),
    VoidEffect.DEFAULT: mark("它不计入统计，这次服务按默认等次计算。"),
}
# What a static code is of, as names are asked for.
_SORTS: Final[Mapping[str, str]] = {
    "window": "window",
    "hall": "hall",
    "platform": "organisation",
    "guide": "item",
}
# What became of one that its rater took back.
EFFECTS: Final[Mapping[str, str]] = {
    "unrated": mark("按照规定，这次办件视为没有评价；规定期满按默认评价计算的，照样计算。"),
    "not_counted": mark("按照规定，这次办件不计入评价统计。"),
}
_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Statement:
    """Something that was said. `label` is "" where nothing was said of the level, `staff` where nothing was of the member of
    staff; `at` is local time."""

    kind: str
    level: int
    label: str
    tags: tuple[str, ...]
    text: str
    at: datetime
    staff: str = ""


@dataclass(frozen=True, slots=True)
class Traced:
    """What is kept for the search for false ratings, until a day after which it is deleted. `seconds`: on the page."""

    until: date
    address: bool
    device: bool
    seconds: int | None


@dataclass(frozen=True, slots=True)
class RatingShown:
    """One's own rating: `now` is what stands; `said` all that was said, the first time first, empty where that is all.

    `staff_label`: "" where the member of staff was not rated beside. `named` is as it was given, `withdrawn` the day on
    which the consent to be contacted was withdrawn, `taken_back` the whole rating, `effect` what then became of its occasion
    in words. `place` is what a static code was of, "" where a service was rated, `case` the number of the case that was
    named there, "" where none was or it is deleted.
    `rules` names the documents by which it was judged.
    """

    now: Statement
    staff_label: str
    said: tuple[Statement, ...]
    named: bool
    withdrawn: date | None
    taken_back: date | None
    effect: str
    service_day: date
    item: str
    organisation: str
    rules: str
    traced: Traced | None
    void: "VoidShown | None" = None
    place: str = ""
    case: str = ""

    @property
    def contactable(self) -> bool:
        """Whether the rater agrees to be contacted."""
        return self.named and self.withdrawn is None and self.taken_back is None


@dataclass(frozen=True, slots=True)
class VoidShown:
    """That the rating does not count: what became of it, on which ground as the regulations call it, since when, by which
    clause."""

    effect: str
    ground: str
    day: date
    clause: str


@dataclass(frozen=True, slots=True)
class Choice:
    """What the rules still offer, and where: `until` in words, "" where nothing ends it; `left` times, None: no bound."""

    name: str
    address: str
    until: str
    left: int | None
    clause: str


def rating_shown(services: Services, given: Given) -> RatingShown:
    """Raises Away while the registry has not been read, SealBroken for a text that was altered."""
    row, stands, of = given.row, given.standing, given.static_code
    names = Names(services, row["service_day"])
    profile = given.governed(services).rules(level=stands.level, named=row["named"])
    text = opened_text(row["text"], row["rating_id"])
    first = stated(services, profile, level=row["level"], tags=row["tags"], text=text, at=row["received_at"])
    first = replace(first, staff=staff_label(given, services, profile, row["staff_level"]))
    later = [_later(services, profile, given, word) for word in given.words]
    withdrawn, taken_back = row["withdrawn_at"], row["taken_back_at"]
    # Tags and text belong to the level that was given with them.
    whole = stands.level == stands.judged
    tags, text = (stands.tags, given.text()) if whole else ((), "")
    return RatingShown(
        now=stated(services, profile, level=stands.level, tags=tags, text=text, at=row["received_at"]),
        staff_label=staff_label(given, services, profile, stands.staff),
        said=(first, *later) if later else (),
        named=row["named"],
        withdrawn=local_day(withdrawn) if withdrawn else None,
        taken_back=local_day(taken_back) if taken_back else None,
        effect=EFFECTS.get(row["taken_back_as"] or "", ""),
        service_day=row["service_day"],
        item=names.of("item", row["item_id"]) if of is None else "",
        case=opened_number(row["case_number"], row["rating_id"]),
        place=names.of(_SORTS[of.subject], of.thing_id) if of is not None else "",
        organisation=names.of("organisation", row["organisation_id"]),
        rules=_documents(profile),
        traced=_traced(given),
        void=_void(given),
    )


def _void(given: Given) -> VoidShown | None:
    row = given.row
    if not given.voided:
        return None
    ground = row["void_ground"]
    return VoidShown(
        effect=_EFFECTS[VoidEffect(row["void_effect"])],
        ground=GROUNDS.get(ground, ground.removeprefix("named:")),
        day=local_day(row["voided_at"]),
        clause=row["void_clause"],
    )


def staff_label(given: Given, services: Services, of_item: Profile, level: int | None) -> str:
    """A level of the member of staff in the words of the rules for him; "" for none."""
    if not level:
        return ""
    rules = given.governed(services).staff_rules(of_item, level=level, named=given.row["named"])
    return rules.labels.get(level, str(level)) if rules else ""


def _later(services: Services, profile: Profile, given: Given, word: Word) -> Statement:
    text = opened_word(word.text, word.id)
    said = stated(services, profile, level=word.level or 0, tags=word.tags, text=text, at=word.received_at)
    staff = staff_label(given, services, profile, word.staff_level)
    return replace(said, kind=KINDS[word.kind], staff=staff)


def choices(services: Services, given: Given, manner: Manner, at: datetime) -> list[Choice]:
    """What may be said at this instant."""
    found = given.offers(services, at=at)
    return [
        Choice(KINDS[kind], ADDRESSES[kind], until_words(offer.until, manner), offer.left, offer.citation)
        for kind, offer in found.items()
    ]


def until_words(ends: datetime | None, manner: Manner) -> str:
    """Until when, in words: the last day where days count, else day and time; "" where nothing ends it for certain."""
    if ends is None:
        return ""
    words = catalogue(manner.language).gettext
    until = ends.astimezone(CN)
    if until.time() == datetime.min.time():
        last = day_words(local_day(ends - _MOMENT), manner)
        return words(mark("截至%(day)s（含当日）。")) % {"day": last}
    return words(mark("截至%(day)s %(time)s。")) % {
        "day": day_words(until.date(), manner),
        "time": until.strftime("%H:%M"),
    }


def stated(
    services: Services,
    profile: Profile,
    *,
    level: int,
    tags: Sequence[int],
    text: str,
    at: datetime,
) -> Statement:
    """Something that was said, in the words of the rules and of the dictionary of tags; `level` 0: nothing is said of it."""
    decoded = (services.tags.decode(str(code)) for code in tags)
    return Statement(
        kind="",
        level=level,
        label=profile.labels.get(level, str(level)) if level else "",
        tags=tuple(tag.name for tag in decoded if tag),
        text=text,
        at=at.astimezone(CN),
    )


def _documents(profile: Profile) -> str:
    """All documents by which the rating was judged, each once."""
    found = dict.fromkeys(value.document.title for value in profile.values().values() if value is not None)
    return "、".join(f"《{title}》" for title in found)


def _traced(given: Given) -> Traced | None:
    row = given.row
    if row["trace_until"] is None:
        return None
    elapsed = row["elapsed_ms"]
    return Traced(
        until=row["trace_until"],
        address=row["address_traced"],
        device=row["device_traced"],
        seconds=None if elapsed is None else elapsed // 1000,
    )
