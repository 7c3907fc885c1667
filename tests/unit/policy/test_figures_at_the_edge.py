"""Figures where something begins or ends: a half, a minimum, the last of the filters, a level that is none."""

from typing import Any

import pytest

from haochaping.policy.bands import Band
from haochaping.policy.exact import rounded, within
from haochaping.policy.listed import ListRule
from haochaping.policy.measures import Condition, Filter, Group, Measured, Rounding
from haochaping.policy.ranking import listed, on_list, ranks
from haochaping.policy.readings import read
from haochaping.policy.score_figures import Beneath, Cell, NotCounted, Standing, Worth
from haochaping.policy.scores import Cap, Grade, Minimum, Part, Score
from haochaping.policy.scoring import evaluate, grade_of
from tests.unit.policy.scored import D, F, counts, figures


@pytest.mark.parametrize(
    ("value", "half_up", "half_even", "up", "down"),
    [
        (F(0), 0, 0, 0, 0),
        (F(1, 3), 0, 0, 1, 0),
        (F(1, 2), 1, 0, 1, 0),
        (F(2, 3), 1, 1, 1, 0),
        (F(1), 1, 1, 1, 1),
        (F(3, 2), 2, 2, 2, 1),
        (F(5, 2), 3, 2, 3, 2),
        (F(7, 2), 4, 4, 4, 3),
        (F(9, 2), 5, 4, 5, 4),
        (F(11, 2), 6, 6, 6, 5),
        (F(-1, 2), -1, 0, -1, 0),
        (F(-3, 2), -2, -2, -2, -1),
    ],
)
def test_a_half_is_rounded_as_the_text_says(
    value: F, half_up: int, half_even: int, up: int, down: int
) -> None:
    modes = ("half_up", "half_even", "up", "down")
    assert [rounded(value, Rounding(0, mode)) for mode in modes] == [half_up, half_even, up, down]


FIVE = {"level_5": 5}
GOOD_5, GOOD_6 = (Condition(measure="count", of=("good",), from_=D(n)) for n in (5, 6))


@pytest.mark.parametrize(
    ("said", "cells", "points", "ranked", "why"),
    [
        ({}, FIVE, F(1), True, ""),
        ({"minimum": Minimum("ratings", 5)}, FIVE, F(1), True, ""),
        ({"minimum": Minimum("ratings", 6)}, FIVE, None, False, "minimum"),
        ({"minimum": Minimum("ratings", 6, "unranked")}, FIVE, F(1), False, "minimum"),
        ({"minimum": Minimum("orders", 1)}, FIVE, None, False, "not_counted:orders"),
        ({"unranked": (Condition(measure="count", of=("good",), from_=D(5)),)}, FIVE, F(1), False, "unranked"),
        ({"unranked": (Condition(measure="count", of=("good",), from_=D(6)),)}, FIVE, F(1), True, ""),
        ({"unranked": (GOOD_6, GOOD_5)}, FIVE, F(1), False, "unranked"),
        ({"unranked": (Condition(measure="count", of=("orders",), from_=D(1)),)}, FIVE, None, False, "not_counted:orders"),
        ({"caps": (Cap(measure="count", of=("good",), from_=D(5), most=D("0.5")),)}, FIVE, F(1, 2), True, ""),
        ({"caps": (Cap(measure="count", of=("good",), from_=D(6), most=D("0.5")),)}, FIVE, F(1), True, ""),
        ({}, {"level_5": 0}, None, False, "nothing_to_measure"),
    ],
)  # fmt: skip
def test_who_has_a_score_and_who_is_ranked(
    said: dict[str, Any], cells: dict[str, int], points: F | None, ranked: bool, why: str
) -> None:
    found = evaluate(Score((Part("good_rate", counts_defaults=False),), **said), counts(**cells))
    assert (found.points, found.ranked, found.why) == (points, ranked, why)


def test_the_first_part_that_says_why_is_told() -> None:
    rate, orders = Part("good_rate", counts_defaults=False), Part("count", of=("orders",))
    for parts, why in (
        ((rate, orders), "not_counted:orders"),
        ((Part(parts=(rate,)),), ""),
        ((Part(parts=(orders,)),), "not_counted:orders"),
        ((Part(parts=(Part(parts=(orders, rate)),)), rate), "not_counted:orders"),
    ):
        assert evaluate(Score(parts), counts(**FIVE)).why == why
    left_out = Part("good_rate", counts_defaults=False, empty="left_out")
    assert evaluate(Score((left_out, orders)), counts(level_5=0)).why == "not_counted:orders"
    assert evaluate(Score((rate, orders)), counts(level_5=0)).why == "nothing_to_measure"
    assert evaluate(Score((left_out, rate)), counts(level_5=0)).why == "nothing_to_measure"
    assert evaluate(Score((left_out,)), counts(level_5=0)).why == "nothing_to_measure"


