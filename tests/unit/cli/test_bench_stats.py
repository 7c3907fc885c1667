"""`bench stats` looks for room first, knows which sizes are meant, and what a statement without tallies is."""

import re
import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from bench import stats
from bench.counted.filling import GIB, ensure_room, needed
from bench.counted.writing import without_tallies
from haochaping.cli.figures import CouldNotRun
from haochaping.intake.statement import STORE_RATINGS

MILLION = 1_000_000


def test_a_hundred_million_fit_where_they_have_to() -> None:
    assert 30 * GIB < needed(100 * MILLION) < 60 * GIB
    assert needed(200 * MILLION) > 60 * GIB


def test_too_small_a_disk_is_refused_and_the_arithmetic_is_said(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    said: list[str] = []
    free = needed(100 * MILLION)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=free))
    ensure_room(100 * MILLION, (tmp_path,), said.append)
    free -= 1
    with pytest.raises(CouldNotRun, match="HAOCHAPING_BENCH_RATINGS"):
        ensure_room(100 * MILLION, (tmp_path,), said.append)
    assert len(said) == 2
    assert "bytes a row" in said[0]


@pytest.mark.parametrize(
    ("given", "quick", "sizes"),
    [
        ("", False, None),
        ("1000000", False, None),
        ("1000001", False, (MILLION, MILLION + 1)),
        ("12500000", False, (MILLION, 12_500_000)),
        ("100000000", False, (12_500_000, 100 * MILLION)),
        ("30000", True, (20_000, 30_000)),
        ("many", True, None),
    ],
)
def test_the_smaller_size_follows_the_larger(
    monkeypatch: pytest.MonkeyPatch, given: str, quick: bool, sizes: tuple[int, int] | None
) -> None:
    monkeypatch.setenv("HAOCHAPING_BENCH_RATINGS", given)
    if sizes is None:
        with pytest.raises(CouldNotRun):
            stats._sizes(quick=quick)
    else:
        assert stats._sizes(quick=quick) == sizes


def test_a_statement_without_tallies_stores_all_else() -> None:
    without = without_tallies()
    inserted = re.compile(r"INSERT INTO (\w+)")
    lost = set(inserted.findall(STORE_RATINGS)) - set(inserted.findall(without))
    assert lost
    assert all(table.startswith("tallies_") for table in lost)
    with pytest.raises(CouldNotRun):
        without_tallies("SELECT 1")
