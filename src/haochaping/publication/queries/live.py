"""What the public sees now: the city and its divisions live, the departments as frozen today."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from haochaping.foundation.clock import local_day
from haochaping.policy.divisions import stem
from haochaping.publication.models import DepartmentDay
from haochaping.publication.places import place_counts, public_totals, top_place
from haochaping.publication.rules import MINIMUM, TOGETHER, by_the_day, hidden
from haochaping.registry.queries import OrganisationView
from haochaping.registry.rules import name_key
from haochaping.tallies.rules import MEASURES, Counts

# Digits of a county code that are not zeros of the levels below.
_COUNTY = 6

__all__ = ["MINIMUM", "TOGETHER", "Counts", "DepartmentGroup", "LiveFigures", "Row", "live", "place"]


@dataclass(frozen=True, slots=True)
class Row:
    """A division or a department. `counts` is None where too few ratings were given (`rules.hidden`). `daily`: of a division
    that is shown as departments are, by the day (`rules.by_the_day`)."""

    name: str
    counts: Counts | None
    daily: bool = False


@dataclass(frozen=True, slots=True)
class DepartmentGroup:
    """The departments of one division, in the order of the registry."""

    division: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class LiveFigures:
    """`total` and `divisions` are of the instant `as_of`. `departments`, and divisions that are `daily`, count the days of
    service up to `departments_to` as known at `departments_taken_at`, frozen on `departments_of`, all None before the first
    freeze. Fewer ratings than `minimum` are not shown, and divisions of fewer rated organisations than `together` not live.
    """

    as_of: datetime
    place: str
    total: Counts
    divisions: tuple[Row, ...]
    departments: tuple[DepartmentGroup, ...]
    departments_to: date | None
    departments_taken_at: datetime | None
    departments_of: date | None = None
    minimum: int = MINIMUM
    together: int = TOGETHER


def live(*, now: datetime) -> LiveFigures:
    """All service days so far. The total also holds what no division is shown for."""
    today = local_day(now)
    totals = public_totals()
    frozen = _latest_frozen(today)
    return LiveFigures(
        as_of=now,
        place=top_place(today),
        total=sum(totals.values(), Counts()),
        divisions=_divisions(place_counts(totals, on=today), frozen),
        departments=_departments(frozen),
        departments_to=frozen[0].published_on - timedelta(days=1) if frozen else None,
        departments_taken_at=frozen[0].taken_at if frozen else None,
        departments_of=frozen[0].published_on if frozen else None,
    )


def place(*, now: datetime) -> str:
    """The name of the place whose services are rated here; "" for an empty registry."""
    return top_place(local_day(now))


def _latest_frozen(today: date) -> list[DepartmentDay]:
    """The rows of the last freeze up to `today`, by division, then by name."""
    days = DepartmentDay.objects.filter(published_on__lte=today)
    last = days.order_by("-published_on").values_list("published_on", flat=True).first()
    if last is None:
        return []
    return sorted(days.filter(published_on=last), key=lambda row: (row.division_code, name_key(row.name)))


def division_label(code: str, name: str, shown: Collection[str]) -> str:
    """A city or province, or whatever has a row below it: the row has its own organisations only."""
    below = any(other != code and other.startswith(stem(code)) for other in shown)
    return _("%(division)s（本级）") % {"division": name} if below or len(stem(code)) < _COUNTY else name


def _divisions(
    counted: Iterable[tuple[OrganisationView, Counts]], frozen: Iterable[DepartmentDay]
) -> tuple[Row, ...]:
    sums: dict[tuple[str, str], Counts] = {}
    rated: dict[tuple[str, str], int] = {}
    for organisation, counts in counted:
        key = (organisation.division_code, organisation.division_name)
        sums[key] = sums.get(key, Counts()) + counts
        rated[key] = rated.get(key, 0) + bool(counts.rated)
    closed, codes = hidden(sums), [code for code, _ in sums]
    daily, settled = by_the_day(rated, closed=closed), _settled(frozen)

    def row(key: tuple[str, str]) -> Row:
        label = division_label(*key, codes)
        if key in daily:
            return Row(label, settled.get(key), daily=True)
        return Row(label, None if key in closed else sums[key])

    return tuple(map(row, sorted(sums)))


def _settled(frozen: Iterable[DepartmentDay]) -> dict[tuple[str, str], Counts]:
    """The divisions as they stood at the last freeze, without those of too few ratings."""
    sums: dict[tuple[str, str], Counts] = {}
    for row in frozen:
        key = (row.division_code, row.division_name)
        sums[key] = sums.get(key, Counts()) + _counts(row)
    return {key: counts for key, counts in sums.items() if key not in hidden(sums)}


def _counts(row: DepartmentDay) -> Counts:
    return Counts(*(getattr(row, measure) for measure in MEASURES))


def _departments(frozen: list[DepartmentDay]) -> tuple[DepartmentGroup, ...]:
    groups: dict[tuple[str, str], dict[tuple[str, int], Counts]] = {}
    for row in frozen:
        group = groups.setdefault((row.division_code, row.division_name), {})
        group[row.name, row.organisation_id] = _counts(row)
    codes = [code for code, _ in groups]
    return tuple(_group(division_label(*key, codes), rows) for key, rows in groups.items())


def _group(division: str, rows: dict[tuple[str, int], Counts]) -> DepartmentGroup:
    closed = hidden(rows)
    return DepartmentGroup(
        division, tuple(Row(key[0], None if key in closed else counts) for key, counts in rows.items())
    )
