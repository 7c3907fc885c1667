"""The registry as small typed copies in memory, for who answers without a query: the door, the simulation.

Pure. Asked by code it is strict: what is not valid on that day is None. Asked by id, for display, it gives
the record of that day, else the nearest one: what was merged or closed keeps the name that it last had.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from operator import attrgetter

from haochaping.registry.rules import AUTHORITY, ITEM_TYPES
from haochaping.registry.shelves import Row, Shelf
from haochaping.registry.situations import Situation, narrowest


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
    """A hall, centre or station. `kind` is one of rules.HALL_KINDS, "" when it is not known; `organisation_id` is who
    answers for the hall itself, None where nobody is told."""

    id: int
    code: str
    name: str
    division_id: int
    division_code: str
    kind: str = ""
    organisation_id: int | None = None


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


@dataclass(frozen=True, slots=True)
class Words:
    """The registry's own words: codes of all sorts, names of divisions, organisations, halls and items, and members of staff
    by code and name."""

    codes: frozenset[str]
    names: frozenset[str]
    staff: frozenset[tuple[str, str]]


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
        self._divisions = Shelf(Div, divisions)
        self._organisations = Shelf(Org, organisations)
        self._halls = Shelf(HallCopy, halls)
        self._windows = Shelf(WindowCopy, windows)
        self._staff = Shelf(StaffCopy, staff)
        self._items = Shelf(ItemCopy, items)
        self._authorities: dict[int, set[int]] = {}
        for of in self._organisations.histories():
            for one in of:
                if one.thing.kind == AUTHORITY:
                    self._authorities.setdefault(one.thing.division_id, set()).add(one.thing.id)
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

    def responsible_for(self, hall: HallCopy, day: date) -> Org | None:
        """Who answers for a hall: the organisation that the registry tells, as long as there is one; else the authority of
        its division, else the nearest above that has one on the day (a township has none); None where there is nobody."""
        told = (
            self.organisation_by_id(hall.organisation_id, day) if hall.organisation_id is not None else None
        )
        if told is not None and (valid := self.organisation(told.code, day)) is not None:
            return valid
        division_id, climbed = hall.division_id, set[int]()
        while division_id not in climbed:
            climbed.add(division_id)
            if (found := self._authority_in(division_id, day)) is not None:
                return found
            division = self.division_by_id(division_id, day)
            if division is None or division.parent_id is None:
                return None
            division_id = division.parent_id
        return None

    def _authority_in(self, division_id: int, day: date) -> Org | None:
        """The first by its code, as `registry.queries.authority_of` has it."""
        known = (self._organisations.by_id(number, day) for number in self._authorities.get(division_id, ()))
        valid = (self.organisation(one.code, day) for one in known if one is not None)
        there = (one for one in valid if one and one.kind == AUTHORITY and one.division_id == division_id)
        return min(there, key=attrgetter("code"), default=None)

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

    def words(self) -> Words:
        """What anything was ever called."""
        offices = (self._divisions, self._organisations, self._halls, self._items)
        things = [held.thing for shelf in offices for of in shelf.histories() for held in of]
        staff = [held.thing for of in self._staff.histories() for held in of]
        windows = [held.thing for of in self._windows.histories() for held in of]
        codes = {one.code for some in (things, staff, windows) for one in some}
        return Words(
            frozenset(codes.union(self._of_task)),
            frozenset(one.name for one in things),
            frozenset((one.code, one.name) for one in staff),
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