@pytest.mark.parametrize(
    ("empty", "points", "left_out"),
    [("unscored", None, False), ("left_out", None, True), ("zero", F(0), False), ("full", F(3), False)],
)
def test_a_part_with_nothing_to_measure(empty: str, points: F | None, left_out: bool) -> None:
    bands = (Band(D("0.5"), points=D(3)), Band(D(0), points=D(1)))
    part = Part("good_rate", counts_defaults=False, bands=bands, empty=empty)
    (found,) = evaluate(Score((part,)), counts(level_5=0)).parts
    assert (found.points, found.left_out, found.value) == (points, left_out, None)
    # What was not counted is neither nothing nor full.
    whole = Part(parts=(Part("count", of=("orders",)),), empty=empty, most=D(3))
    (found,) = evaluate(Score((whole,)), counts(**FIVE)).parts
    assert (found.points, found.left_out, found.missing) == (None, False, "orders")


def test_a_part_holds_only_where_all_of_its_conditions_do() -> None:
    for when, left_out in (
        ((), False),
        ((GOOD_5,), False),
        ((GOOD_5, GOOD_6), True),
        ((GOOD_6, GOOD_5), True),
    ):
        (found, _) = evaluate(Score((Part(points=D(1), when=when), Part(points=D(1)))), counts(**FIVE)).parts
        assert found.left_out is left_out


def test_grades_begin_where_they_say() -> None:
    grades = (Grade(D(90), label="优"), Grade(above=D(60), label="良"), Grade(D(0), label="差"))
    assert [grade_of(grades, F(n)) for n in (90, 89, 61, 60, 0, -1)] == ["优", "良", "良", "差", "差", ""]


ALL = {
    **{"subject": "window", "channel": "qr", "place": "own_hall", "item_type": "licence", "case_type": "now"},
    **{"form": "batch", "stage": "done", "rater": "person", "named": True, "bad_class": "hard"},
}
KEYS = {
    **{"subjects": "subject", "channels": "channel", "places": "place", "item_types": "item_type"},
    **{
        "case_types": "case_type",
        "forms": "form",
        "stages": "stage",
        "raters": "rater",
        "classes": "bad_class",
    },
}


@pytest.mark.parametrize("key", KEYS)
def test_each_key_of_a_filter_selects_by_itself(key: str) -> None:
    cell, said = Cell({}, **ALL), ALL[KEYS[key]]
    filters = [{key: (said,)}, {key: ("other", said)}, {key: ("other",)}]
    assert [cell.fits(Filter(**each)) for each in filters] == [True, True, False]
    assert not Cell({}).fits(Filter(**{key: (said,)}))


def test_named_or_not_or_not_known() -> None:
    cells = [Cell({}, named=each) for each in (True, False, None)]
    assert [cell.fits(Filter(named=True)) for cell in cells] == [True, False, False]
    assert [cell.fits(Filter(named=False)) for cell in cells] == [False, True, False]
    assert [cell.fits(Filter()) for cell in cells] == [True] * 3
    assert [cell.fits(None) for cell in cells] == [True] * 3


def test_only_the_levels_from_1_to_5_are_ratings() -> None:
    found = counts(level_0=1, level_1=2, level_5=4, level_6=8)
    assert found.count("ratings") == 6
    assert found.level_points() == 40
    assert (found.count("good"), found.count("bad")) == (4, 2)


def test_what_is_counted_once_is_counted() -> None:
    found = figures(Cell({"orders": 1}), Cell({"level_5": 3}))
    assert found.count("orders") == 1
    assert found.count("defaults") == found.count("level_4") == 0
    with pytest.raises(NotCounted):
        found.count("rectified")


def test_what_silence_is_worth() -> None:
    points = {3: D(6)}
    assert Worth(points, default_level=3).points_of_default() == 6
    assert Worth(points, default_level=3, default_worth=D(0)).points_of_default() == 0
    for worth in (Worth(points), Worth(default_level=3), Worth(points, default_level=4)):
        with pytest.raises(NotCounted, match="points"):
            worth.points_of_default()
    assert Worth().default_enters("bad_rate")
    assert not Worth(default_counts_in=()).default_enters("bad_rate")
    assert Worth(default_counts_in=("bad_rate",)).default_enters("bad_rate")


