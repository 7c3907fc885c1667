"""Measures: what each is made of, what enters, what is compared, what is named when it was not counted."""

import pytest

from haochaping.policy.measures import Condition, Filter, Group, Measured, Rounding
from haochaping.policy.readings import holds, read
from haochaping.policy.score_figures import Beneath, Cell, Figures, NotCounted, Standing, Worth
from tests.unit.policy.scored import LEVELS, POINTS, TEN, D, F, counts, figures


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
        (Filter(places=("own_hall",)), 8),
        (Filter(case_types=("promised",)), 9),
        (Filter(forms=("batch",)), 10),
        (Filter(stages=("delivery",)), 11),
        (Filter(raters=("organisation",)), 12),
        (Filter(subjects=("staff",), channels=("web",)), 0),
        (None, 76),
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
        Cell({"level_5": 8}, place="own_hall"),
        Cell({"level_5": 9}, case_type="promised"),
        Cell({"level_5": 10}, form="batch"),
        Cell({"level_5": 11}, stage="delivery"),
        Cell({"level_5": 12}, rater="organisation"),
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
    [
        ("mean", F(15, 2)),
        ("weighted", F(9)),
        ("trimmed", F(15, 2)),
        ("least", F(5)),
        ("most", F(10)),
        ("sum", F(15)),
    ],
)
def test_scores_of_those_below(how: str, value: F) -> None:
    below = [Beneath(F(5), {"ratings": 1}), Beneath(F(10), {"ratings": 4}), Beneath(None, {"ratings": 9})]
    city = figures(beneath={("final", "window"): below})
    assert read(Measured("scores", score="final", below="window", how=how), city).value == value
    assert read(Measured("scores", score="final", below="staff", how=how), city).value is None


def test_scores_below_without_ratings_have_no_weighted_mean() -> None:
    city = figures(beneath={("final", "window"): [Beneath(F(5), {"ratings": 0})]})
    assert read(Measured("scores", score="final", below="window", how="weighted"), city).value is None


def test_scores_below_are_weighed_by_what_the_rule_says() -> None:
    below = [Beneath(F(9), {"occasions": 100, "ratings": 1}), Beneath(F(6), {"occasions": 300})]
    city = figures(beneath={("window", "window"): below})
    by_volume = Measured("scores", score="window", below="window", how="weighted", weigh_by="occasions")
    assert read(by_volume, city) == (F(27, 4), (("window", F(9)), ("window", F(6))))
    with pytest.raises(NotCounted, match="ratings"):
        read(Measured("scores", score="window", below="window", how="weighted"), city)


@pytest.mark.parametrize(("points", "value"), [((5, 90, 80, 99), F(85)), ((5, 90, 40), F(40)), ((5,), F(5))])
def test_the_highest_and_the_lowest_are_left_out(points: tuple[int, ...], value: F) -> None:
    city = figures(beneath={("s", "hall"): [Beneath(F(each), {}) for each in points]})
    assert read(Measured("scores", score="s", below="hall", how="trimmed"), city).value == value


def test_the_scores_of_the_months_make_that_of_the_year() -> None:
    year = figures(within={("s", "month"): [Beneath(F(80), {}), Beneath(None, {}), Beneath(F(90), {})]})
    assert read(Measured("scores", score="s", each="month"), year).value == 85
    assert read(Measured("scores", score="s", each="quarter"), year).value is None


def test_how_often_one_was_named_on_a_list() -> None:
    assert read(Measured("listed", list="black"), figures(listings={"black": 2})).value == 2
    with pytest.raises(NotCounted, match="lists:red"):
        read(Measured("listed", list="red"), figures(listings={"black": 2}))


def test_growth_is_a_share_of_what_was_before() -> None:
    now = figures(Cell({"occasions": 10, "level_5": 6}), previous=counts(occasions=10, level_5=4))
    rate = {"measure": "participation", "counts_defaults": False, "compared": "previous", "relative": True}
    assert read(Measured(**rate), now).value == F(1, 2)
    from_nought = figures(Cell({"occasions": 10, "level_5": 6}), previous=counts(occasions=10, level_5=0))
    assert read(Measured(**rate), from_nought).value is None
    assert read(Measured(**{**rate, "relative": False}), from_nought).value == F(3, 5)


def test_what_is_compared_is_rounded_once() -> None:
    now = figures(external={"x": D("0.26")}, previous=figures(external={"x": D("0.14")}))
    rise = Measured("external", external="x", compared="previous", measure_round=Rounding(1))
    assert read(rise, now).value == F(1, 10)


