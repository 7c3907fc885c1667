"""The registry as small typed copies in memory, for who answers without a query: the door, the simulation.

Pure. Asked by code it is strict: what is not valid on that day is None. Asked by id, for display, it gives
the record of that day, else the nearest one: what was merged or closed keeps the name that it last had.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from operator import attrgetter
from typing import Any, Generic, Protocol, TypeVar

from haochaping.registry.rules import ITEM_TYPES
from haochaping.registry.situations import Situation, narrowest


class Row(Protocol):
    """A row of one of the SELECTs in fragments.py, by position: asyncpg's and psycopg's serve alike."""

    def __getitem__(self, position: Any, /) -> Any: ...


@dataclass(frozen=True, slots=True)
class Div:
    """An administrative division. `level` is one of rules.LEVELS; `parent_id` is None at the top."""

    id: int
    code: str
    name: str
    level: str
    parent_id: int | None
    successor_id: int | None


@dataclass(frozen=True, slots=True)
class Org:
    """An organisation; `code` is its unified social credit code, `kind` one of rules.KINDS.

    `department` is its line (条线), "" when it is not known.
    """

    id: int
    code: str
    name: str
    division_id: int
    division_code: str
    kind: str
    department: str = ""

    @property
    def credit_code(self) -> str:
        """The code by its legal name."""
        return self.code


@dataclass(frozen=True, slots=True)
class HallCopy:
    """A hall, centre or station. `kind` is one of rules.HALL_KINDS, "" when it is not known."""

    id: int
    code: str
    name: str
    division_id: int
    division_code: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class WindowCopy:
    """A window of a hall, served by an organisation."""

    id: int
    code: str
    name: str
    hall_id: int
    organisation_id: int


@dataclass(frozen=True, slots=True)
class StaffCopy:
    """A member of staff; `window_id` is None for one who sits at no window."""

    id: int
    code: str
    name: str
    organisation_id: int
    window_id: int | None


@dataclass(frozen=True, slots=True)
class ItemCopy:
    """A service item: `code` is the handling-item code (33 characters), `task_code` the implementing (31)."""

    id: int
    code: str
    name: str
    task_code: str
    task_type: str
    organisation_id: int
    project_type: str

    @property
    def handle_item(self) -> str:
        """The code by its name in the national convention (taskHandleItem)."""
        return self.code


Thing = TypeVar("Thing", Div, Org, HallCopy, WindowCopy, StaffCopy, ItemCopy)


@dataclass(frozen=True, slots=True)
class _Held(Generic[Thing]):
    """What a thing was from one legal day to another, both included."""

    start: date
    end: date
    thing: Thing


class _Shelf(Generic[Thing]):
    """All things of one sort with their histories, by code and by id."""

    def __init__(self, make: Callable[..., Thing], rows: Iterable[Row]) -> None:
        held = [_Held(row[0] or date.min, row[1] or date.max, make(*row[2:])) for row in rows]
        held.sort(key=lambda one: (one.thing.id, one.start))
        self._by_id: dict[int, tuple[_Held[Thing], ...]] = {
            number: tuple(records) for number, records in groupby(held, key=attrgetter("thing.id"))
        }
        self._by_code: dict[str, tuple[_Held[Thing], ...]] = {
            records[0].thing.code: records for records in self._by_id.values()
        }

    def by_code(self, code: str, day: date) -> Thing | None:
        """The thing as it was on the day, None when unknown or not valid then."""
        return _valid(self._by_code.get(code, ()), day)

    def id_of(self, code: str) -> int | None:
        """The identity behind a code, valid at any time; None for a code that was never there."""
        records = self._by_code.get(code)
        return records[0].thing.id if records else None

    def by_id(self, number: int, day: date) -> Thing | None:
        """The thing as of the day, else as it last was, else as it came to be; None for an unknown id."""
        records = self._by_id.get(number)
        return _latest(records, day).thing if records else None

    def histories(self) -> Iterable[tuple[_Held[Thing], ...]]:
        return self._by_id.values()

    def valid(self, day: date) -> tuple[Thing, ...]:
        """All that are valid on the day, by code."""
        things = (_valid(records, day) for records in self._by_id.values())
        return tuple(sorted((thing for thing in things if thing is not None), key=attrgetter("code")))


def _latest(records: tuple[_Held[Thing], ...], day: date) -> _Held[Thing]:
    return records[max(0, bisect_right(records, day, key=attrgetter("start")) - 1)]


def _valid(records: tuple[_Held[Thing], ...], day: date) -> Thing | None:
    if not records:
        return None
    held = _latest(records, day)
    return held.thing if held.start <= day <= held.end else None


def _short(division_code: str) -> str:
    return division_code.removesuffix("000000") if len(division_code) == 12 else division_code


class Directory:
    """One edition of the registry. Immutable: a new edition is a new Directory."""

    def __init__(
        self,
        *,
        edition: int,
        divisions: Iterable[Row],
        organisations: Iterable[Row],
        halls: Iterable[Row],
        windows: Iterable[Row],
        staff: Iterable[Row],
        items: Iterable[Row],
    ) -> None:
        """Rows as fragments.py selects them: valid_from, valid_to, then the fields of the copy in order."""
        self.edition = edition
        self._divisions = _Shelf(Div, divisions)
        self._organisations = _Shelf(Org, organisations)
        self._halls = _Shelf(HallCopy, halls)
        self._windows = _Shelf(WindowCopy, windows)
        self._staff = _Shelf(StaffCopy, staff)
        self._items = _Shelf(ItemCopy, items)
        self._of_task: dict[str, set[int]] = {}
        for history in self._items.histories():
            for held in history:
                self._of_task.setdefault(held.thing.task_code, set()).add(held.thing.id)

    def division(self, code: str, day: date) -> Div | None:
        """By 6 digits, or by 12 that end in 000000."""
        return self._divisions.by_code(_short(code), day)

    def division_id(self, code: str) -> int | None:
        """The identity behind a code of 6 or 12 digits, valid at any time."""
        return self._divisions.id_of(_short(code))

    def organisation_id(self, credit_code: str) -> int | None:
        """The identity behind a credit code, valid at any time."""
        return self._organisations.id_of(credit_code)

    def organisation(self, credit_code: str, day: date) -> Org | None:
        return self._organisations.by_code(credit_code, day)

    def hall(self, code: str, day: date) -> HallCopy | None:
        return self._halls.by_code(code, day)

    def window(self, code: str, day: date) -> WindowCopy | None:
        return self._windows.by_code(code, day)

    def staff(self, code: str, day: date) -> StaffCopy | None:
        return self._staff.by_code(code, day)

    def item(self, handle_item: str, day: date) -> ItemCopy | None:
        return self._items.by_code(handle_item, day)

    def items_of_task(self, task_code: str, day: date) -> tuple[ItemCopy, ...]:
        """The handling items under this implementing code on the day, by code; () when there are none."""
        found = (self._items.by_id(number, day) for number in self._of_task.get(task_code, ()))
        valid = (self.item(item.code, day) for item in found if item is not None)
        kept = (item for item in valid if item is not None and item.task_code == task_code)
        return tuple(sorted(kept, key=attrgetter("code")))

    def division_by_id(self, number: int, day: date) -> Div | None:
        return self._divisions.by_id(number, day)

    def organisation_by_id(self, number: int, day: date) -> Org | None:
        return self._organisations.by_id(number, day)

    def hall_by_id(self, number: int, day: date) -> HallCopy | None:
        return self._halls.by_id(number, day)

    def window_by_id(self, number: int, day: date) -> WindowCopy | None:
        return self._windows.by_id(number, day)

    def staff_by_id(self, number: int, day: date) -> StaffCopy | None:
        return self._staff.by_id(number, day)

    def item_by_id(self, number: int, day: date) -> ItemCopy | None:
        return self._items.by_id(number, day)

    def situation(
        self,
        *,
        division_id: int,
        organisation_id: int | None,
        hall_id: int | None,
        item_id: int | None,
        day: date,
    ) -> Situation | None:
        """The facts of the day by which rules are chosen; None for an unknown division, "" for what else is unknown."""
        division = self.division_by_id(division_id, day)
        if division is None:
            return None
        organisation = None if organisation_id is None else self.organisation_by_id(organisation_id, day)
        hall = None if hall_id is None else self.hall_by_id(hall_id, day)
        item = None if item_id is None else self.item_by_id(item_id, day)
        return Situation(
            narrowest(
                division.code,
                hall.division_code if hall else "",
                organisation.division_code if organisation else "",
            ),
            organisation=organisation.code if organisation else "",
            department=organisation.department if organisation else "",
            hall=hall.code if hall else "",
            place=hall.kind if hall else "",
            item=item.code if item else "",
            item_type=ITEM_TYPES.get(item.task_type, "") if item else "",
        )

    def divisions(self, day: date) -> tuple[Div, ...]:
        """All that are valid on the day, by code; likewise the four below."""
        return self._divisions.valid(day)

    def organisations(self, day: date) -> tuple[Org, ...]:
        return self._organisations.valid(day)

    def halls(self, day: date) -> tuple[HallCopy, ...]:
        return self._halls.valid(day)

    def windows(self, day: date) -> tuple[WindowCopy, ...]:
        return self._windows.valid(day)

    def staff_members(self, day: date) -> tuple[StaffCopy, ...]:
        return self._staff.valid(day)

    def items(self, day: date) -> tuple[ItemCopy, ...]:
        return self._items.valid(day)
