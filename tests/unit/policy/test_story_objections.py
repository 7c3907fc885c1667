"""Who may object, how often and how; what silence and decisions establish; what holds while it is undecided."""

# ruff: noqa: E501 - tables of cases, one a line

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from tests.unit.policy.samples import happened, rated, story

Told = Callable[..., Mapping[str, Any]]
BAD = rated("2020-01-03 09:00:00", 1)
LATER = "2020-03-01"


def days(n: int, after: str) -> str:
    """So many calendar days after an event, the next day the first."""
    return f'{{ n = {n}, unit = "calendar_day", after = "{after}", count_first = false }}'


OBJECTION = "{ limit = " + days(3, "rating") + ', decided_by = "government"%s }'
OBJECTED = happened("objection", "2020-01-05")


def attempt(at: str, more: str) -> str:
    return happened("objection", at, more)


@pytest.mark.parametrize(
    ("rule", "more", "state"),
    [
        (', by = ["rated_person"]', 'by = "rated_organisation"', "提出人不在规定之内，不予受理"),
        (', by = ["rated_person"]', 'by = "rated_person"', "待决定"),
        (', by = ["rated_person"]', "", "待决定"),
        ("", 'by = "rated_organisation"', "待决定"),
        (', form = "written"', 'form = "online"', "形式不合规定，不予受理"),
        (', form = "written"', 'form = "written"', "待决定"),
        (', form = "written"', "", "待决定"),
        (', form = "any"', 'form = "online"', "待决定"),
        (", evidence = true", "evidence = false", "未附证据，不予受理"),
        (", evidence = true", "evidence = true", "待决定"),
        (", evidence = true", "", "待决定"),
        ("", "evidence = false", "待决定"),
        (', grounds = ["mistaken"]', 'ground = "malicious"', "理由不在规定之内，不予受理"),
        ("", 'ground = "malicious"', "待决定"),
        (", times = 1", "", "待决定"),
    ],
)
def test_who_may_object_how_and_for_what(told: Told, rule: str, more: str, state: str) -> None:
    facts = told({"objection": OBJECTION % rule}, story("2020-01-06", BAD, attempt("2020-01-05", more)))
    assert facts["objection_state"] == state
    assert "objection_answers" not in facts


def test_one_objects_so_often_and_what_was_refused_sets_no_clock_going(told: Told) -> None:
    rules = {
        "objection": OBJECTION % ', times = 1, by = ["rated_person"]',
        "review": days(4, "objection"),
    }
    tries = [
        attempt("2020-01-04", 'by = "rated_organisation"'),
        attempt("2020-01-05", 'by = "rated_person"'),
        attempt("2020-01-06", 'by = "rated_person"'),
        attempt("2020-01-08", 'by = "rated_person"'),
    ]
    facts = told(rules, story("2020-01-09", BAD, *tries))
    assert facts["objection_answers"] == ["提出人不在规定之内", "受理", "已超过次数", "逾期提出"]
    assert facts["objection_state"] == "待决定"
    assert facts["review"] == date(2020, 1, 9)
    later = told(rules, story("2020-01-05 12:00:00", BAD, *tries))
    assert later["objection_answers"] == ["提出人不在规定之内", "受理"]
    none = told(rules, story("2020-01-09", BAD, tries[0], tries[3]))
    assert none["objection_state"] == "逾期提出，不予受理"
    twice = {**rules, "objection": OBJECTION % ", times = 2"}
    assert told(twice, story("2020-01-06 12:00:00", BAD, *tries))["objection_answers"] == [
        "受理",
        "受理",
        "已超过次数",
    ]


def test_an_objection_that_cannot_begin_is_not_late(told: Told) -> None:
    rules = {"objection": f'{{ limit = {days(3, "notification")}, silence = "accepted" }}', "appeal": "{}"}
    facts = told(rules, story(LATER, BAD))
    assert (facts["objection"], facts["objection_state"]) == ("尚未起算", "尚未起算")
    assert (facts["appeal"], facts["appeal_state"]) == ("未规定", "期内")


VOIDS = {"voiding": '{ grounds = ["mistaken", "malicious"] }', "review": days(4, "objection")}
SILENT = {**VOIDS, "objection": OBJECTION % ', silence_of_body = "upheld"'}


