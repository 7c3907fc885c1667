"""Ranks and ties, and who is named on a list."""

from typing import Any

import pytest

from haochaping.policy.listed import ListRule
from haochaping.policy.measures import Condition
from haochaping.policy.ranking import listed, on_list, ranks
from haochaping.policy.score_figures import Cell, Figures, Standing
from haochaping.policy.scores import Minimum, Tie
from haochaping.policy.scoring import tie_values
from tests.unit.policy.scored import D, F, figures

RATE = {"measure": "external", "external": "x"}


def test_ranks_and_ties() -> None:
    standings = {
        "a": (F(9), F(1)),
        "b": (F(9), F(2)),
        "c": (F(9), F(2)),
        "d": (F(8), None),
        "e": (None, F(9)),
    }
    assert ranks(standings) == {"b": 1, "c": 1, "a": 3, "d": 4, "e": 5}
    assert ranks(standings, "dense") == {"b": 1, "c": 1, "a": 2, "d": 3, "e": 4}
    ties = (
        Tie("count", of=("ratings",)),
        Tie("bad_rate", counts_defaults=False, better="lower"),
        Tie("revisit_rate"),
    )
    found = tie_values(ties, figures(Cell({"level_5": 3, "level_1": 1, "revisited": 0, "revisits_due": 0})))
    assert found == (F(4), F(-1, 4), None)


def named(value: int, ratings: int = 9) -> Figures:
    return figures(Cell({"level_5": ratings}), external={"x": D(value)})


def rule(**said: Any) -> ListRule:
    return ListRule(**{**RATE, "label": "名单", **said})


PERIOD = {"a": named(9), "b": named(8), "c": named(8), "d": named(1), "e": figures(Cell({"level_5": 9}))}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"under": D(8)}, {"d"}),
        ({"from_": D(8)}, {"a", "b", "c"}),
        ({"rank": "first", "n": 2}, {"a", "b", "c"}),
        ({"rank": "first", "n": 2, "ties_in": False}, {"a", "b"}),
        ({"rank": "last", "n": 1}, {"d"}),
        ({"rank": "first", "share": D("0.1")}, {"a"}),
        ({"rank": "first", "share": D("0.25")}, {"a"}),
        ({"rank": "first", "share": D("0.26")}, {"a", "b", "c"}),
        ({"rank": "first", "share": D(0)}, set()),
        ({"rank": "last", "n": 9}, {"a", "b", "c", "d"}),
    ],
)
def test_lists(said: dict[str, Any], expected: set[str]) -> None:
    assert on_list(rule(**said), PERIOD) == expected


def test_who_has_too_few_is_not_listed() -> None:
    assert on_list(rule(under=D(9), minimum=Minimum("ratings", 5)), {"a": named(1, 4), "b": named(1, 5)}) == {
        "b"
    }


def test_periods_in_a_row_or_among_the_last() -> None:
    low, high = {"a": named(1), "b": named(1)}, {"a": named(1), "b": named(9)}
    twice = rule(under=D(5), periods=2)
    assert listed(twice, [low]) == set()
    assert listed(twice, [low, high, low]) == {"a"}
    assert listed(twice, [high, low, low]) == {"a", "b"}
    of_three = rule(under=D(5), periods=2, out_of=3)
    assert listed(of_three, [low, high, low]) == {"a", "b"}
    assert listed(of_three, [low, low, high, high]) == {"a"}
    assert listed(twice, []) == set()


@pytest.mark.parametrize(
    ("rounding", "expected"), [("up", {"a", "b"}), ("down", {"a"}), ("half_up", {"a", "b"})]
)
def test_the_number_that_a_share_makes(rounding: str, expected: set[str]) -> None:
    """30 % of five is one and a half."""
    period = {name: named(value) for name, value in zip("abcde", (9, 8, 7, 6, 5), strict=True)}
    first = rule(rank="first", share=D("0.3"), share_rounded=rounding)
    assert on_list(first, period) == expected


@pytest.mark.parametrize(("rank", "expected"), [("first", {"d"}), ("last", {"a"})])
def test_where_the_lower_value_is_the_better_one(rank: str, expected: set[str]) -> None:
    assert on_list(rule(rank=rank, n=1, better="lower"), PERIOD) == expected


def test_only_who_meets_the_conditions_as_well() -> None:
    clean = Condition(measure="count", of=("level_5",), from_=D(5))
    period = {"a": named(9, 4), "b": named(8, 5), "c": named(7, 9)}
    assert on_list(rule(rank="first", n=1, when=(clean,)), period) == {"b"}
    assert on_list(rule(from_=D(1), when=(clean, Condition(**RATE, under=D(8)))), period) == {"c"}


def placed(points: int, rank: int | None) -> Figures:
    standing = None if rank is None else Standing(rank, 3)
    return figures(own={"s": F(points)}, standings={"s": standing})


RANKED = {"few": placed(99, None), "a": placed(90, 1), "b": placed(90, 2), "c": placed(70, 3)}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"rank": "first", "n": 1}, {"a"}),
        ({"rank": "last", "n": 2}, {"b", "c"}),
        ({"rank": "first", "share": D("0.5")}, {"a", "b"}),
        ({"from_": D(95)}, {"few"}),
    ],
)
def test_a_list_by_the_ranking_of_a_score_keeps_its_ties_and_its_unranked(
    said: dict[str, Any], expected: set[str]
) -> None:
    by_score = ListRule(measure="scores", score="s", label="名单", **said)
    assert on_list(by_score, RANKED) == expected


def test_who_is_not_in_the_ranking_of_a_score_is_not_listed_by_it() -> None:
    by_score = ListRule(measure="scores", score="s", label="名单", rank="last", n=9)
    assert on_list(by_score, {"a": figures(own={"s": F(1)})}) == set()


def test_so_often_within_the_year() -> None:
    low, high = {"a": named(1), "b": named(1)}, {"a": named(1), "b": named(9)}
    twice = rule(under=D(5), periods=2, period="month", within="year")
    assert listed(twice, [low, high, high, low, high]) == {"a", "b"}
    assert listed(twice, [low, high, high, high]) == {"a"}
    assert listed(twice, [low]) == set()
