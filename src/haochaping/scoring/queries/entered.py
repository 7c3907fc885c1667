"""Values that the rules take from outside, as they were entered."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db.models import Q, QuerySet

from haochaping.policy.owed import period_of
from haochaping.policy.spells import name_of
from haochaping.registry import queries as registry
from haochaping.scoring.models import EnteredValue
from haochaping.scoring.places import unit_name

# Unit name → name of the value → value.
External = Mapping[str, Mapping[str, Decimal]]
SHOWN: Final = 500


def entered_values(kind: str, first: date, *, at: datetime) -> External:
    """Of all units in a period, as they stood at an instant: of what was entered twice, the last; of what officials entered,
    what another one had confirmed."""
    found: dict[str, dict[str, Decimal]] = {}
    for each in _counting(kind, first, at):
        found.setdefault(unit_name(each.unit_kind, each.unit_number), {})[each.name] = each.value.normalize()
    return found


def sources(kind: str, first: date, *, unit: tuple[str, int], at: datetime) -> Mapping[str, EnteredValue]:
    """Name → the value that counts of a unit (its kind and registry id), with where it comes from and who stands for it."""
    return {
        each.name: each for each in _counting(kind, first, at).filter(unit_kind=unit[0], unit_number=unit[1])
    }


def _counting(kind: str, first: date, at: datetime) -> QuerySet[EnteredValue]:
    """The last comes last."""
    then = Q(entered_by_id=None, entered_at__lte=at) | Q(confirmed=True, decided_at__lte=at)
    return EnteredValue.objects.filter(then, kind=kind, first=first).order_by("entered_at", "id")


@dataclass(frozen=True, slots=True)
class ValueView:
    """One value as it was entered. `state`: "waiting" for a second person, "counted", "replaced" by a later one or
    "sent_back". `mine`: the viewer entered it."""

    id: UUID
    name: str
    unit: str
    period: str
    value: str
    source: str
    documented_on: date | None
    entered_by: str
    entered_at: datetime
    decided_by: str
    state: str
    mine: bool


def values_of(divisions: Collection[int], *, official_id: UUID) -> tuple[ValueView, ...]:
    """What was entered for units of these divisions and those below, the last first, at most SHOWN."""
    found, counted = [], set()
    rows = list(EnteredValue.objects.order_by("-entered_at", "-id")) if divisions else []
    units: dict[date, set[int]] = {}
    for row in rows:
        units.setdefault(_end(row), set()).update(
            {row.unit_number} if row.unit_kind == "organisation" else ()
        )
    named = {on: _names(divisions, numbers, on) for on, numbers in units.items()}
    for row in rows:
        name = named[_end(row)].get((row.unit_kind, row.unit_number))
        if name is None:
            continue
        key = (row.name, row.unit_kind, row.unit_number, row.kind, row.first)
        state = _state(row, again=key in counted)
        counted |= {key} if state == "counted" else set()
        found.append(_view(row, name, state, mine=row.entered_by_id == official_id))
        if len(found) >= SHOWN:
            break
    return tuple(found)


def _state(row: EnteredValue, *, again: bool) -> str:
    if row.entered_by_id is not None and row.decided_at is None:
        return "waiting"
    if row.entered_by_id is not None and not row.confirmed:
        return "sent_back"
    return "replaced" if again else "counted"


def _end(row: EnteredValue) -> date:
    return period_of(row.kind, row.first).last


def _names(divisions: Collection[int], units: Collection[int], on: date) -> Mapping[tuple[str, int], str]:
    """What these divisions, those below and the organisations in them were called on a day, by kind and registry id; of
    `units` those too that had ended."""
    below = {each for division in divisions for each in registry.divisions_below(division, on)}
    regions = {("region", number): name for number, name in registry.division_names(below, on).items()}
    living = {each.id: each for each in registry.organisations(on)}
    gone = (registry.organisation(number, on) for number in sorted(set(units) - living.keys()))
    everybody = (*living.values(), *(each for each in gone if each is not None))
    mine = (each for each in everybody if each.division_id in below)
    return {**regions, **{("organisation", each.id): each.name for each in mine}}


def _view(row: EnteredValue, name: str, state: str, *, mine: bool) -> ValueView:
    return ValueView(
        id=row.id,
        name=row.name,
        unit=name,
        period=name_of(row.kind, period_of(row.kind, row.first)),
        value=f"{row.value.normalize():f}",
        source=row.source,
        documented_on=row.documented_on,
        entered_by=row.entered_by,
        entered_at=row.entered_at,
        decided_by=row.decided_by,
        state=state,
        mine=mine,
    )
