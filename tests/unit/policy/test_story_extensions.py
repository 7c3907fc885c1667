"""Limits that are extended: by a share or a limit, once or several times, and what runs on from them."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from haochaping.policy.rulebook import Rulebook, RulesError
from tests.unit.policy.samples import days, happened, laid_down, rated, story

Told = Callable[..., Mapping[str, Any]]
BAD = rated("2020-01-03 09:00:00", 1)
LATER = "2020-06-01"
NOT_BEGUN = "尚未起算"


@pytest.mark.parametrize(
    ("limit", "share", "last"),
    [
        ('n = 5, unit = "calendar_day"', "0.5", date(2020, 1, 10)),
        ('n = 6, unit = "calendar_day"', "0.5", date(2020, 1, 12)),
        ('n = 5, unit = "calendar_day"', "2", date(2020, 1, 18)),
        ('n = 2, unit = "month"', "0.5", date(2020, 4, 3)),
        ('n = 1, unit = "month"', "0.5", date(2020, 2, 18)),
        ('n = 1, unit = "month"', "1.5", date(2020, 3, 19)),
        ('n = 1, unit = "year"', "0.5", date(2021, 7, 2)),
        ('n = 1, unit = "year"', "1.5", date(2022, 6, 27)),
        ('n = 1, unit = "calendar_day"', "0.5", "未规定"),
    ],
)
def test_an_extension_by_a_share_of_the_limit(told: Told, limit: str, share: str, last: date | str) -> None:
    rules = {
        "rectification": f'{{ {limit}, after = "rating", count_first = false }}',
        "extensions.rectification": f"{{ share = {share} }}",
    }
    facts = told(rules, story("2021-12-01", BAD, happened("extension", "2020-01-04")))
    assert facts["extended_to"] == last


def test_a_share_of_hours_and_of_an_end_of_month(told: Told) -> None:
    rules = {"extensions.rectification": "{ share = 0.5 }"}
    asked = happened("extension", "2020-01-03 12:00:00")
    hours = {**rules, "rectification": '{ n = 24, unit = "hour", after = "rating" }'}
    assert str(told(hours, story(LATER, BAD, asked))["extended_to"]) == "2020-01-04 21:00:00"
    ends = {**rules, "rectification": '{ n = 2, unit = "month_end", after = "rating" }'}
    assert told(ends, story(LATER, BAD, asked))["extended_to"] == "未规定"


@pytest.mark.parametrize(
    ("times", "events", "last", "said"),
    [
        ("times = 2, ", [("extension", 5), ("extension", 12)], date(2020, 1, 28), None),
        ("times = 1, ", [("extension", 5), ("extension", 12)], date(2020, 1, 18), "超过规定次数"),
        ("", [("extension", 5), ("extension", 12)], date(2020, 1, 28), None),
        # A request that came to nothing does not use up the one that is allowed.
        ("times = 1, ", [("extension_request", 4), ("extension_request", 6), ("extension", 7)], date(2020, 1, 18), "未批准"),
        # A grant that nobody asked for is one too.
        ("times = 2, ", [("extension_request", 4), ("extension", 5), ("extension", 18)], date(2020, 1, 28), None),
    ],
)  # fmt: skip
def test_extensions_follow_each_other(
    told: Told, times: str, events: list[tuple[str, int]], last: date, said: str | None
) -> None:
    rules = {
        "rectification": days(5, "rating"),
        "extensions.rectification": f'{{ {times}granted_by = "government", limit = {days(10, "due")} }}',
    }
    asked = [happened(event, f"2020-01-{day:02}") for event, day in events]
    facts = told(rules, story(LATER, BAD, *asked))
    assert (facts["extended_to"], facts.get("extension")) == (last, said)


def test_extended_to_a_day_that_was_named_is_settled(told: Told) -> None:
    rules = {
        "rectification": days(5, "rating"),
        "extensions.rectification": f"{{ limit = {days(10, 'due')} }}",
    }
    facts = told(rules, story(LATER, BAD, happened("extension", "2020-01-05", "to = 2020-01-12")))
    assert facts["extended_to"] == date(2020, 1, 12)
    assert "extended_to_provisional" not in facts


def test_a_share_and_a_limit_are_not_both_laid_down(load: Callable[..., Rulebook]) -> None:
    rules = {"extensions.rectification": f"{{ share = 0.5, limit = {days(1, 'due')} }}"}
    with pytest.raises(RulesError, match="give `limit` or `share`, not both"):
        load(example=laid_down(**rules))


@pytest.mark.parametrize("name", ["steps", "responsibility", "extensions"])
def test_a_step_that_nobody_knows_is_named_as_ones_own(load: Callable[..., Rulebook], name: str) -> None:
    value = '{ by = "government" }' if name == "responsibility" else "{}"
    with pytest.raises(RulesError, match="or a key of one's own that begins with 'own_'"):
        load(example=laid_down(**{f"{name}.meeting": value}))
    assert load(example=laid_down(**{f"{name}.own_meeting": value}))


def test_the_most_is_counted_from_the_first_limit(told: Told) -> None:
    rules = {
        "rectification": days(5, "rating"),
        "extensions.rectification": f"{{ limit = {days(10, 'due')}, most = {days(15, 'due')} }}",
    }
    twice = [happened("extension", "2020-01-05"), happened("extension", "2020-01-12")]
    assert told(rules, story(LATER, BAD, *twice))["extended_to"] == date(2020, 1, 23)


def test_a_decision_is_due_after_its_own_request(told: Told) -> None:
    rule = f'limit = {days(10, "due")}, decided = {days(3, "extension_request")}, silence = "granted"'
    rules = {
        "rectification": days(5, "rating"),
        "extensions.rectification": f'{{ {rule}, granted_by = "government" }}',
    }
    asked = [happened("extension_request", "2020-01-04"), happened("extension_request", "2020-01-17")]
    assert told(rules, story("2020-01-20", BAD, *asked))["extended_to"] == date(2020, 1, 18)
    assert told(rules, story("2020-01-21", BAD, *asked))["extended_to"] == date(2020, 1, 28)


def test_silence_gives_no_more_time_for_what_was_done_before(told: Told) -> None:
    rule = f'limit = {days(10, "due")}, decided = {days(3, "extension_request")}, silence = "granted"'
    rules = {
        "rectification": days(5, "rating"),
        "extensions.rectification": f'{{ {rule}, granted_by = "government" }}',
    }
    asked = happened("extension_request", "2020-01-04")
    in_time = told(rules, story(LATER, BAD, asked, happened("rectification", "2020-01-06")))
    assert "extended_to" not in in_time
    assert in_time["extension"] == "未批准"
    late = told(rules, story(LATER, BAD, asked, happened("rectification", "2020-01-08 00:00:00")))
    assert late["extended_to"] == date(2020, 1, 18)
    own = {
        "steps.own_meeting": f'{{ label = "约谈", limit = {days(5, "rating")} }}',
        "extensions.own_meeting": f'{{ {rule}, granted_by = "government" }}',
    }
    asked = happened("extension_request", "2020-01-04", 'step = "own_meeting"')
    met = happened("named:约谈", "2020-01-06")
    assert told(own, story(LATER, BAD, asked))["steps.own_meeting_extended_to"] == date(2020, 1, 18)
    assert "steps.own_meeting_extended_to" not in told(own, story(LATER, BAD, asked, met))


def test_other_steps_are_extended_too(told: Told) -> None:
    rules = {
        "steps.verification": f"{{ limit = {days(5, 'rating')} }}",
        "extensions.verification": f"{{ limit = {days(2, 'due')} }}",
        "rectification": days(5, "rating"),
    }
    longer = happened("extension", "2020-01-05", 'step = "verification"')
    facts = told(rules, story(LATER, BAD, longer, happened("verification", "2020-01-10 12:00:00")))
    assert facts["steps.verification_extended_to"] == date(2020, 1, 10)
    assert facts["steps.verification_state"] == "按时"
    assert "extended_to" not in facts
    unknown = told(rules, story(LATER, BAD, happened("extension", "2020-01-05", 'step = "contact"')))
    assert not [key for key in unknown if "extend" in key or "extension" in key]


def test_an_extended_step_goes_further_after_its_new_limit(told: Told) -> None:
    rules = {
        "steps.verification": f"{{ limit = {days(5, 'rating')} }}",
        "extensions.verification": f"{{ limit = {days(2, 'due')} }}",
        "escalations.e": f'{{ on = "overdue", action = "talk", limit = {days(3, "due")} }}',
    }
    longer = happened("extension", "2020-01-05", 'step = "verification"')
    facts = told(rules, story("2020-01-13 12:00:00", BAD, longer))
    assert (facts["escalations.e_after"], "escalations.e" in facts) == (date(2020, 1, 13), False)
    assert told(rules, story("2020-01-14", BAD, longer))["escalations.e"] == "talk"


@pytest.mark.parametrize(
    ("longer", "to"),
    [
        # On 16, 17, 20 and 21 January the clock stands still: ten weekdays end on the 30th, fifteen on 6 February.
        ('n = 15, unit = "workday", after = "verification"', date(2020, 2, 6)),
        ('n = 5, unit = "workday", after = "due"', date(2020, 2, 6)),
    ],
)
def test_extended_to_so_many_days_stands_still_with_what_is_extended(
    told: Told, longer: str, to: date
) -> None:
    rules = {
        "rectification": '{ n = 10, unit = "workday", after = "verification", '
        'count_first = false, suspended_by = ["objection"] }',
        "extensions.rectification": f"{{ limit = {{ {longer}, count_first = false }} }}",
    }
    tables = [
        happened("verification", "2020-01-10"),
        happened("objection", "2020-01-15"),
        happened("decision", "2020-01-21", 'outcome = "rejected"'),
        happened("extension", "2020-01-28"),
    ]
    assert told(rules, story(LATER, BAD, *tables))["extended_to"] == to
