"""How a sample is drawn, so that anyone can draw it again: integers and SHA-256 only. Pure. In words: docs/revisits.md.

Number 1 of the algorithm: every number of the frame gets the rank HMAC-SHA256(seed, message), where the message is the UTF-8
text of the lines `haochaping revisit 1`, rule, scope, first day of the period, number, joined by line feeds. The sample is
the first so many by rank as bytes.
"""

import hmac
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import partial
from hashlib import sha256
from heapq import nsmallest
from math import ceil
from typing import Final

from haochaping.policy.counting import period_end

ALGORITHM: Final = "haochaping revisit 1"
MONTHS: Final = {"month": 1, "quarter": 3, "year": 12}
# Where the rules give no period it is drawn by the month: rounded up each time, no longer span falls below the share.
WHERE_NONE: Final = "month"


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """A calendar month, quarter or year; both days included."""

    kind: str
    first: date
    last: date

    def following(self) -> "Period":
        """The next one of the kind."""
        return period_of(self.kind, self.last + timedelta(days=1))


def period_of(kind: str, day: date) -> Period:
    """The period of a kind ("month", "quarter", "year") in which a day lies."""
    months = MONTHS[kind]
    first = date(day.year, (day.month - 1) // months * months + 1, 1)
    return Period(kind, first, period_end(f"{kind}_end", day, 0))


def kind_of(per: Collection[str]) -> str:
    """By which period a rule is drawn."""
    return next((kind for kind in MONTHS if kind in per), WHERE_NONE)


@dataclass(frozen=True, slots=True)
class Frame:
    """What is drawn from: for one rule and scope (a credit code) in one period. `numbers` in ascending order, each once."""

    rule: str
    scope: str
    first_day: date
    numbers: tuple[str, ...]

    def digest(self) -> str:
        """SHA-256 of the numbers, joined by line feeds, in hexadecimal digits."""
        return sha256("\n".join(self.numbers).encode()).hexdigest()


def frame(rule: str, scope: str, first_day: date, numbers: Collection[str]) -> Frame:
    """The frame in canonical order."""
    return Frame(rule, scope, first_day, tuple(sorted(set(numbers))))


def size(share: str | None, least: int | None, number: int) -> int:
    """How many of so many are drawn: the share, rounded up, and at least as many as are laid down, as far as there are."""
    part = ceil(Fraction(Decimal(share)) * number) if share is not None else 0
    return min(number, max(part, least or 0))


def drawn(seed: bytes, of: Frame, number: int) -> tuple[str, ...]:
    """The first `number` by rank, in that order."""
    return first_by_rank(seed, of, of.numbers, number)


def first_by_rank(seed: bytes, of: Frame, numbers: Iterable[str], number: int) -> tuple[str, ...]:
    """The same out of numbers that come one by one, of which no more than the sample is held: `of` says of what they are."""
    rank = partial(_rank, seed, _head(of))
    return tuple(nsmallest(number, numbers, key=lambda each: (rank(each), each)))


def commitment(seed: bytes) -> str:
    """What is made known of a seed before it is used: its SHA-256 in hexadecimal digits."""
    return sha256(seed).hexdigest()


def wrong_with(seed: bytes, committed: str, of: Frame, digest: str, sample: Sequence[str]) -> tuple[str, ...]:
    """What does not fit of a stored sample: of "commitment", "frame", "sample"; nothing where it is the one."""
    checks = {
        "commitment": commitment(seed) == committed,
        "frame": of.digest() == digest and of == frame(of.rule, of.scope, of.first_day, of.numbers),
        "sample": drawn(seed, of, len(sample)) == tuple(sample),
    }
    return tuple(name for name, fits in checks.items() if not fits)


def _head(of: Frame) -> bytes:
    return "\n".join((ALGORITHM, of.rule, of.scope, of.first_day.isoformat(), "")).encode()


def _rank(seed: bytes, head: bytes, number: str) -> bytes:
    return hmac.digest(seed, head + number.encode(), "sha256")
