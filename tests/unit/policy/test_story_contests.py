"""A bad rating contested, judged by the citizen, revisited; and whether it counts in the end."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from tests.unit.policy.samples import happened, rated, story

Told = Callable[..., Mapping[str, Any]]
BAD = rated("2020-01-03 09:00:00", 1)
LATER = "2020-03-01"


def days(n: int, after: str, more: str = "") -> str:
    """So many calendar days after an event, the next day the first."""
    return f'{{ n = {n}, unit = "calendar_day", after = "{after}", count_first = false{more} }}'


OBJECTION = "{ limit = " + days(3, "rating") + ', decided_by = "government"%s }'
OBJECTED = happened("objection", "2020-01-05")


SCALE = (
    'scale = [{ key = "good", label = "满意", satisfied = true }, '
    '{ key = "poor", label = "不满意", satisfied = false }]'
)
DONE = happened("rectification", "2020-01-06")


VERIFIED = happened("verification", "2020-01-05", 'outcome = "upheld"')
UNHAPPY = happened("verdict", "2020-01-08", 'outcome = "unsatisfied"')


@pytest.mark.parametrize(
    ("more", "now", "events", "state"),
    [
        ("", "2020-01-06 23:00:00", [], "期内"),
        ("", "2020-01-07", [], "逾期未提出"),
        (', silence = "accepted"', "2020-01-07", [], "视为无异议"),
        (', silence = "none"', "2020-01-07", [], "逾期未提出"),
        ("", LATER, [happened("objection", "2020-01-07")], "逾期提出，不予受理"),
        ("", "2020-01-09 23:00:00", [OBJECTED], "待决定"),
        ("", "2020-01-10", [OBJECTED], "逾期未决"),
        (', silence_of_body = "none"', "2020-01-10", [OBJECTED], "逾期未决"),
        (', silence_of_body = "upheld"', "2020-01-10", [OBJECTED], "逾期未决，视为成立"),
        (', silence_of_body = "rejected"', "2020-01-10", [OBJECTED], "逾期未决，视为不成立"),
        (', silence_of_body = "escalated"', "2020-01-10", [OBJECTED], "逾期未决，转上一级"),
        ("", LATER, [OBJECTED, happened("decision", "2020-01-08", 'outcome = "upheld"')], "异议成立"),
        ("", LATER, [OBJECTED, happened("decision", "2020-01-08", 'outcome = "rejected"')], "异议不成立"),
        ("", LATER, [OBJECTED, happened("decision", "2020-01-08")], "已决定"),
        (', grounds = ["mistaken"]', LATER, [OBJECTED], "逾期未决"),
        (
            ', grounds = ["mistaken"]',
            LATER,
            [happened("objection", "2020-01-05", 'ground = "malicious"')],
            "理由不在规定之内，不予受理",
        ),
        (
            ', grounds = ["mistaken"]',
            LATER,
            [happened("objection", "2020-01-05", 'ground = "mistaken"')],
            "逾期未决",
        ),
    ],
)
def test_an_objection(told: Told, more: str, now: str, events: list[str], state: str) -> None:
    rules = {"objection": OBJECTION % more, "review": days(4, "objection")}
    facts = told(rules, story(now, BAD, *events))
    assert facts["objection"] == date(2020, 1, 6)
    assert facts["objection_state"] == state
    assert facts["objection_by"] == "本级人民政府"


@pytest.mark.parametrize(
    ("at", "last"),
    [("2020-01-06 23:00:00", date(2020, 1, 10)), ("2020-01-07", None)],
)
def test_only_an_objection_in_time_is_reviewed(told: Told, at: str, last: date | None) -> None:
    rules = {"objection": OBJECTION % "", "review": days(4, "objection")}
    assert told(rules, story(LATER, BAD, happened("objection", at))).get("review") == last


def test_an_appeal_goes_by_its_own_limits_and_before_the_decision(told: Told) -> None:
    rules = {
        "objection": OBJECTION % "",
        "review": days(4, "objection"),
        "appeal": f'{{ limit = {days(2, "decision")}, decided_by = "level_above_authority" }}',
        "appeal_review": days(6, "appeal"),
        "voiding": '{ grounds = ["mistaken"] }',
    }
    decided = happened("decision", "2020-01-08", 'outcome = "rejected"')
    appealed = happened("appeal", "2020-01-09")
    facts = told(rules, story(LATER, BAD, OBJECTED, decided, appealed))
    assert (facts["appeal"], facts["appeal_review"]) == (date(2020, 1, 10), date(2020, 1, 15))
    assert facts["appeal_state"] == "逾期未决"
    assert facts["counted"] is True
    upheld = happened("appeal_decision", "2020-01-12", 'outcome = "upheld"\nground = "mistaken"')
    facts = told(rules, story(LATER, BAD, OBJECTED, decided, appealed, upheld))
    assert (facts["appeal_state"], facts["objection_state"]) == ("异议成立", "异议不成立")
    assert (facts["counted"], facts["effect"]) == (False, "not_counted")


def test_without_rules_on_objections_nothing_is_said_of_them(told: Told) -> None:
    facts = told({}, story(LATER, BAD, OBJECTED))
    assert facts["objection"] == "未规定"
    assert not {"objection_state", "objection_by", "appeal", "review"} & set(facts)


@pytest.mark.parametrize(
    ("pending", "last"),
    [
        ("", date(2020, 1, 8)),
        (', pending = ["not_counted"]', date(2020, 1, 8)),
        # Pending from 5 January to the 8th: three days that are not counted.
        (', pending = ["rectification_stands_still"]', date(2020, 1, 11)),
    ],
)
def test_an_objection_may_stop_the_clock_of_the_rectification(told: Told, pending: str, last: date) -> None:
    rules = {"rectification": days(5, "rating"), "objection": OBJECTION % pending}
    decided = happened("decision", "2020-01-08", 'outcome = "rejected"')
    assert told(rules, story(LATER, BAD, OBJECTED, decided))["rectification"] == last


@pytest.mark.parametrize(
    ("more", "now", "outcome", "satisfied", "sets_off"),
    [
        ("", LATER, None, None, None),
        ("", LATER, "satisfied", True, None),
        ("", LATER, "unsatisfied", False, "none"),
        (', unsatisfied = "reopen"', LATER, "unsatisfied", False, "reopen"),
        (', unsatisfied = "reopen"', LATER, "satisfied", True, None),
        (', silence = "satisfied"', LATER, None, True, None),
        (', silence = "unsatisfied", unsatisfied = "supervise"', LATER, None, False, "supervise"),
        (', silence = "none"', LATER, None, None, None),
        # Three days from the rectification: until the end of the 9th.
        (', silence = "satisfied"', "2020-01-09 23:59:59", None, None, None),
        (', silence = "satisfied"', "2020-01-10", None, True, None),
        (', silence = "satisfied"', LATER, "unsatisfied", False, "none"),
    ],
)
def test_the_verdict_on_the_rectification(
    told: Told, more: str, now: str, outcome: str | None, satisfied: bool | None, sets_off: str | None
) -> None:
    rules = {"verdict": f"{{ {SCALE}, limit = {days(3, 'rectification')}{more} }}"}
    given = [happened("verdict", "2020-01-08", f'outcome = "{outcome}"')] if outcome else []
    facts = told(rules, story(now, BAD, DONE, *given))
    assert facts["verdict"] == date(2020, 1, 9)
    assert facts.get("verdict_satisfied") is satisfied
    assert facts.get("verdict_sets_off") == sets_off


def test_a_verdict_without_a_limit_is_never_taken_for_given(told: Told) -> None:
    facts = told({"verdict": f'{{ {SCALE}, silence = "satisfied" }}'}, story(LATER, BAD, DONE))
    assert not {"verdict", "verdict_satisfied"} & set(facts)
    assert "verdict" not in told({}, story(LATER, BAD, DONE))


@pytest.mark.parametrize(
    ("of", "rating", "events", "falls"),
    [
        ("all", "", [], True),
        ("bad", "named = false", [], True),
        ("named_bad", "", [], True),
        ("named_bad", "named = false", [], False),
        ("rectified", "", [], False),
        ("rectified", "", [DONE], True),
        ("verified_bad", "", [], False),
        ("verified_bad", "", [VERIFIED], True),
        ("objected", "", [], False),
        ("objected", "", [OBJECTED], True),
        ("unsatisfied", "", [DONE], False),
        ("unsatisfied", "", [DONE, UNHAPPY], True),
        ("default", "", [DONE, VERIFIED, OBJECTED, UNHAPPY], False),
    ],
)
def test_which_revisits_a_bad_rating_falls_under(
    told: Told, of: str, rating: str, events: list[str], falls: bool
) -> None:
    rules = {"revisits.r": f'{{ of = "{of}", share = 1 }}', "verdict": f"{{ {SCALE} }}"}
    facts = told(rules, story(LATER, rated("2020-01-03", 1, rating), *events))
    assert facts.get("revisits.r") == ("必须回访" if falls else None)


def test_a_revisit_tells_who_until_when_and_whether_by_draw(told: Told) -> None:
    rules = {
        "revisits.r": f'{{ of = "bad", share = 0.1, by = "named:热线", limit = {days(7, "rating")} }}',
        "revisits.s": '{ of = "bad" }',
    }
    facts = told(rules, story(LATER, BAD))
    assert (facts["revisits.r"], facts["revisits.r_by"]) == ("列入抽样", "热线")
    assert facts["revisits.r_due"] == date(2020, 1, 10)
    assert facts["revisits.s"] == "列入抽样"
    assert not {"revisits.s_by", "revisits.s_due"} & set(facts)


UPHELD = happened("decision", "2020-01-06", 'outcome = "upheld"\nground = "mistaken"')


@pytest.mark.parametrize(
    ("rules", "events", "counted", "effect"),
    [
        ({}, [], True, None),
        # A ground that was established, and voids.
        ({"voiding": '{ grounds = ["mistaken"] }'}, [UPHELD], False, "not_counted"),
        ({"voiding": '{ grounds = ["mistaken"], effect = "unrated" }'}, [UPHELD], False, "unrated"),
        ({"voiding": '{ grounds = ["malicious"] }'}, [UPHELD], True, None),
        ({}, [UPHELD], True, None),
        (
            {"voiding": '{ grounds = ["mistaken"] }'},
            [happened("decision", "2020-01-06", 'outcome = "rejected"\nground = "mistaken"')],
            True,
            None,
        ),
        (
            {"voiding": '{ grounds = ["mistaken"] }'},
            [happened("verification", "2020-01-06", 'outcome = "upheld"\nground = "mistaken"')],
            False,
            "not_counted",
        ),
        # The decision goes before the verification that it was about.
        (
            {"voiding": '{ grounds = ["mistaken"] }'},
            [
                happened("verification", "2020-01-05", 'outcome = "upheld"\nground = "mistaken"'),
                happened("decision", "2020-01-06", 'outcome = "rejected"'),
            ],
            True,
            None,
        ),
        # While it is contested.
        ({"objection": OBJECTION % ', pending = ["not_counted"]'}, [OBJECTED], False, None),
        ({"objection": OBJECTION % ', pending = ["revisit_waits"]'}, [OBJECTED], True, None),
        (
            {"objection": OBJECTION % ', pending = ["not_counted"]'},
            [OBJECTED, happened("decision", "2020-01-06", 'outcome = "rejected"')],
            True,
            None,
        ),
        # Only from a certain event on.
        ({"counting": '{ bad_from = "verification" }'}, [], False, None),
        ({"counting": '{ bad_from = "verification" }'}, [VERIFIED], True, None),
        # Rectified, and the citizen satisfied.
        (
            {"counting": '{ rectified_satisfied = "not_counted" }', "verdict": f"{{ {SCALE} }}"},
            [DONE, happened("verdict", "2020-01-08", 'outcome = "satisfied"')],
            False,
            None,
        ),
        (
            {"counting": '{ rectified_satisfied = "not_counted" }', "verdict": f"{{ {SCALE} }}"},
            [DONE, UNHAPPY],
            True,
            None,
        ),
        (
            {"counting": '{ rectified_satisfied = "stays" }', "verdict": f"{{ {SCALE} }}"},
            [DONE, happened("verdict", "2020-01-08", 'outcome = "satisfied"')],
            True,
            None,
        ),
    ],
)
def test_whether_a_bad_rating_counts(
    told: Told, rules: dict[str, str], events: list[str], counted: bool, effect: str | None
) -> None:
    facts = told(rules, story(LATER, BAD, *events))
    assert (facts["counted"], facts.get("effect")) == (counted, effect)


def test_what_is_decided_later_does_not_count_yet(told: Told) -> None:
    rules = {"voiding": '{ grounds = ["mistaken"] }'}
    assert told(rules, story("2020-01-05 23:00:00", BAD, UPHELD))["counted"] is True
    assert told(rules, story("2020-01-06", BAD, UPHELD))["counted"] is False
