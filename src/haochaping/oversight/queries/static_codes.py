"""Static codes as far as an official's posts reach: what may hang where, whether the rules rate it, what came by them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.cases import static_code
from haochaping.cases.facts import CHANNELS
from haochaping.cases.static_code import SUBJECTS, StaticCode
from haochaping.cases.static_places import Place, WhyNot, place_of, places, why_not
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import NotFound
from haochaping.foundation.keys import key_for
from haochaping.policy.rulebook import Rulebook
from haochaping.ratings.queries.static_codes import CodeDay, NamedCounts, busiest_codes, named_counts
from haochaping.registry import queries as registry
from haochaping.registry.directory import Directory, HallCopy, Org

# `pf` 3 of the national convention: a QR code.
_BY_CODE: Final = CHANNELS[3]
# How many codes are named on the page of what is watched, and of how many days the cases that were named are counted.
BUSIEST: Final = 10
NAMED_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class Asked:
    """Which codes: of a hall or an organisation by its code ("" all in reach), of one subject ("" all); `size` on a page,
    `page` counts from 1."""

    whose: str = ""
    subject: str = ""
    page: int = 1
    size: int = 50


@dataclass(frozen=True, slots=True)
class CodeView:
    """What a code is of, with the names around it. `why`: why the rules do not rate it, None where they do; `token` is what
    stands in its address."""

    place: Place
    hall: str
    organisation: str
    why: WhyNot | None
    token: str


@dataclass(frozen=True, slots=True)
class Owner:
    """A hall or an organisation that has codes in reach, by its code in the registry."""

    code: str
    name: str


@dataclass(frozen=True, slots=True)
class CodeList:
    """One page. `counts` are of all that was asked for, by subject."""

    rows: tuple[CodeView, ...]
    counts: Mapping[str, int]
    halls: tuple[Owner, ...]
    organisations: tuple[Owner, ...]
    page: int
    pages: int


def codes_in_reach(*, official_id: UUID, now: datetime, rulebook: Rulebook, asked: Asked) -> CodeList:
    """The codes of what the organisations in reach answer for, by subject and then by code."""
    today = local_day(now)
    directory = registry.directory()
    reach = officials.scope(official_id=official_id, permission=Permission.VIEW_CODES, on=today)
    mine = [place for place in places(directory, today) if place.organisation_id in reach]
    theirs = [place for place in mine if not asked.whose or _belongs(place, asked.whose, directory, today)]
    chosen = [place for place in theirs if not asked.subject or place.of.subject == asked.subject]
    pages = max(1, -(-len(chosen) // asked.size))
    page = min(max(1, asked.page), pages)
    shown = chosen[(page - 1) * asked.size : page * asked.size]
    return CodeList(
        rows=tuple(_view(place, directory, rulebook, today) for place in shown),
        counts={each: sum(place.of.subject == each for place in theirs) for each in SUBJECTS},
        halls=_owners((place.hall_id for place in mine), directory.hall_by_id, today),
        organisations=_owners((place.organisation_id for place in mine), directory.organisation_by_id, today),
        page=page,
        pages=pages,
    )


def code_in_reach(*, official_id: UUID, now: datetime, rulebook: Rulebook, of: StaticCode) -> CodeView:
    """One of them. Raises NotFound for what is not there today, or in nobody's reach but others'."""
    today = local_day(now)
    directory = registry.directory()
    place = place_of(of, directory, today)
    reach = officials.scope(official_id=official_id, permission=Permission.VIEW_CODES, on=today)
    if place is None or place.organisation_id not in reach:
        raise NotFound("code", _("没有这个评价码，或者它不属于您负责的单位。"))
    return _view(place, directory, rulebook, today)


@dataclass(frozen=True, slots=True)
class BusyCode:
    """A code with what came by it on a day."""

    day: CodeDay
    name: str
    organisation: str


@dataclass(frozen=True, slots=True)
class CodesToday:
    """By which codes most ratings came today, and what became of the cases that were named in the last NAMED_DAYS days."""

    busiest: tuple[BusyCode, ...]
    named: NamedCounts


def codes_today(*, official_id: UUID, now: datetime) -> CodesToday:
    """Of what the official may watch: nothing bounds them but the rules, so somebody should see it."""
    today = local_day(now)
    reach = officials.scope(official_id=official_id, permission=Permission.VIEW_WATCH, on=today)
    found = busiest_codes(day=today, organisations=reach, most=BUSIEST)
    organisations = registry.organisation_names({each.organisation_id for each in found}, today)
    names = _names([each.of for each in found], today)
    busiest = tuple(
        BusyCode(each, names.get(each.of, ""), organisations.get(each.organisation_id, "")) for each in found
    )
    return CodesToday(busiest, named_counts(days=NAMED_DAYS, organisations=reach, now=now))


def _names(codes: Sequence[StaticCode], day: date) -> dict[StaticCode, str]:
    ask = {
        "window": registry.window_names,
        "hall": registry.hall_names,
        "platform": registry.organisation_names,
        "guide": registry.item_names,
    }
    found: dict[StaticCode, str] = {}
    for subject, names in ask.items():
        ids = {code.thing_id for code in codes if code.subject == subject}
        found |= {StaticCode(subject, thing): name for thing, name in names(ids, day).items()}
    return found


def _belongs(place: Place, whose: str, directory: Directory, day: date) -> bool:
    hall = directory.hall_by_id(place.hall_id, day) if place.hall_id is not None else None
    if hall is not None and hall.code == whose:
        return True
    organisation = directory.organisation_by_id(place.organisation_id or 0, day)
    return organisation is not None and organisation.code == whose


def _owners(
    ids: Iterable[int | None], by_id: Callable[[int, date], HallCopy | Org | None], day: date
) -> tuple[Owner, ...]:
    known = (by_id(number, day) for number in {number for number in ids if number is not None})
    return tuple(sorted((Owner(one.code, one.name) for one in known if one), key=lambda one: one.code))


def _view(place: Place, directory: Directory, rulebook: Rulebook, day: date) -> CodeView:
    hall = directory.hall_by_id(place.hall_id, day) if place.hall_id is not None else None
    organisation = directory.organisation_by_id(place.organisation_id or 0, day)
    return CodeView(
        place,
        hall=hall.name if hall and place.of.subject == "window" else "",
        organisation=organisation.name if organisation else "",
        why=why_not(place, directory, rulebook, day=day, channel=_BY_CODE),
        token=static_code.mint(place.of, key_for(static_code.PURPOSE)),
    )
