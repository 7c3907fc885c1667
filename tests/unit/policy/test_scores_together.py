"""Parts put together to a score: what is empty, bounded, vetoed, too small, named by a grade."""

import pytest

from haochaping.policy.measures import Condition, Rounding
from haochaping.policy.score_figures import Cell
from haochaping.policy.scores import Cap, Grade, Minimum, Part, Score
from haochaping.policy.scoring import evaluate, grade_of
from tests.unit.policy.scored import TEN, D, F, counts, figures


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


FEW = Condition(measure="participation", counts_defaults=False, under=D("0.6"))


def test_a_part_enters_only_where_its_conditions_hold() -> None:
    bonus = Part(points=D(5), when=(FEW, Condition(measure="count", of=("bad",), up_to=D(3))))
    score = Score((Part(points=D(80)), bonus))
    assert evaluate(score, TEN).points == 85
    many = evaluate(score, counts(occasions=10, level_5=9, level_1=1))
    assert (many.points, many.parts[1].left_out, many.parts[1].by) == (80, True, "when")
    bad = evaluate(score, counts(occasions=10, level_1=4))
    assert (bad.points, bad.parts[1].left_out) == (80, True)


def test_a_condition_that_was_not_counted_leaves_the_score_open() -> None:
    asked = Part(points=D(5), when=(Condition(measure="count", of=("orders",), from_=D(1)),))
    found = evaluate(Score((asked,)), TEN)
    assert (found.points, found.why, found.parts[0].left_out) == (None, "not_counted:orders", False)


def test_who_is_kept_out_of_the_ranking_has_a_score_and_no_rank() -> None:
    many = Condition(measure="count", of=("bad",), above=D(5))
    score = Score((Part(points=D(7)),), unranked=(FEW, many))
    low = evaluate(score, TEN)
    assert (low.points, low.ranked, low.why) == (7, False, "unranked")
    assert evaluate(score, counts(occasions=10, level_1=6)).why == "unranked"
    fine = evaluate(score, counts(occasions=10, level_5=6))
    assert (fine.ranked, fine.why) == (True, "")
    too_few = Score((Part(points=D(7)),), unranked=(FEW,), minimum=Minimum("ratings", 30, "unranked"))
    assert evaluate(too_few, TEN).why == "minimum"
    unknown = Score((Part(points=D(7)),), unranked=(Condition(measure="count", of=("orders",), from_=D(1)),))
    assert evaluate(unknown, TEN).why == "not_counted:orders"


@pytest.mark.parametrize(("bad", "late", "expected"), [(3, 2, 60), (2, 2, 80), (3, 0, 80)])
def test_a_veto_may_need_two_things_at_once(bad: int, late: int, expected: int) -> None:
    slow = Condition(measure="rectified_in_time_rate", under=D("0.9"))
    veto = Cap(measure="count", of=("bad_verified",), from_=D(3), when=(slow,), most=D(60))
    cell = Cell({"bad_verified": bad, "orders_due": 10, "rectified_in_time": 10 - late})
    assert evaluate(Score((Part(points=D(80)),), caps=(veto,)), figures(cell)).points == expected
