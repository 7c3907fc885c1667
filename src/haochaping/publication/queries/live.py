"""What the public sees now: the city and its divisions live, the departments as frozen today."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _

from haochaping.foundation.clock import local_day
from haochaping.policy.divisions import stem
from haochaping.publication.models import DepartmentDay
from haochaping.publication.places import place_counts, public_totals, top_place
from haochaping.publication.rules import MINIMUM, hidden
from haochaping.registry.queries import OrganisationView
from haochaping.registry.rules import name_key
from haochaping.tallies.rules import MEASURES, Counts

# Digits of a county code that are not zeros of the levels below.
_COUNTY = 6

__all__ = ["MINIMUM", "Counts", "DepartmentGroup", "LiveFigures", "Row", "live", "place"]


@dataclass(frozen=True, slots=True)
class Row:
    """A division or a department. `counts` is None where too few ratings were given (`rules.hidden`)."""

    name: str
    counts: Counts | None


@dataclass(frozen=True, slots=True)
class DepartmentGroup:
    """The departments of one division, in the order of the registry."""

    division: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class LiveFigures:
    """`total` and `divisions` are of the instant `as_of`. `departments` count the service days up to
    `departments_to` as known at `departments_taken_at`, frozen on `departments_of`, all None before the first freeze.
    Fewer ratings than `minimum` are not shown.
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


def live(*, now: datetime) -> LiveFigures:
    """All service days so far. The total also holds what no division is shown for."""
    today = local_day(now)
    totals = public_totals()
    frozen = _latest_frozen(today)
    return LiveFigures(
        as_of=now,
        place=top_place(today),
        total=sum(totals.values(), Counts()),
        divisions=_divisions(place_counts(totals, on=today)),
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


def _divisions(counted: Iterable[tuple[OrganisationView, Counts]]) -> tuple[Row, ...]:
    sums: dict[tuple[str, str], Counts] = {}
    for organisation, counts in counted:
        key = (organisation.division_code, organisation.division_name)
        sums[key] = sums.get(key, Counts()) + counts
    closed, codes = hidden(sums), [code for code, _ in sums]
    return tuple(
        Row(division_label(*key, codes), None if key in closed else sums[key]) for key in sorted(sums)
    )


def _departments(frozen: list[DepartmentDay]) -> tuple[DepartmentGroup, ...]:
    groups: dict[tuple[str, str], dict[tuple[str, int], Counts]] = {}
    for row in frozen:
        counts = Counts(*(getattr(row, measure) for measure in MEASURES))
        groups.setdefault((row.division_code, row.division_name), {})[row.name, row.organisation_id] = counts
    codes = [code for code, _ in groups]
    return tuple(_group(division_label(*key, codes), rows) for key, rows in groups.items())


def _group(division: str, rows: dict[tuple[str, int], Counts]) -> DepartmentGroup:
    closed = hidden(rows)
    return DepartmentGroup(
        division, tuple(Row(key[0], None if key in closed else counts) for key, counts in rows.items())
    )
