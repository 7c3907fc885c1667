"""The tree of divisions on a day."""

from dataclasses import dataclass
from datetime import date

from haochaping.foundation.asked_once import steady
from haochaping.registry import models
from haochaping.registry.queries.records import latest, valid


@dataclass(frozen=True, slots=True)
class DivisionView:
    """A division in the tree of a day. `depth` is 0 for the topmost; `parent_id` is None there."""

    id: int
    code: str
    name: str
    level: str
    parent_id: int | None
    depth: int


@steady
def division_tree(on: date) -> tuple[DivisionView, ...]:
    """All divisions valid on the day but for the self-test's, each parent before its children, by code among themselves.

    One whose parent is not valid on the day stands at the top.
    """
    held = models.DivisionRecord.objects.filter(valid(on), division__trial=False)
    records = list(held.select_related("division"))
    known = {record.division_id for record in records}
    children: dict[int | None, list[models.DivisionRecord]] = {}
    for record in sorted(records, key=lambda one: one.division.code):
        above = record.parent_id if record.parent_id in known else None
        children.setdefault(above, []).append(record)
    tree: list[DivisionView] = []

    def descend(above: int | None, depth: int) -> None:
        for one in children.get(above, ()):
            tree.append(DivisionView(one.division_id, one.division.code, one.name, one.level, above, depth))
            descend(one.division_id, depth + 1)

    descend(None, 0)
    return tuple(tree)


@steady
def divisions_up(on: date) -> dict[int, tuple[str, int | None]]:
    """Division → its level (rules.LEVELS) and the one above it, as of the day; of an ended one as it last was."""
    rows = latest(models.DivisionRecord, "division", on)
    return {one.division_id: (one.level, one.parent_id) for one in rows}


@steady
def subtree(top: int, on: date) -> frozenset[int]:
    """A division and all below it as of a day, those that ended with them where their successors are."""
    children: dict[int | None, list[int]] = {}
    for one in latest(models.DivisionRecord, "division", on):
        ended = one.valid_to is not None and one.valid_to < on
        above = one.successor_id if ended and one.successor_id else one.parent_id
        children.setdefault(above, []).append(one.division_id)
    found, ahead = {top}, [top]
    while ahead:
        below = [number for number in children.get(ahead.pop(), ()) if number not in found]
        found.update(below)
        ahead.extend(below)
    return frozenset(found)
