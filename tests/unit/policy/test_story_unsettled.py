"""Steps whose limit has not begun, is only assumed, or is no longer laid down."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from haochaping.policy.rulebook import Rulebook
from haochaping.policy.sources import RulesError
from tests.unit.policy.samples import happened, laid_down, rated, story

Told = Callable[..., Mapping[str, Any]]
BAD = rated("2020-01-03 09:00:00", 1)
THREE_DAYS = '{ n = 3, unit = "%s", after = "%s", count_first = false }'


def test_what_was_late_by_an_assumed_limit_is_not_escalated(told: Told) -> None:
    rules = {"escalations.e": '{ on = "overdue", action = "talk" }'}
    done = happened("contact", "2020-01-31")
    assumed = {**rules, "steps.contact": f"{{ limit = {THREE_DAYS % ('workday', 'rating')} }}"}
    facts = told(assumed, story("2020-03-01", BAD, done))
    assert facts["steps.contact_state"] == "逾期完成"
    assert "escalations.e" not in facts
    certain = {**rules, "steps.contact": f"{{ limit = {THREE_DAYS % ('calendar_day', 'rating')} }}"}
    assert told(certain, story("2020-03-01", BAD, done))["escalations.e"] == "talk"


def test_a_step_that_nobody_began_under_the_old_rules_ends_with_them(told: Told) -> None:
    contact = f"{{ limit = {THREE_DAYS % ('calendar_day', 'verification')} }}\nto = 2020-01-10"
    verified = happened("verification", "2020-01-08")
    assert "steps.contact" not in told({"steps.contact": contact}, story("2020-03-01", BAD))
    begun = told({"steps.contact": contact}, story("2020-03-01", BAD, verified))
    assert begun["steps.contact"] == date(2020, 1, 11)


def test_a_limit_that_has_not_begun_is_not_extended(told: Told) -> None:
    rules = {
        "rectification": THREE_DAYS % ("calendar_day", "verification"),
        "extensions.rectification": f"{{ limit = {THREE_DAYS % ('calendar_day', 'due')} }}",
    }
    facts = told(rules, story("2020-03-01", BAD, happened("extension_request", "2020-01-05")))
    assert facts["rectification"] == "尚未起算"
    assert "extended_to" not in facts


def test_an_extension_is_so_long_or_a_share_of_the_limit(load: Callable[..., Rulebook]) -> None:
    both = f"{{ share = 0.5, limit = {THREE_DAYS % ('calendar_day', 'due')} }}"
    with pytest.raises(RulesError, match="`limit` or `share`, not both"):
        load(sample=laid_down(**{"extensions.rectification": both}))


@pytest.mark.parametrize(("reason", "last"), [("true", date(2020, 1, 6)), ("false", "尚未起算")])
def test_what_runs_from_an_order_does_not_run_without_one(told: Told, reason: str, last: object) -> None:
    rules = {
        "trigger": "{ reason = true }",
        "objection": f"{{ limit = {THREE_DAYS % ('calendar_day', 'opening')} }}",
    }
    bad = rated("2020-01-03 09:00:00", 1, f"reason = {reason}")
    assert told(rules, story("2020-03-01", bad))["objection"] == last


@pytest.mark.parametrize(
    ("pending", "events", "published"),
    [
        ('["not_published"]', [], False),
        ('["not_counted"]', [], None),
        ('["not_published"]', [happened("decision", "2020-01-06", 'outcome = "rejected"')], None),
    ],
)
def test_a_rating_that_is_contested_may_not_be_published(
    told: Told, pending: str, events: list[str], published: bool | None
) -> None:
    rules = {"objection": f"{{ pending = {pending} }}"}
    facts = told(rules, story("2020-03-01", BAD, happened("objection", "2020-01-05"), *events))
    assert facts.get("published") is published
