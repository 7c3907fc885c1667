"""What turns a measure into points: bands, lines, steps, factors, and their bounds."""

from typing import Any

import pytest

from haochaping.policy.bands import Band, Knot, PerStep
from haochaping.policy.measures import Rounding
from haochaping.policy.scores import Part, Score
from haochaping.policy.scoring import by_steps, evaluate, on_line
from tests.unit.policy.scored import D, F, figures

BANDS = (Band(D("0.95"), points=D(3)), Band(D("0.8"), points=D(1)), Band(D(0), points=D(0)))
RATE = {"measure": "external", "external": "x"}


def points(value: str | int, **said: Any) -> F | None:
    part = Part(**RATE, **said)
    return evaluate(Score((part,)), figures(external={"x": D(value)})).points


@pytest.mark.parametrize(
    ("value", "expected"), [("1", 3), ("0.95", 3), ("0.9499999", 1), ("0.8", 1), ("0.7999", 0), ("0", 0)]
)
def test_bands_include_their_lower_bound(value: str, expected: int) -> None:
    assert points(value, bands=BANDS) == expected


@pytest.mark.parametrize(("value", "expected"), [("80", 1), ("80.01", 3), ("95", 3), ("95.01", None)])
def test_bands_with_other_bounds(value: str, expected: int | None) -> None:
    bands = (Band(above=D(80), up_to=D(95), points=D(3)), Band(points=D(1)))
    assert points(value, bands=bands) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [("0.1", 0), ("0.2", 0), ("0.5", 15), ("0.8", 30), ("0.9", 30)]
)
def test_a_broken_line_is_level_beyond_its_ends(value: str, expected: int) -> None:
    assert points(value, linear=(Knot(D("0.2"), D(0)), Knot(D("0.8"), D(30)))) == expected


def test_a_line_of_three_knots() -> None:
    knots = (Knot(D(0), D(0)), Knot(D(10), D(10)), Knot(D(20), D(40)))
    assert [on_line(knots, F(n)) for n in (-5, 5, 10, 15, 20, 25)] == [0, 5, 10, 25, 40, 40]


@pytest.mark.parametrize(
    ("per", "value", "expected"),
    [
        (PerStep(D(1), D("-0.5"), start=D(5)), F(3), F(7, 2)),
        (PerStep(D("0.01"), D("-0.1"), beyond=D("0.95"), side="below", start=D(3)), F(9, 10), F(5, 2)),
        (PerStep(D("0.01"), D("-0.1"), beyond=D("0.95"), side="below", start=D(3)), F(99, 100), F(3)),
        (PerStep(D(2), D(1), whole="down"), F(5), F(2)),
        (PerStep(D(2), D(1), whole="up"), F(5), F(3)),
        (PerStep(D(2), D(1)), F(5), F(5, 2)),
        (PerStep(D(2), D(1), beyond=D(1)), F(5), F(2)),
    ],
)
def test_steps(per: PerStep, value: F, expected: F) -> None:
    assert by_steps(per, value) == expected


def test_times_and_bounds_of_a_part() -> None:
    assert points("0.8", times=D(20)) == 16
    assert points("0.8", times=D(20), most=D(10)) == 10
    assert points("0.8", times=D(20), least=D(17)) == 17
    assert points("0.837", times=D(10), round=Rounding(1)) == F(84, 10)
    assert points("0.837") == F(837, 1000)
    assert points(20, per=PerStep(D(1), D(-1), start=D(5)), least=D(0)) == 0
