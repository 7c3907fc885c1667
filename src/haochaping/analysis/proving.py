"""The sums of the export are those of the tallies: month by month, in the snapshot in which the rows were read."""

from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

from haochaping.analysis.counting import SUMS, counted, of_staff
from haochaping.analysis.engine import opened
from haochaping.analysis.sets import DEFAULTS, OCCASIONS, RATINGS
from haochaping.analysis.shelf import Manifest
from haochaping.tallies.declared import ORGANISATION_DAY, STAFF_MONTH, Tally
from haochaping.tallies.queries import counts_of, months_counted
from haochaping.tallies.rules import Counts

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

_Counted = Mapping[tuple[int, date], Counts]
_NOTHING: Final = Counts()


def differences(home: Path, manifest: Manifest) -> int:
    """In how many places, an organisation's day or a month of a member of staff, the rows of the export add up to something
    else than the tallies have; months of which the export has nothing among them. In the caller's snapshot; one month at a
    time in memory."""
    with opened(home) as database:
        return sum(_of_month(database, home, manifest, month) for month in _months(manifest))


def _months(manifest: Manifest) -> list[date]:
    """Those of the export and those of the tallies."""
    return sorted({*manifest.months, *months_counted()})


def _of_month(database: "DuckDBPyConnection", home: Path, manifest: Manifest, month: date) -> int:
    paths = {
        each: [home / file.path for file in manifest.of(each.name) if file.month == month]
        for each in (RATINGS, DEFAULTS, OCCASIONS)
    }
    last = (month + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    days = " UNION ALL ".join(counted(each, there, {"day": "day"}) for each, there in paths.items() if there)
    staff = of_staff(paths[RATINGS], paths[DEFAULTS]) if paths[RATINGS] or paths[DEFAULTS] else ""
    return _differ(_summed(database, days, "day"), ORGANISATION_DAY, month, last) + _differ(
        _summed(database, staff, f"DATE '{month.isoformat()}'"), STAFF_MONTH, month, month
    )


def _summed(database: "DuckDBPyConnection", rows: str, begin: str) -> _Counted:
    if not rows:
        return {}
    statement = f"SELECT whose, {begin} AS begin, {SUMS} FROM ({rows}) GROUP BY 1, 2"  # noqa: S608  (declared pieces)
    return {(whose, day): Counts(*sums) for whose, day, *sums in database.execute(statement).fetchall()}


def _differ(summed: _Counted, tally: Tally, first: date, last: date) -> int:
    held = counts_of(tally, from_day=first, to_day=last)
    return sum(held.get(key, _NOTHING) != summed.get(key, _NOTHING) for key in held.keys() | summed.keys())
