"""Where an occasion stands in the registry on its day: the facts by which rules are chosen. Pure."""

from datetime import date
from typing import NamedTuple, Protocol


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