PEERS = (*(figures(external={"x": D(n)}) for n in (3, 9, 9)), figures())


@pytest.mark.parametrize(
    ("placed", "better", "value"),
    [
        ("rank", "higher", F(3)),
        ("rank", "lower", F(2)),
        ("share", "higher", F(3, 4)),
        ("share", "lower", F(2, 4)),
        ("share_before", "higher", F(2, 4)),
        ("share_before", "lower", F(1, 4)),
    ],
)
def test_the_place_among_all_of_its_kind(placed: str, better: str, value: F) -> None:
    """5 among 3, 9, 9 and one that has nothing to measure."""
    measured = Measured("external", external="x", placed=placed, better=better)
    found = read(measured, figures(external={"x": D(5)}, peers=PEERS))
    rank = 3 if better == "higher" else 2
    assert found == (value, (("rank", F(rank)), ("ranked", F(4))))
    assert read(measured, figures(peers=PEERS)).value is None


def test_those_with_equal_values_share_the_better_place() -> None:
    first = Measured("external", external="x", placed="rank")
    assert read(first, figures(external={"x": D(9)}, peers=PEERS)).value == 1
    rounded = Measured("external", external="x", placed="rank", measure_round=Rounding(0))
    assert read(rounded, figures(external={"x": D("8.6")}, peers=PEERS)).value == 1


def test_the_place_of_a_score_is_the_one_in_its_ranking() -> None:
    own = figures(own={"s": F(80)}, standings={"s": Standing(2, 8)})
    assert read(Measured("scores", score="s", placed="rank"), own).value == 2
    assert read(Measured("scores", score="s", placed="share"), own).value == F(1, 4)
    assert read(Measured("scores", score="s", placed="rank"), figures(own={"s": F(80)})).value is None
    months = figures(within={("s", "month"): [Beneath(F(8), {})]}, standings={"s": Standing(2, 8)})
    assert read(Measured("scores", score="s", each="month", placed="rank"), months).value == 1
    below = figures(beneath={("s", "hall"): [Beneath(F(8), {})]}, standings={"s": Standing(2, 8)})
    assert read(Measured("scores", score="s", below="hall", placed="rank"), below).value == 1
    risen = figures(own={"s": F(8)}, previous=figures(own={"s": F(7)}), standings={"s": Standing(2, 8)})
    assert read(Measured("scores", score="s", compared="previous", placed="rank"), risen).value == 1


def test_a_condition_holds_within_its_bounds_and_never_of_nothing() -> None:
    low = Condition(measure="bad_rate", counts_defaults=False, under=D("0.3"))
    assert not holds(low, TEN)
    assert holds(Condition(measure="bad_rate", counts_defaults=False, up_to=D("0.3")), TEN)
    assert not holds(Condition(measure="bad_rate", counts_defaults=False, up_to=D(1)), counts(level_5=0))


ELSEWHERE = Worth({5: D(100), 1: D(0)}, LEVELS, default_level=5, default_worth=D(95))


def test_ratings_and_silence_are_worth_what_the_rules_for_just_them_say() -> None:
    cells = (
        Cell({"level_5": 1, "defaults": 1}),
        Cell({"level_5": 1, "level_1": 1, "defaults": 2}, place="own_hall", worth=ELSEWHERE),
    )
    both = figures(*cells)
    assert both.level_points() == 10 + 100
    assert both.count("default_points") == 6 + 2 * 95
    assert read(Measured("mean_points", counts_defaults=True), both).value == F(110 + 196, 6)
    assert read(Measured("good_rate", counts_defaults=True), both).value == F(2 + 2, 3 + 3)
    assert read(Measured("bad_rate", counts_defaults=True), both).value == F(1, 6)


def test_silence_enters_only_where_the_rules_for_it_say() -> None:
    apart = Worth(POINTS, LEVELS, default_level=3, default_counts_in=("good_rate",))
    cells = (Cell({"occasions": 2, "level_5": 1, "defaults": 1}), Cell({"defaults": 3}, worth=apart))
    found = read(Measured("participation", counts_defaults=True), figures(*cells))
    assert found == (F(2, 2), (("ratings", F(1)), ("defaults", F(1)), ("occasions", F(2))))
    assert read(Measured("mean_points", counts_defaults=True), figures(*cells)).value == F(16, 2)
    assert read(Measured("good_rate", counts_defaults=True), figures(*cells)).value == F(1, 5)
