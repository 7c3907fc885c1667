"""A sample is the same for everybody who draws it, and no other."""

import hashlib
import hmac
from dataclasses import replace
from datetime import date

import pytest

from haochaping.oversight.drawing import (
    Period,
    commitment,
    drawn,
    frame,
    kind_of,
    period_of,
    size,
    wrong_with,
)

SEED = bytes(range(32))
FIRST = date(2026, 10, 1)
NUMBERS = [f"CP{number:04}" for number in range(40)]


@pytest.mark.parametrize(
    ("kind", "day", "first", "last"),
    [
        ("month", date(2028, 2, 29), date(2028, 2, 1), date(2028, 2, 29)),
        ("quarter", date(2026, 12, 31), date(2026, 10, 1), date(2026, 12, 31)),
        ("quarter", date(2026, 1, 1), date(2026, 1, 1), date(2026, 3, 31)),
        ("year", date(2026, 5, 20), date(2026, 1, 1), date(2026, 12, 31)),
    ],
)
def test_a_period_is_of_the_calendar(kind: str, day: date, first: date, last: date) -> None:
    assert period_of(kind, day) == Period(kind, first, last)


def test_a_period_follows_the_other() -> None:
    assert period_of("month", date(2026, 12, 5)).following() == period_of("month", date(2027, 1, 31))


def test_a_rule_without_period_is_drawn_by_the_month() -> None:
    assert [kind_of(per) for per in (("organisation", "quarter"), ("year",), ("organisation",), ())] == [
        *("quarter", "year", "month", "month")
    ]


@pytest.mark.parametrize(
    ("share", "least", "number", "expected"),
    [
        ("0.2", None, 0, 0),
        ("0.2", None, 1, 1),
        ("0.2", None, 5, 1),
        ("0.2", None, 6, 2),
        ("0.1", 5, 3, 3),
        ("0.1", 5, 20, 5),
        ("0.1", 5, 51, 6),
        (None, 50, 60, 50),
        ("0.3", None, 10, 3),  # by binary fractions it would be 4
    ],
)
def test_the_share_is_rounded_up(share: str | None, least: int | None, number: int, expected: int) -> None:
    assert size(share, least, number) == expected


def test_the_algorithm_is_the_documented_one() -> None:
    """Written down once more from docs/revisits.md, by nothing of ours."""
    of = frame("sample", "11535863MB36169043", FIRST, reversed(NUMBERS))  # type: ignore[arg-type]
    ranks = {
        number: hmac.new(
            SEED,
            b"haochaping revisit 1\nsample\n11535863MB36169043\n2026-10-01\n" + number.encode(),
            hashlib.sha256,
        ).hexdigest()
        for number in NUMBERS
    }
    assert drawn(SEED, of, 8) == tuple(sorted(NUMBERS, key=ranks.__getitem__)[:8])
    assert of.digest() == hashlib.sha256("\n".join(NUMBERS).encode()).hexdigest()


def test_a_smaller_sample_is_the_beginning_of_a_larger_one_and_another_scope_another() -> None:
    of = frame("sample", "A", FIRST, NUMBERS)
    assert drawn(SEED, of, 10)[:4] == drawn(SEED, of, 4)
    others = (replace(of, scope="B"), replace(of, rule="bad"), replace(of, first_day=date(2026, 11, 1)))
    assert len({drawn(SEED, each, 10) for each in (of, *others)}) == 4


def test_whatever_was_altered_is_told() -> None:
    of = frame("sample", "A", FIRST, NUMBERS)
    digest, sample, committed = of.digest(), drawn(SEED, of, 4), commitment(SEED)
    assert wrong_with(SEED, committed, of, digest, sample) == ()
    assert wrong_with(bytes(32), committed, of, digest, sample) == ("commitment", "sample")
    assert wrong_with(SEED, committed, of, digest, (sample[1], sample[0], *sample[2:])) == ("sample",)
    fewer = frame("sample", "A", FIRST, set(NUMBERS) - {sample[0]})
    assert wrong_with(SEED, committed, fewer, digest, sample) == ("frame", "sample")
    twice = replace(of, numbers=(*of.numbers, of.numbers[-1]))
    assert wrong_with(SEED, committed, twice, twice.digest(), sample) == ("frame",)