@pytest.mark.parametrize(
    ("how", "points", "value"),
    [
        ("trimmed", (1, 2), F(3, 2)),
        ("trimmed", (1, 2, 9), F(2)),
        ("trimmed", (1, 2, 4, 9), F(3)),
        ("mean", (1, 2), F(3, 2)),
        ("least", (2, 1), F(1)),
        ("most", (2, 1), F(2)),
        ("sum", (2, 1), F(3)),
        ("weighted", (2, 1), F(5, 3)),
    ],
)
def test_scores_put_together(how: str, points: tuple[int, ...], value: F) -> None:
    found = tuple(Beneath(F(each), {"ratings": each}) for each in points)
    measured = Measured("scores", score="s", below="window", how=how)
    assert read(measured, figures(beneath={("s", "window"): (*found, Beneath(None, {}))})).value == value


def test_weights_of_nothing_make_no_mean() -> None:
    measured = Measured("scores", score="s", below="window", how="weighted")
    found = (Beneath(F(5), {"ratings": 0}), Beneath(F(7), {"ratings": 0}))
    assert read(measured, figures(beneath={("s", "window"): found})).value is None


def test_growth_over_nothing_is_none_and_a_difference_to_it_is_one() -> None:
    before, now = counts(orders=0), counts(orders=3)
    now = figures(*now.cells, previous=before)
    for relative, value in ((True, None), (False, F(3))):
        measured = Measured("count", of=("orders",), compared="previous", relative=relative)
        assert read(measured, now).value == value
    now = figures(*now.cells, previous=counts(orders=2))
    for relative, value in ((True, F(1, 2)), (False, F(1))):
        measured = Measured("count", of=("orders",), compared="previous", relative=relative)
        assert read(measured, now).value == value


@pytest.mark.parametrize(
    ("better", "placed", "value"),
    [
        ("higher", "rank", F(2)),
        ("higher", "share", F(2, 4)),
        ("higher", "share_before", F(1, 4)),
        ("lower", "rank", F(2)),
    ],
)
def test_the_place_among_all(better: str, placed: str, value: F) -> None:
    peers = tuple(counts(orders=each) for each in (1, 5, 9))
    mine = figures(Cell({"orders": 5}), peers=peers)
    assert read(Measured("count", of=("orders",), placed=placed, better=better), mine).value == value


def test_nought_has_a_place_as_well() -> None:
    mine = figures(Cell({"orders": 0}), peers=(counts(orders=1), counts(orders=5)))
    assert read(Measured("count", of=("orders",), placed="rank"), mine).value == 3


@pytest.mark.parametrize(("channel", "weight"), [("qr", 2), ("web", 3), ("", 1)])
def test_silence_weighs_as_its_group_does(channel: str, weight: int) -> None:
    groups = tuple(Group(Filter(channels=(each,)), D(n)) for each, n in (("qr", 2), ("web", 3)))
    given = (Cell({"level_5": 1}, channel="qr"), Cell({"level_1": 1}, channel="web"))
    measured = Measured("mean_points", counts_defaults=True, groups=groups)
    found = read(measured, figures(*given, Cell({"defaults": 1}, channel=channel)))
    assert found.value == F(2 * 10 + 3 * 0 + weight * 6, 2 + 3 + weight)


def test_who_has_nothing_stands_behind_nought() -> None:
    assert ranks({"a": (F(0),), "b": (None,), "c": (F(-1),), "d": (None,)}) == {
        "a": 1,
        "c": 2,
        "b": 3,
        "d": 3,
    }
    assert ranks({"a": (F(1), None), "b": (F(1), F(0)), "c": (F(1), None)}, "dense") == {
        "b": 1,
        "a": 2,
        "c": 2,
    }


def test_a_list_needs_a_measure_and_its_periods() -> None:
    low = {"a": counts(orders=1)}
    assert on_list(ListRule(label="名单"), low) == set()
    rule = ListRule(measure="count", of=("orders",), under=D(2), label="名单")
    assert listed(rule, [low, {"a": counts(orders=5)}]) == set()
    assert listed(rule, [{"a": counts(orders=5)}, low]) == {"a"}
    minimum = ListRule(
        measure="count", of=("orders",), under=D(2), label="名单", minimum=Minimum("orders", 1)
    )
    assert on_list(minimum, {"a": counts(orders=1), "b": counts(orders=0)}) == {"a"}


def test_a_place_on_a_list_goes_by_the_ranking_of_its_score() -> None:
    rule = ListRule(measure="scores", score="s", rank="first", n=1, label="名单")
    found = {
        name: figures(own={"s": F(1)}, standings={"s": Standing(n, 2)}) for n, name in ((2, "b"), (1, "a"))
    }
    assert on_list(rule, found) == {"a"}


def test_open_ends_hold_everything() -> None:
    assert within(F(10**9), Condition(measure="count", from_=D(0)))
    assert not within(F(-1), Condition(measure="count", from_=D(0)))
