"""The exact interval of a share (Clopper and Pearson, 1934): between which shares the true one lies, however few were asked.

Worked out in decimals of 34 digits and rounded outwards, so that it is the same everywhere. Pure.
"""

from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal, localcontext
from functools import lru_cache
from typing import Final

# Of both sides together so much lies outside: an interval of 95 %.
OUTSIDE: Final = Decimal("0.05")
_PLACES: Final = Decimal("0.000001")
_DIGITS: Final = 34
_CLOSE: Final = Decimal("1e-12")
_TINY: Final = Decimal("1e-60")
# Stirling's series needs a large argument; below it ln Γ is taken from a factorial.
_LARGE: Final = 40
_STIRLING: Final = (
    Decimal(1) / 12,
    Decimal(-1) / 360,
    Decimal(1) / 1260,
    Decimal(-1) / 1680,
    Decimal(1) / 1188,
    Decimal(-691) / 360360,
)
_HALF_LN_TAU: Final = Decimal("0.9189385332046727417803297364056176")


@lru_cache(maxsize=65_536)
def exact_interval(part: int, whole: int) -> tuple[Decimal, Decimal] | None:
    """Lower and upper end of `part` of `whole` at 95 %, six places, rounded outwards; None of nothing.

    Raises ValueError where `part` is not within `whole`.
    """
    if not 0 <= part <= whole:
        raise ValueError(f"{part} of {whole}")
    if not whole:
        return None
    with localcontext(Context(prec=_DIGITS)):
        tail = OUTSIDE / 2
        low = Decimal(0) if part == 0 else _quantile(tail, part, whole - part + 1)
        high = Decimal(1) if part == whole else _quantile(1 - tail, part + 1, whole - part)
        lower = low.quantize(_PLACES, rounding=ROUND_FLOOR)
        upper = high.quantize(_PLACES, rounding=ROUND_CEILING)
    return max(lower, Decimal(0)), min(upper, Decimal(1))


def _quantile(target: Decimal, a: int, b: int) -> Decimal:
    """Where the distribution function of Beta(a, b) takes a value: Newton's steps, kept between two ends that close in."""
    low, high = Decimal(0), Decimal(1)
    at = Decimal(a) / (a + b)
    log_beta = _log_gamma(a) + _log_gamma(b) - _log_gamma(a + b)
    while True:
        missed = _share_below(at, a, b, log_beta) - target
        if missed > 0:
            high = at
        else:
            low = at
        slope = ((a - 1) * at.ln() + (b - 1) * (1 - at).ln() - log_beta).exp()
        there = at - missed / slope if slope else (low + high) / 2
        if not low < there < high:
            there = (low + high) / 2
        if abs(there - at) < _CLOSE:
            return there
        at = there


def _share_below(at: Decimal, a: int, b: int, log_beta: Decimal) -> Decimal:
    """The regularised incomplete beta function by its continued fraction, on the side where that ends soon."""
    if at > Decimal(a + 1) / (a + b + 2):
        return 1 - _fraction(1 - at, b, a, log_beta)
    return _fraction(at, a, b, log_beta)


def _fraction(at: Decimal, a: int, b: int, log_beta: Decimal) -> Decimal:
    """Lentz's way to work out a continued fraction from its front."""
    c, d = Decimal(1), 1 / (1 - (a + b) * at / (a + 1) or _TINY)
    found, m = d, 0
    while True:
        m += 1
        even = m * (b - m) * at / ((a + 2 * m - 1) * (a + 2 * m))
        odd = -(a + m) * (a + b + m) * at / ((a + 2 * m) * (a + 2 * m + 1))
        step = Decimal(1)
        for term in (even, odd):
            d = 1 / (1 + term * d or _TINY)
            c = 1 + term / c or _TINY
            step *= d * c
        found *= step
        if abs(step - 1) < _CLOSE * _CLOSE:
            return (a * at.ln() + b * (1 - at).ln() - log_beta).exp() * found / a


@lru_cache(maxsize=4_096)
def _log_gamma(n: int) -> Decimal:
    """ln Γ(n) of a whole number above 0."""
    less, x = Decimal(0), Decimal(n)
    while x < _LARGE:
        less += x.ln()
        x += 1
    series = sum((each / x ** (2 * k + 1) for k, each in enumerate(_STIRLING)), Decimal(0))
    return (x - Decimal("0.5")) * x.ln() - x + _HALF_LN_TAU + series - less
