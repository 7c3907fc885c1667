"""The figures beside a score, counted by hand."""

from fractions import Fraction

from haochaping.policy.score_figures import Cell, Figures, Worth
from haochaping.policy.voice import Level
from haochaping.scoring.beside import beside

LEVELS = tuple(Level(n, str(n), good=n > 2, bad=n < 3) for n in range(1, 6))
WORTH = Worth(levels=LEVELS, default_level=3)


def figures(**counts: int) -> Figures:
    defaults = counts.pop("defaults", 0)
    cells = [Cell(counts)] + ([Cell({"defaults": defaults}, worth=WORTH)] if defaults else [])
    return Figures(tuple(cells), levels=LEVELS, default_level=3)


def test_shares_are_exact_and_of_nothing_there_are_none() -> None:
    found = beside(
        {"a": figures(occasions=100, level_5=50, level_1=10, defaults=20), "b": figures(occasions=0)}
    )
    a, b = found["a"], found["b"]
    assert a.counts["unrated"] == 20
    assert a.shares["good_active"] == Fraction(50, 60)
    assert a.shares["good_inclusive"] == Fraction(70, 80)
    assert (a.shares["unrated_share"], a.shares["default_share"]) == (Fraction(1, 5), Fraction(1, 5))
    assert a.shrunk == Fraction(50 + 20 * Fraction(50, 60), 80) == Fraction(5, 6)  # all there is, is a
    assert "rectified_in_time" not in a.shares  # not counted
    assert (b.shares, b.interval, b.group, b.ranked) == ({}, None, None, None)


def test_few_ratings_are_drawn_to_the_mean_and_not_ranked() -> None:
    found = beside({"few": figures(level_5=2), "many": figures(level_5=900, level_1=100)})
    few, many = found["few"], found["many"]
    assert few.shrunk is not None
    assert many.shrunk is not None
    assert Fraction(1) > few.shrunk > many.shrunk  # and still above: both were good
    assert few.ranked is None
    assert (many.group, many.ranked) == (1_000, (1, 1))


def test_like_is_compared_with_like_and_equals_share_a_place() -> None:
    found = beside(
        {
            "small": figures(level_5=20),
            "other": figures(level_5=40, level_1=10),
            "equal": figures(level_5=80, level_1=19),  # below a hundred
            "same": figures(level_5=16, level_1=4),
            "large": figures(level_5=50, level_1=50),
        }
    )
    assert found["large"].group == 100
    assert found["large"].ranked == (1, 1)
    assert {name: each.ranked for name, each in found.items() if each.group == 20} == {
        "small": (1, 4),
        "equal": (2, 4),
        "other": (3, 4),
        "same": (3, 4),
    }
    assert found["other"].kept()["of"] == 4
