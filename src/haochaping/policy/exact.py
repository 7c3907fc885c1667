"""Exact numbers: fractions until the text says how to round."""

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from math import floor

from haochaping.policy.bands import Bounds
from haochaping.policy.measures import Rounding

_HALF = Fraction(1, 2)
_SHOWN_PLACES = 6


def rounded(value: Fraction, rounding: Rounding | None) -> Fraction:
    """Rounded as the text says, away from or towards nought by its size; as it is where nothing is said."""
    if rounding is None:
        return value
    size, sign = abs(value) / rounding.unit, -1 if value < 0 else 1
    whole = floor(size)
    rest = size - whole
    if rounding.mode == "up":
        more = rest > 0
    elif rounding.mode == "half_up":
        more = rest >= _HALF
    elif rounding.mode == "half_even":
        more = rest > _HALF or (rest == _HALF and whole % 2 == 1)
    else:
        more = False
    return sign * (whole + more) * rounding.unit


def within(value: Fraction, bounds: Bounds) -> bool:
    """Whether a value lies within bounds; an open end always holds."""
    return not (
        (bounds.from_ is not None and value < bounds.from_)
        or (bounds.above is not None and value <= bounds.above)
        or (bounds.up_to is not None and value > bounds.up_to)
        or (bounds.under is not None and value >= bounds.under)
    )


def clipped(value: Fraction, least: Decimal | None, most: Decimal | None) -> Fraction:
    """Not below `least`, not above `most`."""
    if least is not None:
        value = max(value, Fraction(least))
    return value if most is None else min(value, Fraction(most))


def mean(values: Iterable[Fraction]) -> Fraction | None:
    """The mean; None of nothing."""
    found = list(values)
    return sum(found, Fraction(0)) / len(found) if found else None


def shown(value: Fraction) -> str:
    """For people: all digits where they end soon, else six places with ≈ before them."""
    number = rounded(value, Rounding(_SHOWN_PLACES))
    text = f"{Decimal(number.numerator) / Decimal(number.denominator):f}"
    return text if number == value else f"≈{text}"
