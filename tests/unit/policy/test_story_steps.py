"""Steps by themselves: attempts, steps that stay idle, a step of one's own, whose rules they follow."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from haochaping.policy.rulebook import Rulebook
from haochaping.policy.scenario import run
from haochaping.policy.scenario_file import read_scenario
from tests.unit.policy.samples import days, happened, laid_down, rated, story

Told = Callable[..., Mapping[str, Any]]
BAD = rated("2020-01-03 09:00:00", 1)
LATER = "2020-06-01"
NOT_BEGUN = "尚未起算"


def vain(*times: str) -> list[str]:
    """Attempts to reach the citizen in vain."""
    return [happened("contact", at, 'outcome = "failed"') for at in times]


HOURS = '{ n = 4, unit = "hour", after = "contact" }'
NEXT_DAY = days(1, "contact")
OFFICE = '{ n = 4, unit = "working_hour", after = "contact" }'


@pytest.mark.parametrize(
    ("between", "attempts", "tried", "verified"),
    [
        (HOURS, ["2020-01-03 10:00:00", "2020-01-03 14:00:00"], 2, date(2020, 1, 8)),
        (HOURS, ["2020-01-03 10:00:00", "2020-01-03 13:59:59"], 1, NOT_BEGUN),
        # An attempt that came too early is none: the third is measured by the first.
        (HOURS, ["2020-01-03 10:00:00", "2020-01-03 12:00:00", "2020-01-03 14:00:00"], 2, date(2020, 1, 8)),
        (NEXT_DAY, ["2020-01-03 10:00:00", "2020-01-03 23:00:00"], 1, NOT_BEGUN),
        (NEXT_DAY, ["2020-01-03 23:00:00", "2020-01-04 00:10:00"], 2, date(2020, 1, 9)),
        # Whatever it names, it runs from the attempt before; without office hours their hours cannot be counted.
        (days(1, "plan"), ["2020-01-03 10:00:00", "2020-01-03 11:00:00"], 1, NOT_BEGUN),
        (OFFICE, ["2020-01-03 10:00:00", "2020-01-03 11:00:00"], 2, date(2020, 1, 8)),
    ],
)
def test_attempts_lie_so_far_apart(
    told: Told, between: str, attempts: list[str], tried: int, verified: date | str
) -> None:
    step = f'{{ attempts = 2, between = {between}, if_failed = "taken_as_true" }}'
    rules = {"steps.contact": step, "rectification": days(5, "verification")}
    facts = told(rules, story(LATER, BAD, *vain(*attempts)))
    assert (facts["steps.contact_tried"], facts["rectification"]) == (tried, verified)


@pytest.mark.parametrize(
    ("taken", "event", "finding"),
    [
        ("taken_as_true", "verification", date(2020, 1, 13)),
        ("taken_as_untrue", "verification", "无须整改"),
        ("taken_as_done", "contact", NOT_BEGUN),
        ("closed", "closure", NOT_BEGUN),
        ("escalated", "plan", NOT_BEGUN),
    ],
)
def test_a_limit_that_passes_means_what_is_laid_down(
    told: Told, taken: str, event: str, finding: date | str
) -> None:
    rules = {
        "steps.contact": f'{{ limit = {days(5, "rating")}, if_failed = "{taken}" }}',
        "steps.report": f"{{ limit = {days(1, event)} }}",
        "rectification": days(4, "verification"),
    }
    before = told(rules, story("2020-01-08 23:59:59", BAD))
    assert "steps.contact_failed" not in before
    assert (before["steps.report"], before["rectification"]) == (NOT_BEGUN, NOT_BEGUN)
    after = told(rules, story(LATER, BAD))
    assert (after["steps.contact_failed"], after["rectification"]) == (taken, finding)
    assert after["steps.report"] == (NOT_BEGUN if taken == "escalated" else date(2020, 1, 10))
    done = told(rules, story(LATER, BAD, happened("contact", "2020-01-08 12:00:00")))
    assert "steps.contact_failed" not in done


def test_one_idle_step_brings_about_the_next(told: Told) -> None:
    rules = {
        "steps.verification": f'{{ limit = {days(2, "contact")}, if_failed = "taken_as_true" }}',
        "steps.contact": f'{{ limit = {days(5, "rating")}, if_failed = "taken_as_done" }}',
        "rectification": days(4, "verification"),
    }
    facts = told(rules, story(LATER, BAD))
    # Done on the 9th, true two days later, four days to set it right.
    assert (facts["steps.verification"], facts["rectification"]) == (date(2020, 1, 11), date(2020, 1, 16))
    assert facts["steps.contact_state"] == "逾期完成"


def test_the_unclassified_are_of_the_class_of_whoever_goes_first(
    tmp_path: Path, load: Callable[..., Rulebook]
) -> None:
    def classes(name: str) -> str:
        limit = f"[[rectification]]\nonly = {{ classes = ['{name}'] }}\n"
        said = f"from = 2020-01-01\ndocument = 'd'\narticle = '第一条'\nvalue = {days(len(name), 'rating')}\n"
        return laid_down(**{f"classes.{name}": '{ label = "类", on_its_own = true }'}) + limit + said

    wide = classes("aa").replace('"city"', '"province"').replace("999100", "990000")
    path = tmp_path / "s.toml"
    path.write_text(story(LATER, BAD), encoding="utf-8")
    facts = run(read_scenario(path), load(wide=wide, narrow=classes("bbbb"))).facts["occasion", "甲"]
    assert facts["rectification"] == date(2020, 1, 7)


def test_a_step_of_ones_own(told: Told) -> None:
    rules = {
        "steps.own_meeting": f'{{ label = "会商", limit = {days(5, "rating")} }}',
        "responsibility.own_meeting": '{ by = "government" }',
        "extensions.own_meeting": f"{{ limit = {days(2, 'due')} }}",
        "escalations.e": '{ on = "overdue", action = "talk", step = "own_meeting" }',
        "rectification": days(3, "named:会商"),
    }
    facts = told(rules, story(LATER, BAD, happened("named:会商", "2020-01-08 12:00:00")))
    assert (facts["steps.own_meeting"], facts["steps.own_meeting_state"]) == (date(2020, 1, 8), "按时")
    assert (facts["responsible.own_meeting"], facts["rectification"]) == ("本级人民政府", date(2020, 1, 11))
    longer = happened("extension", "2020-01-05", 'step = "own_meeting"')
    late = told(rules, story(LATER, BAD, longer, happened("named:会商", "2020-01-11")))
    assert (late["steps.own_meeting_extended_to"], late["escalations.e"]) == (date(2020, 1, 10), "talk")


def test_a_clock_that_is_stopped(told: Told) -> None:
    rules = {"rectification": days(5, "rating").replace(" }", ', suspended_by = ["suspension"] }')}
    stopped = happened("suspension", "2020-01-05")
    assert told(rules, story(LATER, BAD, stopped))["rectification"] == NOT_BEGUN
    on = happened("resumption", "2020-01-15")
    assert told(rules, story(LATER, BAD, stopped, on))["rectification"] == date(2020, 1, 18)


@pytest.mark.parametrize(
    ("day", "acceptance", "last"),
    [
        ("acceptance_day", "2019-12-31 10:00:00", "未规定"),
        ("acceptance_day", "2020-01-01 00:00:00", date(2020, 1, 7)),
        ("acceptance_day", None, date(2020, 1, 7)),
        ("occasion_day", "2019-12-31 10:00:00", date(2020, 1, 7)),
    ],
)
def test_what_was_accepted_before_is_judged_by_the_rules_before(
    told: Told, day: str, acceptance: str | None, last: date | str
) -> None:
    rules = {"transition": f'{{ substance = "{day}" }}', "window": days(5, "service")}
    more = f"acceptance = {acceptance}" if acceptance else ""
    assert told(rules, story(LATER, more=more))["window"] == last
