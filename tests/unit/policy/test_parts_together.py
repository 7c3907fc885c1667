"""Parts put together and then turned into points like a measure; what a default is worth."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from fractions import Fraction

import pytest

from haochaping.policy.rulebook import Rulebook
from haochaping.policy.score_figures import Cell, Figures
from haochaping.policy.scoring import evaluate
from tests.unit.policy.samples import entry

HALF = (
    '{ measure = "ratio", of = ["ratings"], over = ["occasions"] }, '
    '{ measure = "ratio", of = ["defaults"], over = ["occasions"], weight = 0.5 }'
)
BANDS = "bands = [{ from = 0.9, points = 3 }, { from = 0, points = 1 }]"
ON = date(2021, 6, 1)


def points(load: Callable[..., Rulebook], part: str, figures: Figures) -> Fraction | None:
    book = load(sample=entry("scores", f"value = {{ parts = [{part}] }}"))
    return evaluate(book.profile("999100", ON).scores["one"].value, figures).points


@pytest.mark.parametrize(("ratings", "expected"), [(80, 3), (79, 1)])
def test_defaults_at_half_in_a_rate_that_has_bands(
    load: Callable[..., Rulebook], ratings: int, expected: int
) -> None:
    """80 + 20/2 of 100 is 90 %; 79 + 21/2 is 89.5 %."""
    figures = Figures((Cell({"occasions": 100, "level_5": ratings, "defaults": 100 - ratings}),))
    assert points(load, f"{{ parts = [{HALF}], {BANDS} }}", figures) == expected
    assert points(load, f"{{ parts = [{HALF}] }}", figures) == Fraction(ratings + 100, 200)


@pytest.mark.parametrize(("worth", "mean"), [(None, 8), (Decimal(5), Fraction(15, 2))])
def test_a_default_is_worth_its_level_or_what_is_laid_down(
    load: Callable[..., Rulebook], worth: Decimal | None, mean: Fraction | int
) -> None:
    figures = Figures(
        (Cell({"occasions": 2, "level_5": 1, "defaults": 1}),),
        points={5: Decimal(10), 3: Decimal(6)},
        default_level=3,
        default_worth=worth,
    )
    assert points(load, '{ measure = "mean_points", counts_defaults = true }', figures) == mean


def test_what_lies_in_no_band_is_not_scored(load: Callable[..., Rulebook]) -> None:
    part = "{ parts = [{ points = 2 }], bands = [{ from = 0, up_to = 1, points = 3 }] }"
    assert points(load, part, Figures(())) is None
