"""The sums of the export are those of the tallies: month by month, in the snapshot in which the rows were read."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from haochaping.analysis.counting import SUMS, counted, of_staff
from haochaping.analysis.engine import opened
from haochaping.analysis.sets import DEFAULTS, OCCASIONS, RATINGS
from haochaping.analysis.shelf import Manifest
from haochaping.tallies.queries import organisation_day_counts, staff_month_counts
from haochaping.tallies.rules import Counts

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_Counted = Mapping[tuple[int, date], Counts]
_NOTHING: Final = Counts()


def differences(home: Path, manifest: Manifest) -> int:
    """In how many places, an organisation's day or a month of a member of staff, the rows of the export add up to something
    else than the tallies have; also before its first month and after its last. In the caller's snapshot; one month at a
    time in memory."""
    with opened(home) as database:
        return sum(_of_span(database, home, manifest, *span) for span in spans(manifest.months))


def spans(months: Sequence[date]) -> Iterator[tuple[date | None, date | None]]:
    """The first and the last day of every month from the first of these to the last, and of what lies before and behind
    them; None: for ever."""
    if not months:
        yield None, None
        return
    first, last = min(months), max(months)
    yield None, first - timedelta(days=1)
    while first <= last:
        following = (first + timedelta(days=31)).replace(day=1)
        yield first, following - timedelta(days=1)
        first = following
    yield first, None


def _of_span(
    database: "DuckDBPyConnection", home: Path, manifest: Manifest, first: date | None, last: date | None
) -> int:
    paths = {
        each: [
            home / file.path for file in manifest.of(each.name) if file.month == first and last is not None
        ]
        for each in (RATINGS, DEFAULTS, OCCASIONS)
    }
    days = " UNION ALL ".join(counted(each, there, {"day": "day"}) for each, there in paths.items() if there)
    staff = of_staff(paths[RATINGS], paths[DEFAULTS]) if paths[RATINGS] or paths[DEFAULTS] else ""
    of_days = organisation_day_counts(from_day=first, to_day=last)
    of_months = staff_month_counts(from_month=first, to_month=last)
    return _differ(_summed(database, days, "day"), of_days) + _differ(
        _summed(database, staff, f"DATE '{first}'"), of_months
    )


def _summed(database: "DuckDBPyConnection", rows: str, begin: str) -> _Counted:
    if not rows:
        return {}
    statement = f"SELECT whose, {begin} AS begin, {SUMS} FROM ({rows}) GROUP BY 1, 2"  # noqa: S608  (declared pieces)
    return {(whose, day): Counts(*sums) for whose, day, *sums in database.execute(statement).fetchall()}


def _differ(summed: _Counted, held: _Counted) -> int:
    return sum(held.get(key, _NOTHING) != summed.get(key, _NOTHING) for key in held.keys() | summed.keys())
