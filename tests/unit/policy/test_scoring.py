"""The closed vocabulary of scores: each word of a regulation, given figures, gives exact points."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from haochaping.policy.bands import Band, Bounds, Knot, PerStep
from haochaping.policy.exact import clipped, mean, rounded, shown, within
from haochaping.policy.listed import ListRule
from haochaping.policy.measures import Filter, Group, Measured, Rounding
from haochaping.policy.ranking import listed, on_list, ranks
from haochaping.policy.score_figures import Beneath, Cell, Figures, NotCounted, read
from haochaping.policy.scores import Cap, Grade, Minimum, Part, Score, Tie
from haochaping.policy.scoring import by_steps, evaluate, grade_of, on_line, tie_values
from haochaping.policy.voice import Level

D, F = Decimal, Fraction
LEVELS = tuple(Level(n, str(n), n <= 2, n > 3) for n in range(5, 0, -1))
POINTS = {5: D(10), 4: D(8), 3: D(6), 2: D(2), 1: D(0)}


def figures(*cells: Cell, **said: Any) -> Figures:
    return Figures(cells, points=POINTS, levels=LEVELS, default_level=3, **said)


def counts(**said: int) -> Figures:
    return figures(Cell(said))


TEN = counts(occasions=20, level_5=4, level_4=3, level_2=2, level_1=1, defaults=6)


@pytest.mark.parametrize(
    ("measured", "value"),
    [
        (Measured("participation", counts_defaults=False), F(10, 20)),
        (Measured("participation", counts_defaults=True), F(16, 20)),
        (Measured("mean_points", counts_defaults=False), F(40 + 24 + 4, 10)),
        (Measured("mean_points", counts_defaults=True), F(68 + 36, 16)),
        (Measured("points_sum", counts_defaults=False), F(68)),
        (Measured("points_sum", counts_defaults=True), F(104)),
        (Measured("good_rate", counts_defaults=False), F(7, 10)),
        (Measured("good_rate", counts_defaults=True), F(7, 16)),
        (Measured("bad_rate", counts_defaults=False), F(3, 10)),
        (Measured("bad_rate", counts_defaults=True), F(3, 16)),
        (Measured("unrated_rate"), F(4, 20)),
        (Measured("count", of=("ratings", "defaults"), minus=("bad",)), F(13)),
        (
            Measured("ratio", of=("good",), minus=("level_4",), over=("ratings",), over_minus=("bad",)),
            F(4, 7),
        ),
        (Measured("participation", counts_defaults=False, measure_round=Rounding(0)), F(1)),
        (Measured("count", of=("default_points",)), F(36)),
    ],
)
def test_measures(measured: Measured, value: F) -> None:
    assert read(measured, TEN).value == value


@pytest.mark.parametrize(
    ("name", "part", "whole"),
    [
        ("rectification_rate", "rectified", "orders"),
        ("rectified_in_time_rate", "rectified_in_time", "orders_due"),
        ("revisit_rate", "revisited", "revisits_due"),
        ("revisit_satisfaction", "revisit_satisfied", "revisit_answered"),
    ],
)
def test_rates_of_redress(name: str, part: str, whole: str) -> None:
    assert read(Measured(name), figures(Cell({part: 3, whole: 4}))).value == F(3, 4)
    assert read(Measured(name), figures(Cell({part: 0, whole: 0}))).value is None


def test_the_counts_a_measure_was_made_of_are_told() -> None:
    found = read(Measured("mean_points", counts_defaults=True), TEN)
    assert found.inputs == (
        ("ratings", F(10)),
        ("points_sum", F(68)),
        ("defaults", F(6)),
        ("default_points", F(36)),
    )
    rate = read(Measured("good_rate", counts_defaults=True), TEN)
    assert rate.inputs == (("good", F(7)), ("defaults", F(6)), ("ratings", F(10)))
    taken = read(Measured("participation", counts_defaults=False), TEN)
    assert taken.inputs == (("ratings", F(10)), ("occasions", F(20)))
    both = read(
        Measured("ratio", of=("good",), minus=("bad",), over=("ratings",), over_minus=("level_5",)), TEN
    )
    assert both.inputs == (("good", F(7)), ("bad", F(-3)), ("ratings", F(10)), ("level_5", F(-4)))


def test_defaults_enter_only_where_the_default_says_they_count() -> None:
    limited = figures(Cell({"occasions": 4, "level_5": 1, "defaults": 1}), default_counts_in=("mean_points",))
    assert read(Measured("participation", counts_defaults=True), limited).value == F(1, 4)
    assert read(Measured("mean_points", counts_defaults=True), limited).value == F(8)


def test_a_default_that_is_good_is_praise_only_where_defaults_count() -> None:
    praise = Figures((Cell({"level_1": 1, "defaults": 3}),), points=POINTS, levels=LEVELS, default_level=5)
    assert read(Measured("good_rate", counts_defaults=True), praise).value == F(3, 4)
    assert read(Measured("bad_rate", counts_defaults=True), praise).value == F(1, 4)


@pytest.mark.parametrize(
    ("only", "value"),
    [
        (Filter(subjects=("staff",)), 1),
        (Filter(channels=("qr", "web")), 3),
        (Filter(item_types=("permit",)), 4),
        (Filter(named=True), 5),
        (Filter(named=False), 6),
        (Filter(classes=("complex",)), 7),
        (Filter(subjects=("staff",), channels=("web",)), 0),
        (None, 26),
    ],
)
def test_filters(only: Filter | None, value: int) -> None:
    cells = (
        Cell({"level_5": 1}, subject="staff"),
        Cell({"level_5": 3}, channel="qr"),
        Cell({"level_5": 4}, item_type="permit"),
        Cell({"level_5": 5}, named=True),
        Cell({"level_5": 6}, named=False),
        Cell({"level_5": 7}, bad_class="complex"),
    )
    assert figures(*cells).count("ratings", only) == value


def test_groups_weigh_ratings_and_silence_weighs_once() -> None:
    cells = (
        Cell({"level_5": 2}, named=True),
        Cell({"level_3": 2}, named=False),
        Cell({"defaults": 1}, subject="item"),
    )
    groups = (Group(Filter(named=True), D("1.5")), Group(Filter(named=False), D(1)))
    weighed = Measured("mean_points", counts_defaults=True, groups=groups)
    assert read(weighed, figures(*cells)).value == F(30 + 12 + 6, 3 + 2 + 1)
    by_subject = Measured(
        "mean_points", counts_defaults=True, groups=(Group(Filter(subjects=("item",)), D(2)),)
    )
    assert read(by_subject, figures(*cells, Cell({"level_5": 1}, subject="item"))).value == F(20 + 12, 4)


def test_what_was_not_counted_is_named_never_guessed() -> None:
    with pytest.raises(NotCounted, match="orders_due"):
        read(Measured("rectified_in_time_rate"), figures(Cell({"rectified_in_time": 1})))
    with pytest.raises(NotCounted, match="points"):
        read(Measured("mean_points", counts_defaults=False), Figures((Cell({"level_5": 1}),)))
    with pytest.raises(NotCounted, match="points"):
        Figures((Cell({"defaults": 1}),), points=POINTS).count("default_points")
    with pytest.raises(NotCounted, match="good"):
        Figures((Cell({"level_5": 1}),)).count("good")
    with pytest.raises(NotCounted, match="scores:final"):
        read(Measured("scores", score="final"), TEN)
    assert figures(Cell({"good": 3, "level_5": 1})).count("good") == 3


def test_comparisons() -> None:
    then = counts(occasions=10, level_5=3)
    now = figures(
        Cell({"occasions": 10, "level_5": 5}), previous=then, peers=(then, TEN, counts(occasions=0))
    )
    rate = {"measure": "participation", "counts_defaults": False}
    assert read(Measured(**rate, compared="previous"), now) == (
        F(1, 5),
        (("ratings", F(5)), ("occasions", F(10)), ("previous", F(3, 10))),
    )
    assert read(Measured(**rate, compared="average"), now).value == F(1, 2) - F(4, 10)
    assert read(Measured(**rate, compared="year_ago"), now).value is None
    assert read(Measured(**rate, compared="previous"), counts(occasions=0)).value is None
    aged = figures(Cell({"occasions": 10, "level_5": 5}), year_ago=then)
    assert read(Measured(**rate, compared="year_ago"), aged).value == F(1, 5)


@pytest.mark.parametrize(
    ("how", "value"),
    [("mean", F(15, 2)), ("weighted", F(9)), ("least", F(5)), ("most", F(10)), ("sum", F(15))],
)
def test_scores_of_those_below(how: str, value: F) -> None:
    below = [Beneath(F(5), 1), Beneath(F(10), 4), Beneath(None, 9)]
    city = figures(beneath={("final", "window"): below})
    assert read(Measured("scores", score="final", below="window", how=how), city).value == value
    assert read(Measured("scores", score="final", below="staff", how=how), city).value is None


def test_scores_below_without_ratings_have_no_weighted_mean() -> None:
    city = figures(beneath={("final", "window"): [Beneath(F(5), 0)]})
    assert read(Measured("scores", score="final", below="window", how="weighted"), city).value is None


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


@pytest.mark.parametrize(
    ("empty", "expected", "why"),
    [("unscored", None, "nothing_to_measure"), ("left_out", 4, ""), ("zero", 4, ""), ("full", 14, "")],
)
def test_nothing_to_measure(empty: str, expected: int | None, why: str) -> None:
    part = Part("rectification_rate", times=D(10), most=D(10), empty=empty)
    found = evaluate(Score((part, Part(points=D(4)))), figures(Cell({"rectified": 0, "orders": 0})))
    assert (found.points, found.why) == (expected, why)
    assert found.ranked is (expected is not None)


def test_a_part_left_out_leaves_the_mean_to_the_others() -> None:
    part = Part("rectification_rate", empty="left_out", weight=D(3))
    score = Score(
        (part, Part(points=D(4), weight=D(2)), Part(points=D(8), weight=D(2))), combine="weighted_mean"
    )
    assert evaluate(score, figures(Cell({"rectified": 0, "orders": 0}))).points == 6
    alone = Score((part,), combine="weighted_mean")
    assert evaluate(alone, figures(Cell({"rectified": 0, "orders": 0}))).why == "nothing_to_measure"


@pytest.mark.parametrize(
    ("combine", "expected"),
    [("sum", 2 * 3 + 5), ("weighted_mean", F(11, 3)), ("least", 3), ("most", 5), ("product", 15)],
)
def test_parts_are_put_together(combine: str, expected: F) -> None:
    parts = (Part(points=D(3), weight=D(2)), Part(points=D(5)))
    assert evaluate(Score(parts, combine=combine), TEN).points == expected
    nested = Score((Part(parts=parts, combine=combine, most=D(10)),), base=D(1))
    found = evaluate(nested, TEN)
    assert found.points == 1 + min(expected, 10)
    assert found.parts[0].value is None
    made = evaluate(Score((Part(parts=parts, combine=combine, times=D(3)),)), TEN)
    assert (made.parts[0].value, made.points) == (expected, 3 * expected)


def test_weights_that_add_up_to_nought_have_no_mean() -> None:
    score = Score((Part(points=D(3), weight=D(0)),), combine="weighted_mean")
    assert evaluate(score, TEN).points is None


def test_what_is_not_counted_below_is_named_above() -> None:
    inner = Part(parts=(Part("rectification_rate"),), empty="zero")
    found = evaluate(Score((Part(points=D(1)), inner)), TEN)
    assert (found.points, found.why) == (None, "not_counted:rectified")
    assert found.parts[1].missing == "rectified"
    empty = Part(parts=(Part("revisit_rate"),))
    none = evaluate(Score((empty,)), figures(Cell({"revisited": 0, "revisits_due": 0})))
    assert none.why == "nothing_to_measure"


def test_bounds_then_caps_then_rounding() -> None:
    veto = Cap(measure="count", of=("retaliation",), from_=D(1), most=D("59.55"))
    score = Score((Part(points=D(120)),), most=D(100), least=D(10), caps=(veto,), round=Rounding(1))
    found = evaluate(score, figures(Cell({"retaliation": 1})))
    assert (found.before_caps, found.points, found.capped_by) == (100, F(596, 10), (veto,))
    free = evaluate(score, figures(Cell({"retaliation": 0})))
    assert (free.points, free.capped_by) == (100, ())
    assert evaluate(score, TEN).why == "not_counted:retaliation"
    lifted = Cap(measure="count", of=("retaliation",), up_to=D(0), least=D(30))
    raised = Score((Part(points=D(20)),), caps=(lifted,))
    assert evaluate(raised, figures(Cell({"retaliation": 0}))).points == 30
    unmeasured = Score((Part(points=D(20)),), caps=(Cap(measure="revisit_rate", under=D(1), most=D(0)),))
    assert evaluate(unmeasured, figures(Cell({"revisited": 0, "revisits_due": 0}))).points == 20


@pytest.mark.parametrize(
    ("below", "number", "scored", "ranked"),
    [("unscored", 29, False, False), ("unscored", 30, True, True), ("unranked", 29, True, False)],
)
def test_below_a_minimum_there_is_no_score_or_no_rank(
    below: str, number: int, scored: bool, ranked: bool
) -> None:
    score = Score((Part(points=D(7)),), minimum=Minimum("ratings", 30, below))
    found = evaluate(score, counts(level_5=number))
    assert (found.points is not None, found.ranked) == (scored, ranked)
    assert found.why == ("" if ranked else "minimum")
    other = Score((Part(points=D(7)),), minimum=Minimum("orders", 1))
    assert evaluate(other, TEN).why == "not_counted:orders"


def test_grades() -> None:
    grades = (Grade(D(90), label="优秀"), Grade(above=D(60), label="合格"), Grade(label="不合格"))
    assert [grade_of(grades, F(n)) for n in (95, 90, 89, 60, 0)] == [
        "优秀",
        "优秀",
        "合格",
        "不合格",
        "不合格",
    ]
    assert grade_of((Grade(D(90), label="优秀"),), F(1)) == ""
    assert evaluate(Score((Part(points=D(91)),), grades=grades), TEN).grade == "优秀"


@pytest.mark.parametrize(
    ("mode", "value", "expected"),
    [
        ("half_up", F(125, 100), F(13, 10)),
        ("half_up", F(-125, 100), F(-13, 10)),
        ("half_up", F(1249, 1000), F(12, 10)),
        ("half_even", F(125, 100), F(12, 10)),
        ("half_even", F(135, 100), F(14, 10)),
        ("half_even", F(1251, 1000), F(13, 10)),
        ("down", F(129, 100), F(12, 10)),
        ("down", F(-129, 100), F(-12, 10)),
        ("up", F(121, 100), F(13, 10)),
        ("up", F(12, 10), F(12, 10)),
    ],
)
def test_rounding(mode: str, value: F, expected: F) -> None:
    assert rounded(value, Rounding(1, mode)) == expected
    assert rounded(value, None) == value


def test_bounds() -> None:
    assert [within(F(n), Bounds(D(1), None, D(3))) for n in range(5)] == [False, True, True, True, False]
    assert [within(F(n), Bounds(None, D(1), None, D(3))) for n in range(5)] == [
        False,
        False,
        True,
        False,
        False,
    ]
    assert within(F(9), Bounds())
    assert (clipped(F(5), D(6), D(7)), clipped(F(8), D(6), D(7)), clipped(F(8), None, None)) == (6, 7, 8)
    assert mean([]) is None
    assert [shown(each) for each in (F(1, 2), F(2, 3), F(100), F(-1, 3))] == [
        "0.5",
        "≈0.666667",
        "100",
        "≈-0.333333",
    ]


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
