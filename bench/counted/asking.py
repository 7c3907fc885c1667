"""The same question of the tallies, of the ratings themselves, and of the export by DuckDB: milliseconds of each."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final

from bench.counted.filling import FIRST
from haochaping.cli.figures import CouldNotRun

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

    from haochaping.tallies.rules import Counts

QUARTER: Final = (date(2026, 7, 1), date(2026, 9, 30))
ORGANISATIONS: Final = "quarter's ranking of 1,000 organisations"
STAFF: Final = "quarter's ranking of 50,000 staff"
ONE: Final = "one organisation's months"
# Milliseconds.
GOALS: Final[Mapping[str, int]] = {ORGANISATIONS: 10, STAFF: 500, ONE: 50}
_ROUNDS_OF_ROWS: Final = 3
_RAW: Final = """
SELECT {whose}, count(*) FILTER (WHERE level >= 3), count(*) FROM ratings_rating
WHERE service_day BETWEEN %s AND %s GROUP BY 1
"""
_RAW_OF_ONE: Final = """
SELECT date_trunc('month', service_day), count(*) FILTER (WHERE level >= 3), count(*) FROM ratings_rating
WHERE organisation_id = %s AND service_day BETWEEN %s AND %s GROUP BY 1
"""

Ask = Callable[[], object]


@dataclass(frozen=True, slots=True)
class Taken:
    """Median milliseconds of a question: of the tallies, of the rows, of the export."""

    tallies: float
    rows: float
    export: float


def asked(cursor: "CursorWrapper", home: Path, rounds: int) -> dict[str, Taken]:
    """Question → what it took. The export lies in `home`."""
    tallies, rows, export = _tallies(), _rows(cursor), _export(home)
    return {
        name: Taken(
            _median(tallies[name], rounds),
            _median(rows[name], _ROUNDS_OF_ROWS),
            _median(export[name], _ROUNDS_OF_ROWS),
        )
        for name in GOALS
    }


def _tallies() -> dict[str, Ask]:
    from haochaping.tallies.queries import organisation_months, organisation_totals, staff_totals

    first, last = QUARTER
    return {
        ORGANISATIONS: lambda: _best_first(organisation_totals(from_day=first, to_day=last)),
        STAFF: lambda: _best_first(staff_totals(from_month=first, to_month=last)),
        ONE: lambda: organisation_months(1, from_day=FIRST, to_day=last),
    }


def _best_first(totals: "Mapping[int, Counts]") -> "list[Counts]":
    return sorted(totals.values(), key=lambda each: each.active_good_rate or Decimal(0), reverse=True)


def _rows(cursor: "CursorWrapper") -> dict[str, Ask]:
    first, last = QUARTER

    def ask(statement: str, *values: object) -> Ask:
        def run() -> object:
            cursor.execute(statement, values)
            return cursor.fetchall()

        return run

    return {
        ORGANISATIONS: ask(_RAW.format(whose="organisation_id"), first, last),
        STAFF: ask(_RAW.format(whose="staff_id"), first, last),
        ONE: ask(_RAW_OF_ONE, 1, FIRST, last),
    }


def _export(home: Path) -> dict[str, Ask]:
    """As the console asks; of staff, about whom nobody asks there, by the same engine."""
    from haochaping.analysis.counting import SUMS, of_staff
    from haochaping.analysis.engine import asked, opened
    from haochaping.analysis.queries import answer
    from haochaping.analysis.questions import Dimension, Question
    from haochaping.analysis.shelf import in_force

    first, last = QUARTER[0], QUARTER[1].replace(day=1)

    def staff() -> object:
        paths = [home / each.path for each in in_force().of("ratings") if first <= each.month <= last]
        summed = f"SELECT whose, {SUMS} FROM ({of_staff(paths, [])}) GROUP BY 1"  # noqa: S608  (declared pieces)
        with opened(home) as database:
            return asked(database, summed, [], seconds=600)

    def ask(question: Question) -> Ask:
        return lambda: answer(question, reach=None, small_groups=True)

    return {
        ORGANISATIONS: ask(Question((Dimension.ORGANISATION,), {}, first, last)),
        STAFF: staff,
        ONE: ask(Question((Dimension.MONTH,), {Dimension.ORGANISATION: 1}, FIRST, last)),
    }


def _median(ask: Ask, rounds: int) -> float:
    ask()
    taken = []
    for _ in range(rounds):
        begin = time.perf_counter()
        if ask() is None:
            raise CouldNotRun("a question had no answer")
        taken.append((time.perf_counter() - begin) * 1000)
    return median(taken)
