"""From given and played figures to scores and ranks, with every intermediate."""

from collections.abc import Callable, Mapping
from fractions import Fraction
from typing import Any

import pytest

from haochaping.policy.scenario import Run
from tests.unit.policy.samples import given, rated, story

Play = Callable[..., Run]
NOW = "2020-02-01"
RATE = '{ measure = "participation", counts_defaults = false%s }'


def score(run: Run, unit: str, key: str = "final") -> Mapping[str, Any]:
    """What is told of a unit's score."""
    return run.facts["score", f"{key}/{unit}"]


TEN = given("甲局", occasions=10, level_5=4, level_1=1, defaults=2)


@pytest.mark.parametrize(
    ("parts", "rules", "points"),
    [
        (RATE % "", {}, Fraction(1, 2)),
        ('{ measure = "participation", counts_defaults = true }', {}, Fraction(7, 10)),
        (
            '{ measure = "mean_points", counts_defaults = false }',
            {"points": "[{ level = 5, points = 10 }, { level = 1, points = 0 }]"},
            Fraction(8),
        ),
        ('{ measure = "bad_rate", counts_defaults = false }', {}, Fraction(1, 5)),
        # Silence stands for level 5: worth as its level, or as is laid down; or it does not enter.
        (
            '{ measure = "mean_points", counts_defaults = true }',
            {
                "points": "[{ level = 5, points = 10 }, { level = 1, points = 0 }]",
                "default": '{ level = 5, limit = { n = 9, unit = "day", after = "service" } }',
            },
            Fraction(60, 7),
        ),
        (
            '{ measure = "mean_points", counts_defaults = true }',
            {
                "points": "[{ level = 5, points = 10 }, { level = 1, points = 0 }]",
                "default": '{ level = 5, limit = { n = 9, unit = "day", after = "service" }, points = 3 }',
            },
            Fraction(46, 7),
        ),
        (
            '{ measure = "mean_points", counts_defaults = true }',
            {
                "points": "[{ level = 5, points = 10 }, { level = 1, points = 0 }]",
                "default": (
                    '{ level = 5, limit = { n = 9, unit = "day", after = "service" }, '
                    'counts_in = ["participation"] }'
                ),
            },
            Fraction(8),
        ),
    ],
)
def test_the_profile_decides_what_figures_are_worth(
    play: Play, parts: str, rules: dict[str, str], points: Fraction
) -> None:
    rules = {
        key: value.replace('unit = "day"', 'unit = "calendar_day"').replace(
            'after = "service"', 'after = "service", count_first = false'
        )
        for key, value in rules.items()
    }
    run = play({"scores.final": f"{{ parts = [{parts}] }}", **rules}, story(NOW) + TEN)
    assert score(run, "甲局")["points"] == points


def test_the_intermediates_are_told(play: Play) -> None:
    part = '{ label = "参评", measure = "participation", counts_defaults = false, times = 10 }'
    run = play({"scores.final": f"{{ parts = [{part}] }}"}, story(NOW) + TEN)
    assert score(run, "甲局") == {
        "points": 5,
        "parts": [
            {
                "name": "参评",
                "value": Fraction(1, 2),
                "points": 5,
                "of": {"主动评价数": 5, "办件服务次数": 10},
            }
        ],
        "rank": 1,
    }


def test_what_was_not_counted_or_cannot_be_measured_is_told(play: Play) -> None:
    rules = {
        "scores.final": '{ parts = [{ measure = "rectification_rate" }] }',
        "scores.few": f'{{ parts = [{RATE % ""}], minimum = {{ count = "ratings", n = 9 }} }}',
        "scores.empty": f"{{ parts = [{RATE % ''}] }}",
        "scores.apart": (
            '{ parts = [{ measure = "rectification_rate", empty = "left_out", label = "整改" }, { points = 3 }] }'
        ),
    }
    none = given("乙局", occasions=0, orders=0, rectified=0)
    run = play(rules, story(NOW) + TEN + none)
    missing = score(run, "甲局")
    assert (missing["points"], missing["why"]) == (None, "未采集：已整改数")
    assert missing["parts"][0]["missing"] == "rectified"
    assert "rank" not in missing
    assert score(run, "甲局", "few")["why"] == "数量不足"
    assert score(run, "乙局", "empty")["why"] == "没有可计量的"
    left = score(run, "乙局", "apart")
    assert (left["points"], left["parts"][0]["left_out"]) == (3, True)
    assert "left_out" not in left["parts"][1]
    assert left["parts"][1]["name"] == "合计"
    assert "missing" not in left["parts"][0]


def test_parts_of_parts_grades_and_caps_are_told(play: Play) -> None:
    rules = {
        "scores.final": (
            "{ parts = [{ parts = [{ points = 60 }, { points = 30 }] }], "
            'caps = [{ measure = "count", of = ["level_1"], from = 1, most = 59 }], '
            'grades = [{ label = "合格", from = 60 }, { label = "不合格" }] }'
        )
    }
    run = play(rules, story(NOW) + TEN + given("乙局", occasions=1, level_5=1))
    capped, free = score(run, "甲局"), score(run, "乙局")
    assert (capped["points"], capped["before_caps"], capped["grade"]) == (59, 90, "不合格")
    assert (free["points"], free["grade"]) == (90, "合格")
    assert "before_caps" not in free
    assert [each["points"] for each in free["parts"][0]["parts"]] == [60, 30]
    assert "parts" not in free["parts"][0]["parts"][0]


