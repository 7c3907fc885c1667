"""Warnings before the end of a limit."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from tests.unit.policy.samples import days, happened, rated, story

Told = Callable[..., Mapping[str, Any]]
BAD = rated("2020-01-03 09:00:00", 1)
LATER = "2020-06-01"
NOT_BEGUN = "尚未起算"


DAY_BEFORE = '{ n = 1, unit = "calendar_day", before = "due", count_first = false }'
NEARING = f'{{ on = "nearing", action = "reminder", %slimit = {DAY_BEFORE} }}'


@pytest.mark.parametrize(
    ("now", "tables", "on", "said"),
    [
        # Until 10 January; warned on the 9th, from its first moment on.
        ("2020-01-08 23:59:59", [], date(2020, 1, 9), None),
        ("2020-01-09", [], date(2020, 1, 9), "reminder"),
        ("2020-01-20", [], date(2020, 1, 9), "reminder"),
        ("2020-01-20", [happened("rectification", "2020-01-08 23:59:59")], None, None),
        ("2020-01-20", [happened("rectification", "2020-01-09")], date(2020, 1, 9), "reminder"),
        # Longer until the 14th.
        ("2020-01-12", [happened("extension", "2020-01-08")], date(2020, 1, 13), None),
        ("2020-01-13", [happened("extension", "2020-01-08")], date(2020, 1, 13), "reminder"),
    ],
)
def test_a_warning_before_the_end(
    told: Told, now: str, tables: list[str], on: date | None, said: str | None
) -> None:
    rules = {
        "rectification": days(7, "rating"),
        "extensions.rectification": f"{{ limit = {days(4, 'due')} }}",
        "escalations.e": NEARING % 'step = "rectification", ',
    }
    facts = told(rules, story(now, BAD, *tables))
    assert (facts.get("escalations.e_on"), facts.get("escalations.e")) == (on, said)


def test_a_warning_is_of_the_step_that_ends_first_and_of_the_instant_where_hours_are_counted(
    told: Told,
) -> None:
    rules = {
        "steps.contact": '{ limit = { n = 24, unit = "hour", after = "rating" } }',
        "steps.verification": '{ limit = { n = 48, unit = "hour", after = "rating" } }',
        "steps.answer": '{ limit = { n = 48, unit = "hour", after = "answer" } }',
        "escalations.e": '{ on = "nearing", action = "reminder", limit = { n = 4, unit = "hour", before = "due" } }',
    }
    rating = rated("2020-01-03 10:00:00", 1)
    assert str(told(rules, story(LATER, rating))["escalations.e_on"]) == "2020-01-04 06:00:00"
    done = happened("contact", "2020-01-03 12:00:00")
    assert str(told(rules, story(LATER, rating, done))["escalations.e_on"]) == "2020-01-05 06:00:00"
    may = {**rules, "objection": '{ limit = { n = 12, unit = "hour", after = "rating" } }'}
    assert str(told(may, story(LATER, rating))["escalations.e_on"]) == "2020-01-04 06:00:00"
    none = {**rules, "escalations.e": NEARING % 'step = "answer", '}
    assert "escalations.e_on" not in told(none, story(LATER, rating))


@pytest.mark.parametrize(
    ("limit", "unit", "settled"),
    [("workday", "calendar_day", False), ("calendar_day", "workday", False), ("calendar_day", "calendar_day", True)],
)  # fmt: skip
def test_what_is_not_settled_is_not_warned_of(told: Told, limit: str, unit: str, settled: bool) -> None:
    # Nobody has said which days are working days here.
    rules = {
        "rectification": days(5, "rating").replace("calendar_day", limit),
        "escalations.e": NEARING.replace("calendar_day", unit) % "",
    }
    assert ("escalations.e_on" in told(rules, story(LATER, BAD))) is settled
