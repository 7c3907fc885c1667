"""Where an occasion stands in the registry on its day: the facts by which rules are chosen. Pure."""

from datetime import date
from typing import Final, NamedTuple, Protocol

from haochaping.policy.divisions import stem

_LONG: Final = 12


class Situation(NamedTuple):
    """Codes of division, organisation, hall and item, and of what kind each was on the day; "": not known.

    `department` is the organisation's line (条线), `place` the hall's kind, `item_type` the item's, all in the words that
    rules select by.
    """

    division: str
    organisation: str = ""
    department: str = ""
    hall: str = ""
    place: str = ""
    item: str = ""
    item_type: str = ""


def narrowest(division: str, *within: str) -> str:
    """The division of an occasion: the township or village of the hall or of the organisation (the first that is given)
    where it lies in the one that was reported, which has six digits; else that one."""
    long = [code for code in within if len(code) == _LONG]
    if not long:
        return division
    below = (code for code in long if code.startswith(stem(division)))
    return max(below, key=lambda code: len(stem(code)), default=division)


class Situations(Protocol):
    """Who can tell it: a `Directory` from memory, `registry.queries` from the tables."""

    def situation(
        self,
        *,
        division_id: int,
        organisation_id: int | None,
        hall_id: int | None,
        item_id: int | None,
        day: date,
    ) -> Situation | None: ...
