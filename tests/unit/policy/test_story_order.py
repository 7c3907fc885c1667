"""What comes first and what brings about the next: several attempts, several ends, units that belong to each other."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from haochaping.policy.rulebook import Rulebook
from haochaping.policy.scenario import Run, compared, run
from haochaping.policy.scenario_file import read_scenario
from tests.unit.policy.samples import HEAD, LEVELS, given, happened, rated, story

Play = Callable[..., Run]
NOW = "2020-06-01"
BAD = rated("2020-01-03 09:00:00", 1)


def days(n: int, after: str, more: str = "") -> str:
    """So many calendar days after an event, the next day the first."""
    return f'{{ n = {n}, unit = "calendar_day", after = "{after}", count_first = false{more} }}'


def count(*words: str, more: str = "") -> str:
    """A score that counts these."""
    listed = ", ".join(f'"{word}"' for word in words)
    return f'{{ parts = [{{ measure = "count", of = [{listed}]{more} }}] }}'


def test_the_first_objection_that_is_taken_sets_the_clock_going(play: Play) -> None:
    rules = {"objection": "{ limit = " + days(30, "rating") + " }", "review": days(3, "objection")}
    twice = [happened("objection", f"2020-01-0{n}") for n in (5, 8)]
    (found,) = play(rules, story(NOW, BAD, *twice)).stories
    assert found.facts["objection_answers"] == ["受理", "受理"]
    assert str(found.facts["review"]) == "2020-01-08"


def test_what_was_refused_sets_no_clock_going(play: Play) -> None:
    rules = {
        "objection": "{ grounds = ['mistaken'], limit = " + days(30, "rating") + " }",
        "review": days(3, "objection"),
    }
    tries = [
        happened("objection", f"2020-01-0{n}", f'ground = "{ground}"')
        for n, ground in ((4, "malicious"), (6, "malicious"), (8, "mistaken"))
    ]
    (found,) = play(rules, story(NOW, BAD, *tries)).stories
    assert str(found.facts["review"]) == "2020-01-11"
    (refused,) = play(rules, story(NOW, BAD, *tries[:2])).stories
    assert str(refused.events["objection"].date()) == "2020-01-04"


def test_the_first_end_of_a_step_ends_it(play: Play) -> None:
    rules = {"rectification": days(8, "rating", ', suspended_by = ["suspension"]')}
    events = [
        happened("suspension", "2020-01-04"),
        *(happened("resumption", f"2020-01-0{n}") for n in (6, 9)),
    ]
    (found,) = play(rules, story(NOW, BAD, *events)).stories
    assert str(found.facts["rectification"]) == "2020-01-13"


def test_one_failed_step_may_bring_about_another_whatever_their_names(play: Play) -> None:
    rules = {
        "steps.verification": f'{{ limit = {days(2, "rating")}, if_failed = "taken_as_true" }}',
        "steps.notification": f'{{ limit = {days(1, "verification")}, if_failed = "taken_as_done" }}',
        "steps.contact": f'{{ limit = {days(3, "notification")}, if_failed = "closed" }}',
    }
    (found,) = play(rules, story(NOW, BAD)).stories
    assert [found.facts[f"steps.{key}_failed"] for key in ("verification", "notification", "contact")] == [
        "taken_as_true",
        "taken_as_done",
        "closed",
    ]
    # The 5th ends with 00:00 of the 6th: it is taken as verified then, and so on from there.
    assert str(found.events["closure"].date()) == "2020-01-12"


def test_units_that_belong_to_each_other_in_a_circle_are_scored_all_the_same(play: Play) -> None:
    units = given("甲局", "一", 'kind = "organisation"\nof = "乙局"', occasions=1) + given(
        "乙局", "一", 'kind = "organisation"\nof = "甲局"', occasions=2
    )
    played = play({"scores.final": count("occasions")}, story(NOW) + units)
    assert [played.facts["score", f"final/{unit}"]["points"] for unit in ("甲局", "乙局")] == [1, 2]


@pytest.mark.parametrize(("channel", "orders"), [("qr", 1), ("sms", 0)])
def test_an_order_has_the_channel_of_its_rating(play: Play, channel: str, orders: int) -> None:
    rules = {
        "scores.orders": count("orders", more=f', only = {{ channels = ["{channel}"] }}'),
        "scores.level": count("level_1", more=f', only = {{ channels = ["{channel}"] }}'),
    }
    bad = rated("2020-01-03", 1, 'channel = "qr"')
    played = play(rules, story(NOW, bad, more='channel = "sms"'))
    for key in ("orders", "level"):
        assert played.facts["score", f"{key}/本单位"]["points"] == orders


@pytest.mark.parametrize("complete", [(True, False), (False, True)])
def test_one_of_several_that_is_complete_is_enough(play: Play, complete: tuple[bool, bool]) -> None:
    both = "".join(given("甲局", "一", f"complete = {str(each).lower()}", occasions=10) for each in complete)
    played = play({"scores.final": count("occasions", "overdue")}, story(NOW) + both)
    assert played.facts["score", "final/甲局"]["points"] == 20


def test_a_period_shorter_than_any_that_is_given_is_not_made_up(play: Play) -> None:
    rules = {
        "scores.m": count("occasions").replace("{ parts", '{ period = "month", parts', 1),
        "scores.q": count("occasions").replace("{ parts", '{ period = "quarter", parts', 1),
    }
    played = play(rules, story(NOW, rated("2020-01-03", 4)) + given("甲局", "2020-Q1", occasions=9))
    assert played.facts["score", "q/甲局"]["points"] == 9
    assert ("score", "m/本单位") not in played.facts


@pytest.mark.parametrize(
    ("served", "counted"),
    [("2019-12-31 23:59:59", 0), ("2020-01-01", 1), ("2020-01-31 23:59:59", 1), ("2020-02-01", 0)],
)
def test_a_month_is_wholly_its_own(play: Play, served: str, counted: int) -> None:
    rules = {"scores.m": count("occasions").replace("{ parts", '{ period = "month", parts', 1)}
    looked = '[[expect]]\nscore = "m"\nunit = "甲局"\nperiod = "2020-01"\narticle = "第一条"\n'
    text = story(NOW, given("甲局", "2020年1月", occasions=0), looked, service=served, more='unit = "甲局"')
    assert play(rules, text).facts["score", "m/甲局/2020年1月"]["points"] == counted


@pytest.mark.parametrize(
    ("now", "points"), [("2020-01-14", 10), ("2020-01-15", 4), ("2020-02-20", 4), ("2020-03-20", 4)]
)
@pytest.mark.parametrize("facts", ["", 'channel = "qr", '])
def test_figures_are_judged_by_the_rules_of_the_end_of_their_period(
    tmp_path: Any, load: Callable[..., Rulebook], now: str, points: int, facts: str
) -> None:
    text = HEAD
    for name, begins, ends, value in (
        ("levels", "2020-01-01", "", LEVELS),
        ("scores", "2020-01-01", "", '{ period = "month", parts = [{ measure = "mean_points", counts_defaults = false }] }'),
        ("points", "2020-01-01", "2020-01-15", "[{ level = 5, points = 10 }]"),
        ("points", "2020-01-15", "2020-02-15", "[{ level = 5, points = 4 }]"),
        ("points", "2020-02-15", "", "[{ level = 5, points = 1 }]"),
    ):  # fmt: skip
        text += f'[[{name}]]\nfrom = {begins}\ndocument = "d"\narticle = "第一条"\nvalue = {value}\n'
        text += f"to = {ends}\n" if ends else ""
        text += 'key = "m"\n' if name == "scores" else ""
    cells = f"cells = [{{ {facts}counts = {{ level_5 = 1 }} }}]"
    figures = f'[[figures]]\nunit = "甲局"\nperiod = "2020年1月"\n{cells}\n'
    path = tmp_path / "s.toml"
    path.write_text(story(now) + figures, encoding="utf-8")
    told = run(read_scenario(path), load(example=text))
    assert told.facts["score", "m/甲局"]["points"] == Fraction(points)


@pytest.mark.parametrize(
    ("per", "period"), [("month", "2020年1月"), ("month", "一"), ("quarter", "2020年1月")]
)
def test_a_share_is_drawn_of_the_periods_that_are_laid_down(play: Play, per: str, period: str) -> None:
    rules = {"revisits.r": f'{{ of = "bad", share = 0.5, per = ["{per}"] }}'}
    played = play(rules, story(NOW) + given("甲局", period, occasions=9, level_1=4))
    assert [facts["at_least"] for (what, _), facts in played.facts.items() if what == "revisit"] == [2]


@pytest.mark.parametrize(("between", "failed", "tried"), [(True, 2, 2), (True, 0, None), (False, 2, None)])
def test_attempts_are_told_where_something_is_to_lie_between_them(
    play: Play, between: bool, failed: int, tried: int | None
) -> None:
    apart = f", between = {days(1, 'contact')}" if between else ""
    rules = {"steps.contact": f"{{ limit = {days(9, 'rating')}, attempts = 3{apart} }}"}
    events = [happened("contact", f"2020-01-0{n}", 'outcome = "failed"') for n in (4, 7)][:failed]
    (found,) = play(rules, story(NOW, BAD, *events)).stories
    assert found.facts.get("steps.contact_tried") == tried


@pytest.mark.parametrize(
    ("expected", "found"),
    [({"x": {"y": 1}}, {"x": 1}), ({"x": 1}, {"x": {"y": 1}}), ({"x": {"y": 1}}, {"x": {"y": 2}})],
)
def test_a_table_and_a_value_differ(expected: dict[str, Any], found: dict[str, Any]) -> None:
    assert len(compared("occasion 甲", expected, found)) == 1
