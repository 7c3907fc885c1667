"""What the bad rating behind an order was of, where it was given without a case: a window, a hall, a platform or a guide."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final, Protocol
from uuid import UUID

from haochaping.ratings.queries.static_codes import static_codes_rated
from haochaping.registry import queries as registry

_TO_SUNDAY: Final = timedelta(days=6)
_Names = Callable[[Collection[tuple[int, date]]], Mapping[tuple[int, date], str]]
_NAMES: Final[Mapping[str, _Names]] = {
    "window": registry.window_names_then,
    "hall": registry.hall_names_then,
    "platform": registry.organisation_names_then,
    "guide": registry.item_names_then,
}


class AboutRating(Protocol):
    """As much of an order as tells of which rating it came; `week` is the Monday of the service."""

    @property
    def subject_id(self) -> UUID: ...
    @property
    def week(self) -> date: ...


@dataclass(frozen=True, slots=True)
class Rated:
    """`subject` is in the words that rules select by; `name` as the thing was called in that week."""

    subject: str
    name: str


def rated(orders: Iterable[AboutRating]) -> dict[UUID, Rated]:
    """Rating id → what it was of, without those that were given to a case."""
    weeks = {order.subject_id: order.week + _TO_SUNDAY for order in orders}
    codes = static_codes_rated(weeks.keys())
    wanted: dict[str, set[tuple[int, date]]] = {}
    for subject_id, code in codes.items():
        wanted.setdefault(code.subject, set()).add((code.thing_id, weeks[subject_id]))
    names = {subject: _NAMES[subject](pairs) for subject, pairs in wanted.items()}
    return {
        subject_id: Rated(code.subject, names[code.subject].get((code.thing_id, weeks[subject_id]), ""))
        for subject_id, code in codes.items()
    }