@pytest.mark.parametrize(
    ("rules", "events", "counted"),
    [
        # The body is silent, and silence upholds: for the ground that was raised.
        (SILENT, [attempt("2020-01-05", 'ground = "mistaken"')], False),
        (SILENT, [attempt("2020-01-05", 'ground = "system"')], True),
        # No ground was named, and none follows from the rule.
        (SILENT, [OBJECTED], True),
        # Whichever of the rule's grounds it was, it voids.
        ({**VOIDS, "objection": OBJECTION % ', silence_of_body = "upheld", grounds = ["mistaken"]'}, [OBJECTED], False),
        ({**VOIDS, "objection": OBJECTION % ', silence_of_body = "upheld", grounds = ["mistaken", "system"]'}, [OBJECTED], True),
        # A decision without a ground is about the one that was raised.
        (SILENT, [attempt("2020-01-05", 'ground = "mistaken"'), happened("decision", "2020-01-06", 'outcome = "upheld"')], False),
        (SILENT, [attempt("2020-01-05", 'ground = "mistaken"'), happened("decision", "2020-01-06", 'outcome = "rejected"')], True),
        ({**SILENT, "objection": OBJECTION % ', silence_of_body = "rejected"'}, [attempt("2020-01-05", 'ground = "mistaken"')], True),
        # Silence that rejects goes before a verification; silence that means nothing does not.
        ({**SILENT, "objection": OBJECTION % ', silence_of_body = "rejected"'}, [happened("verification", "2020-01-04", 'outcome = "upheld"\nground = "mistaken"'), OBJECTED], True),
        ({**SILENT, "objection": OBJECTION % ""}, [happened("verification", "2020-01-04", 'outcome = "upheld"\nground = "mistaken"'), OBJECTED], False),
        ({**SILENT, "objection": OBJECTION % ""}, [happened("verification", "2020-01-04", 'outcome = "rejected"\nground = "mistaken"')], True),
        ({**SILENT, "objection": OBJECTION % ""}, [happened("verification", "2020-01-04", 'outcome = "upheld"')], True),
        (VOIDS, [happened("decision", "2020-01-06", 'outcome = "upheld"')], True),
    ],
)  # fmt: skip
def test_what_silence_and_decisions_without_a_ground_establish(
    told: Told, rules: dict[str, str], events: list[str], counted: bool
) -> None:
    assert told(rules, story(LATER, BAD, *events))["counted"] is counted


APPEAL = f"{{ limit = {days(2, 'decision')}%s }}"
REJECTED = happened("decision", "2020-01-08", 'outcome = "rejected"')
APPEALED = happened("appeal", "2020-01-09", 'ground = "malicious"')


@pytest.mark.parametrize(
    ("appeal", "now", "counted"),
    [
        ("", LATER, True),
        (', silence_of_body = "upheld"', "2020-01-15", True),
        (', silence_of_body = "upheld"', "2020-01-16", False),
        (', silence_of_body = "rejected"', "2020-01-16", True),
        (', pending = ["not_counted"]', "2020-01-15", False),
        (', pending = ["not_counted"]', "2020-01-16", True),
    ],
)
def test_an_appeal_of_which_nobody_decides(told: Told, appeal: str, now: str, counted: bool) -> None:
    rules = {**SILENT, "appeal": APPEAL % appeal, "appeal_review": days(6, "appeal")}
    facts = told(rules, story(now, BAD, attempt("2020-01-05", 'ground = "mistaken"'), REJECTED, APPEALED))
    assert facts["counted"] is counted


def test_while_it_is_pending_it_is_not_published_and_not_revisited(told: Told) -> None:
    rules = {
        "objection": OBJECTION % ', pending = ["not_published", "revisit_waits"]',
        "revisits.r": '{ of = "bad", share = 1 }',
    }
    facts = told(rules, story("2020-01-06", BAD, OBJECTED))
    assert (facts["published"], facts["revisits.r"]) == (False, "复核期间暂不回访")
    decided = told(rules, story(LATER, BAD, OBJECTED, REJECTED))
    assert decided["revisits.r"] == "必须回访"
    assert "published" not in decided
    free = told({**rules, "objection": OBJECTION % ""}, story("2020-01-06", BAD, OBJECTED))
    assert free["revisits.r"] == "必须回访"
    assert "published" not in free


@pytest.mark.parametrize(
    ("silence", "appeal"),
    [
        # Until 9 January; decided by silence at the first moment of the 10th, which is not counted.
        ("rejected", date(2020, 1, 15)),
        ("upheld", date(2020, 1, 15)),
        ("escalated", "尚未起算"),
        ("none", "尚未起算"),
    ],
)
def test_a_silence_that_decides_sets_the_clock_of_the_appeal_going(
    told: Told, silence: str, appeal: date | str
) -> None:
    rules = {
        "objection": OBJECTION % f', silence_of_body = "{silence}"',
        "review": days(4, "objection"),
        "appeal": f'{{ limit = {days(5, "decision")}, decided_by = "government" }}',
    }
    assert told(rules, story(LATER, BAD, OBJECTED))["appeal"] == appeal
    assert told(rules, story("2020-01-09 23:59:59", BAD, OBJECTED))["appeal"] == "尚未起算"


def test_a_silence_that_decides_ends_what_stood_still(told: Told) -> None:
    rules = {
        "objection": OBJECTION % ', silence_of_body = "rejected", pending = ["rectification_stands_still"]',
        "review": days(4, "objection"),
        "rectification": days(5, "rating"),
    }
    assert told(rules, story("2020-01-09", BAD, OBJECTED))["rectification"] == "尚未起算"
    # From the 6th to the 10th the clock stands still.
    assert told(rules, story(LATER, BAD, OBJECTED))["rectification"] == date(2020, 1, 13)