@pytest.mark.parametrize(
    ("tied", "ties", "ranks"),
    [
        ("shared", "", [1, 1, 3]),
        ("dense", "", [1, 1, 2]),
        ("shared", 'ties = [{ measure = "count", of = ["occasions"] }], ', [2, 1, 3]),
        # What decides was not counted for anybody: they stay equal.
        ("shared", 'ties = [{ measure = "count", of = ["orders"] }], ', [1, 1, 3]),
    ],
)
def test_ranks(play: Play, tied: str, ties: str, ranks: list[int]) -> None:
    rule = f'{{ {ties}parts = [{RATE % ""}], tied_rank = "{tied}" }}'
    units = (
        given("甲局", occasions=10, level_5=5)
        + given("乙局", occasions=20, level_5=10)
        + given("丙局", occasions=10, level_5=4)
    )
    run = play({"scores.final": rule}, story(NOW) + units)
    assert [score(run, unit)["rank"] for unit in ("甲局", "乙局", "丙局")] == ranks


def test_below_a_minimum_there_is_a_score_and_no_rank(play: Play) -> None:
    rule = f'{{ parts = [{RATE % ""}], minimum = {{ count = "ratings", n = 6, below = "unranked" }} }}'
    run = play({"scores.final": rule}, story(NOW) + TEN)
    assert score(run, "甲局")["points"] == Fraction(1, 2)
    assert score(run, "甲局")["rank"] == "不排名"


@pytest.mark.parametrize(
    ("compared", "points"),
    [
        ("previous", Fraction(1, 2) - Fraction(3, 10)),
        ("average", Fraction(1, 2) - Fraction(9, 20)),
        ("year_ago", None),
    ],
)
def test_a_figure_is_compared(play: Play, compared: str, points: Fraction | None) -> None:
    rule = f"{{ parts = [{RATE % f', compared = {compared!r}'.replace(chr(39), chr(34))}] }}"
    periods = (
        given("甲局", "一", occasions=10, level_5=3)
        + given("甲局", "二", occasions=10, level_5=5)
        + given("乙局", "二", occasions=10, level_5=9)
    )
    # The occasion that is played belongs to the last period: of 本单位, with a rate of nought.
    run = play({"scores.final": rule}, story(NOW) + periods)
    assert score(run, "甲局")["points"] == points


def test_a_unit_that_was_not_there_before_has_nothing_to_be_compared_to(play: Play) -> None:
    rule = f"{{ parts = [{RATE % f', compared = {chr(34)}previous{chr(34)}'}] }}"
    periods = given("甲局", "一", occasions=10, level_5=3) + given("乙局", "二", occasions=10, level_5=5)
    run = play({"scores.final": rule}, story(NOW) + periods)
    assert score(run, "乙局")["points"] is None
    assert ("score", "final/甲局") not in run.facts


def test_entered_figures_and_scores_from_below(play: Play) -> None:
    more = (
        "external = { third = 90 }\n"
        'below = [{ score = "final", of = "window", points = 8, ratings = 30 }, '
        '{ score = "final", of = "window", points = 4, ratings = 10 }, { score = "final", of = "window" }]'
    )
    rules = {
        "scores.third": '{ parts = [{ measure = "external", external = "third" }] }',
        "scores.mean": '{ parts = [{ measure = "scores", score = "final", below = "window" }] }',
        "scores.weighted": (
            '{ parts = [{ measure = "scores", score = "final", below = "window", how = "weighted" }] }'
        ),
        "scores.final": "{ parts = [{ points = 1 }] }",
    }
    run = play(rules, story(NOW) + given("甲局", more=more, occasions=10))
    assert [score(run, "甲局", key)["points"] for key in ("third", "mean", "weighted")] == [90, 6, 7]


def test_cells_are_given_with_their_facts(play: Play) -> None:
    part = RATE.replace("participation", "mean_points") % ", only = { named = true }"
    more = (
        "cells = [{ named = true, counts = { level_5 = 1, level_1 = 1 } }, "
        "{ named = false, counts = { level_1 = 8 } }]"
    )
    rules = {
        "scores.final": f"{{ parts = [{part}] }}",
        "points": "[{ level = 5, points = 10 }, { level = 1, points = 0 }]",
    }
    run = play(rules, story(NOW) + given("甲局", more=more, occasions=10))
    assert score(run, "甲局")["points"] == 5


def test_what_is_played_adds_to_what_is_given_and_counts_from_nought(play: Play) -> None:
    rules = {
        "scores.final": '{ parts = [{ measure = "count", of = ["level_4", "occasions"] }] }',
        "scores.orders": '{ parts = [{ measure = "count", of = ["orders", "voided"] }] }',
    }
    run = play(rules, story(NOW, rated("2020-01-03", 4)) + given("本单位", occasions=10, level_4=2))
    assert score(run, "本单位")["points"] == 2 + 10 + 1 + 1
    assert score(run, "本单位", "orders")["points"] == 0
    run = play(rules, story(NOW, rated("2020-01-03", 1)))
    assert score(run, "本单位", "orders")["points"] == 1


def test_what_a_unit_is_need_be_said_once(play: Play) -> None:
    periods = given("一号", "一", more='kind = "window"\nof = "甲局"\n', occasions=9) + given(
        "一号", "二", occasions=9
    )
    rules = {
        "scores.own": '{ of = ["window"], parts = [{ points = 3 }] }',
        "scores.final": '{ parts = [{ measure = "scores", score = "own", below = "window" }] }',
    }
    run = play(rules, story(NOW) + periods + given("甲局", "二", occasions=1, more='kind = "organisation"\n'))
    assert ("score", "final/一号") not in run.facts
    assert ("score", "own/甲局") not in run.facts
    assert score(run, "甲局")["points"] == 3
