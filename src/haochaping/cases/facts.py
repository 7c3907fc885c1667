"""By which facts rules are chosen for an occasion: one way from what is known of it to the occasion that rules see.

Pure. Who accepts a record, shows a page, judges a rating, opens an order or counts a deadline anew: all come through
here, so that the same occasion is never judged by two rules. What nobody said is left unknown, not guessed.
"""

import unicodedata
from collections.abc import Mapping
from datetime import date
from functools import lru_cache
from operator import itemgetter
from types import MappingProxyType
from typing import Any, Final, NamedTuple, Protocol

from haochaping.cases.formats import instant
from haochaping.cases.rules import FORMS, STAGES, Record
from haochaping.foundation.clock import local_day
from haochaping.policy.occasions import Occasion
from haochaping.policy.rulebook import Profile, Rulebook
from haochaping.registry.directory import Directory, ItemCopy
from haochaping.registry.situations import Situations

_ONLINE: Final = "1"
_CASE_TYPES: Final[Mapping[str, str]] = MappingProxyType({"1": "instant", "2": "promised"})
_NATURAL_PERSON: Final = "1"

# `pf` of the national convention. 5 is any other terminal in a hall, 6 and 7 differ by sender: they name no channel.
CHANNELS: Final[Mapping[int, str]] = MappingProxyType({1: "web", 2: "mobile", 3: "qr", 4: "device"})
# Online ones are an organisation's, those on the spot a hall's.
ONLINE: Final = (1, 2)
ON_THE_SPOT: Final = (3, 4, 5)


class Row(Protocol):
    """A row by names: asyncpg's, or a mapping."""

    def __getitem__(self, name: str, /) -> Any: ...


class Facts(NamedTuple):
    """What is kept of an occasion for the choice of rules: columns of `cases_serviceoccasion`, by these names.

    Registry ids are those of the service day. `accepted_day` is the local day on which its case was accepted, the earliest
    that any of its occasions tells; None where no case is known. `place` and what follows are what the sender said in the
    words that rules select by, "" where it said nothing: the item's type and the hall's kind are the registry's to say.
    """

    service_day: date
    accepted_day: date | None
    division_id: int
    organisation_id: int
    hall_id: int | None
    item_id: int | None
    place: str
    case_type: str
    rater: str
    form: str
    stage: str


_FACTS_OF: Final = itemgetter(*Facts._fields)


class RuledOccasion(NamedTuple):
    """An occasion as rules see it, with its days: the one way in which rules are asked for a reported occasion."""

    occasion: Occasion
    service_day: date
    accepted_day: date | None

    def about(self, subject: str) -> "RuledOccasion":
        """The same occasion where something else is rated with it, in the words that rules select by: `staff`."""
        return self._replace(occasion=self.occasion._replace(subject=subject))

    def rules(
        self,
        rulebook: Rulebook,
        *,
        step: date,
        rated: date | None = None,
        channel: str = "",
        level: int = 0,
        named: bool | None = None,
        finding: str = "",
    ) -> Profile:
        """The rules for a step that is taken on this day: substance by those of the service's day, procedure by those of
        the step's, unless the rules on their transition name another of the four days. Before it is rated, the day of the
        step stands for that of the rating. What a rating adds (channel, level, 实名) is for the caller to say. Raises
        LookupError where no jurisdiction applies."""
        said = self.occasion._replace(channel=channel, level=level, named=named, finding=finding)
        return rulebook.rules(said, self.service_day, step=step, rated=rated, accepted=self.accepted_day)


def facts_of(record: Record, directory: Directory) -> Facts:
    """The facts of a well-formed record. Raises LookupError for a division or an organisation that the registry has never
    had; whether they are valid on the day is not judged here."""
    day = service_day(record)
    division_id = directory.division_id(record["areaCode"])
    organisation_id = directory.organisation_id(record["deptCode"])
    if division_id is None or organisation_id is None:
        raise LookupError("placed before it was checked against the registry")
    window = directory.window(record.get("windowNo", ""), day)
    item = item_of(record, directory, day)
    rater = record.get("userProp", "")
    return Facts(
        service_day=day,
        accepted_day=_day(record, "acceptDate"),
        division_id=division_id,
        organisation_id=organisation_id,
        hall_id=window.hall_id if window else None,
        item_id=item.id if item else None,
        place="online" if record.get("proChannel") == _ONLINE else "",
        case_type=_CASE_TYPES.get(record.get("projectType", ""), ""),
        rater=("person" if rater == _NATURAL_PERSON else "organisation") if rater else "",
        form=FORMS.get(record.get("caseForm", ""), ""),
        stage=STAGES.get(record.get("serviceStage", ""), ""),
    )


def kept_facts(row: Row) -> Facts:
    """The facts of a stored occasion, out of a row that has columns of these names."""
    return Facts(*_FACTS_OF(row))


def occasion_of(facts: Facts, registry: Situations) -> RuledOccasion | None:
    """The occasion as rules see it; None where the division is unknown. What is rated with an occasion is how its item was
    handled.

    Handled online is handled at no window, whatever hall the window's number names as well.
    """
    found = registry.situation(
        division_id=facts.division_id,
        organisation_id=facts.organisation_id,
        hall_id=facts.hall_id,
        item_id=facts.item_id,
        day=facts.service_day,
    )
    if found is None:
        return None
    occasion = Occasion(
        found.division,
        organisation=found.organisation,
        department=found.department,
        hall=found.hall,
        place=facts.place or found.place,
        item=found.item,
        item_type=found.item_type,
        case_type=facts.case_type,
        rater=facts.rater,
        form=facts.form,
        stage=facts.stage,
        subject="item",
    )
    return RuledOccasion(occasion, facts.service_day, facts.accepted_day)


def service_day(record: Record) -> date:
    """The local day of the service of a well-formed record."""
    return _day(record, "serviceTime")


def _day(record: Record, name: str) -> date:
    day = _day_of(record[name])
    if day is None:
        raise ValueError(f"{name} was not checked before")
    return day


@lru_cache(maxsize=65_536)
def _day_of(text: str) -> date | None:
    at = instant(text)
    return None if at is None else local_day(at)


def item_of(record: Record, directory: Directory, day: date) -> ItemCopy | None:
    """The item of the library that the record means: by its handling-item code, else the one of that implementing code
    with the same name, else its first; None for an unknown code."""
    if "taskHandleItem" in record:
        return directory.item(record["taskHandleItem"], day)
    found = directory.items_of_task(record["taskCode"], day)
    named = [item for item in found if same_name(item.name, record["taskName"])]
    return next(iter(named or found), None)


def same_name(one: str, other: str) -> bool:
    """Full-width brackets and separators, and blanks, make no other name."""
    return _plain(one) == _plain(other)


@lru_cache(maxsize=16_384)
def _plain(name: str) -> str:
    return "".join(unicodedata.normalize("NFKC", name).split())
