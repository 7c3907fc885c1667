"""What a bad rating sets off: the order, its steps and limits, what is late."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any

import pytest

from tests.unit.policy.samples import happened, rated, story

Told = Callable[..., Mapping[str, Any]]
BAD = rated("2020-01-03 09:00:00", 1)
LATER = "2020-03-01"


def days(n: int, after: str, more: str = "") -> str:
    """So many calendar days after an event, the next day the first."""
    return f'{{ n = {n}, unit = "calendar_day", after = "{after}", count_first = false{more} }}'


@pytest.mark.parametrize(
    ("trigger", "rating", "opened"),
    [
        (None, "reason = false\nnamed = false\nreachable = false", True),
        ("{}", "reason = false\nnamed = false\nreachable = false", True),
        ("{ reason = true }", "reason = false", False),
        ("{ reason = true }", "named = false\nreachable = false", True),
        ("{ named = true }", "named = false", False),
        ("{ named = true }", "reason = false\nreachable = false", True),
        ("{ reachable = true }", "reachable = false", False),
        ("{ reachable = true }", "named = false\nreason = false", True),
        ("{ named = true, reason = true }", "reason = false", False),
        ("{ named = true, reason = true }", "", True),
    ],
)
def test_which_bad_ratings_open_an_order(told: Told, trigger: str | None, rating: str, opened: bool) -> None:
    rules = {"steps.contact": "{}"} | ({"trigger": trigger} if trigger else {})
    facts = told(rules, story(LATER, rated("2020-01-03", 2, rating)))
    assert facts["bad"] is True
    assert facts["order"] is opened
    assert ("steps.contact" in facts) is opened


@pytest.mark.parametrize(("at_once", "last"), [("true", date(2020, 1, 8)), ("false", "尚未起算")])
def test_an_order_opens_with_the_rating_or_when_it_is_opened(
    told: Told, at_once: str, last: date | str
) -> None:
    rules = {"trigger": f"{{ at_once = {at_once} }}", "steps.contact": f"{{ limit = {days(5, 'opening')} }}"}
    assert told(rules, story(LATER, BAD))["steps.contact"] == last
    opened = told(rules, story(LATER, BAD, happened("opening", "2020-01-10")))
    assert opened["steps.contact"] == date(2020, 1, 15)


def test_a_class_of_its_own_is_that_of_what_nobody_has_classified(told: Told) -> None:
    rules = {
        "classes.plain": '{ label = "一般" }',
        "classes.other": '{ label = "其他", on_its_own = true }',
    }
    limits = """
[[rectification]]
from = 2020-01-01
document = "d"
article = "第二条"
only.classes = ["%s"]
value = %s
"""
    rules["rectification"] = days(3, "rating") + limits % ("other", days(9, "rating"))
    assert told(rules, story(LATER, BAD))["rectification"] == date(2020, 1, 12)
    plain = story(LATER, BAD, more='bad_class = "plain"')
    assert told(rules, plain)["rectification"] == date(2020, 1, 6)


CONTACT = {"steps.contact": f"{{ limit = {days(3, 'rating')} }}"}
PROVISIONAL = {"steps.contact": f"{{ limit = {days(3, 'rating').replace('calendar_day', 'workday')} }}"}


@pytest.mark.parametrize(
    ("rules", "now", "done", "state"),
    [
        (CONTACT, "2020-01-06 23:59:59", None, "期内"),
        (CONTACT, "2020-01-07", None, "逾期"),
        (CONTACT, LATER, "2020-01-06 23:59:59", "按时"),
        (CONTACT, LATER, "2020-01-07", "逾期完成"),
        (PROVISIONAL, "2020-01-08 23:00:00", None, "期内"),
        (PROVISIONAL, LATER, None, "推定期限，暂不生效"),
    ],
)
def test_how_a_step_stands(told: Told, rules: dict[str, str], now: str, done: str | None, state: str) -> None:
    doing = [happened("contact", done)] if done else []
    assert told(rules, story(now, BAD, *doing))["steps.contact_state"] == state


def test_a_step_without_a_limit_is_there_and_has_no_state(told: Told) -> None:
    facts = told({"steps.contact": "{}"}, story(LATER, BAD))
    assert facts["steps.contact"] == "未规定"
    assert "steps.contact_state" not in facts


def test_who_is_responsible(told: Told) -> None:
    rules = {
        "responsibility.contact": '{ by = "government" }',
        "responsibility.dispatch": '{ by = "named:某局" }',
    }
    facts = told(rules, story(LATER, BAD))
    assert facts["responsible.dispatch"] == "某局"
    assert facts["responsible.contact"] == "本级人民政府"


@pytest.mark.parametrize(
    ("rule", "failed", "meaning", "verified"),
    [
        ('{ attempts = 2, if_failed = "taken_as_true" }', 2, "taken_as_true", True),
        ('{ attempts = 2, if_failed = "taken_as_true" }', 3, "taken_as_true", True),
        ('{ attempts = 2, if_failed = "taken_as_true" }', 1, None, False),
        ('{ attempts = 2, if_failed = "closed" }', 2, "closed", False),
        ("{ attempts = 2 }", 2, None, False),
        ('{ if_failed = "closed" }', 2, None, False),
    ],
)
def test_attempts_in_vain(told: Told, rule: str, failed: int, meaning: str | None, verified: bool) -> None:
    rules = {"steps.contact": rule, "rectification": days(5, "verification")}
    vain = [happened("contact", f"2020-01-0{4 + n}", 'outcome = "failed"') for n in range(failed)]
    facts = told(rules, story(LATER, BAD, *vain))
    assert facts.get("steps.contact_failed") == meaning
    last = date(2020, 1, 4 + min(failed, 2) - 1 + 5)
    assert facts["rectification"] == (last if verified else "尚未起算")


@pytest.mark.parametrize(
    ("now", "done", "state"),
    [
        ("2020-01-08 23:59:59", None, "期内"),
        ("2020-01-09", None, "逾期"),
        (LATER, "2020-01-08 23:00:00", "按时"),
        (LATER, "2020-01-09", "逾期完成"),
    ],
)
def test_rectification(told: Told, now: str, done: str | None, state: str) -> None:
    doing = [happened("rectification", done)] if done else []
    facts = told({"rectification": days(5, "rating")}, story(now, BAD, *doing))
    assert (facts["rectification"], facts["rectification_state"]) == (date(2020, 1, 8), state)


def test_where_no_limit_is_laid_down_nothing_is_overdue(told: Told) -> None:
    facts = told({}, story(LATER, BAD))
    assert facts["rectification"] == "未规定"
    assert "rectification_state" not in facts


ASKED = happened("extension_request", "2020-01-07")
LONGER = f"limit = {days(10, 'due')}"


@pytest.mark.parametrize(
    ("rule", "events", "extended", "said"),
    [
        # Asked or granted in time, and nobody need grant it.
        (f"{{ {LONGER} }}", [ASKED], date(2020, 1, 18), None),
        (f"{{ {LONGER} }}", [happened("extension", "2020-01-07")], date(2020, 1, 18), None),
        (f"{{ {LONGER} }}", [], None, None),
        # Too late: after the limit itself, or after the day by which it must be asked for.
        (f"{{ {LONGER} }}", [happened("extension_request", "2020-01-09")], None, "逾期申请或不得延期"),
        (f"{{ {LONGER}, request = {days(2, 'rating')} }}", [ASKED], None, "逾期申请或不得延期"),
        (f"{{ {LONGER}, request = {days(4, 'rating')} }}", [ASKED], date(2020, 1, 18), None),
        (f"{{ {LONGER}, times = 0 }}", [ASKED], None, "逾期申请或不得延期"),
        (f"{{ {LONGER}, times = 1 }}", [ASKED], date(2020, 1, 18), None),
        # Somebody must grant it.
        (f'{{ {LONGER}, granted_by = "government" }}', [ASKED], None, "未批准"),
        (
            f'{{ {LONGER}, granted_by = "government" }}',
            [ASKED, happened("extension", "2020-01-08")],
            date(2020, 1, 18),
            None,
        ),
        (
            f'{{ {LONGER}, granted_by = "government", decided = {days(3, "extension_request")}, silence = "granted" }}',
            [ASKED],
            date(2020, 1, 18),
            None,
        ),
        (
            f'{{ {LONGER}, granted_by = "government", decided = {days(3, "extension_request")}, silence = "refused" }}',
            [ASKED],
            None,
            "未批准",
        ),
        # Not beyond the most; and as the grant says, where no length is laid down.
        (f"{{ {LONGER}, most = {days(4, 'due')} }}", [ASKED], date(2020, 1, 12), None),
        (f"{{ {LONGER}, most = {days(20, 'due')} }}", [ASKED], date(2020, 1, 18), None),
        ("{}", [happened("extension", "2020-01-07", "to = 2020-02-03")], date(2020, 2, 3), None),
        ("{}", [happened("extension_request", "2020-01-07", "to = 2020-02-03")], date(2020, 2, 3), None),
        (
            "{}",
            [
                happened("extension_request", "2020-01-06", "to = 2020-02-03"),
                happened("extension", "2020-01-07", "to = 2020-01-20"),
            ],
            date(2020, 1, 20),
            None,
        ),
        ("{}", [ASKED], "未规定", None),
    ],
)
def test_an_extension(told: Told, rule: str, events: list[str], extended: object, said: str | None) -> None:
    rules = {"rectification": days(5, "rating"), "extensions.rectification": rule}
    facts = told(rules, story("2020-03-01", BAD, *events))
    assert facts.get("extended_to") == extended
    assert facts.get("extension") == said


def test_what_is_extended_is_measured_by_the_new_limit(told: Told) -> None:
    rules = {"rectification": days(5, "rating"), "extensions.rectification": f"{{ {LONGER} }}"}
    done = happened("rectification", "2020-01-18 20:00:00")
    assert told(rules, story(LATER, BAD, ASKED, done))["rectification_state"] == "按时"
    assert told(rules, story("2020-01-19", BAD, ASKED))["rectification_state"] == "逾期"
    assert told(rules, story("2020-01-19", BAD))["rectification_state"] == "逾期"
    assert told(rules, story("2020-01-18 23:00:00", BAD, ASKED))["rectification_state"] == "期内"


def test_an_extension_that_no_rule_knows_changes_nothing(told: Told) -> None:
    facts = told({"rectification": days(5, "rating")}, story("2020-01-10", BAD, ASKED))
    assert facts["extension"] == "未规定"
    assert facts["rectification_state"] == "逾期"


def test_until_when_an_extension_is_asked_for(told: Told) -> None:
    rules = {
        "rectification": days(5, "rating"),
        "extensions.rectification": f"{{ {LONGER}, request = {days(4, 'rating')} }}",
    }
    assert told(rules, story(LATER, BAD, ASKED))["extension_request"] == date(2020, 1, 7)


SCALE = (
    'scale = [{ key = "good", label = "满意", satisfied = true }, '
    '{ key = "poor", label = "不满意", satisfied = false }]'
)
DONE = happened("rectification", "2020-01-06")


UNHAPPY = happened("verdict", "2020-01-08", 'outcome = "unsatisfied"')


OVERDUE = {"rectification": days(5, "rating"), "steps.contact": f"{{ limit = {days(2, 'rating')} }}"}


@pytest.mark.parametrize(
    ("rule", "now", "events", "met"),
    [
        ('on = "overdue", times = 1', "2020-01-06", [], True),
        ('on = "overdue", times = 1', "2020-01-05 23:00:00", [], False),
        # Of one step only.
        ('on = "overdue", step = "rectification", times = 1', "2020-01-06", [], False),
        ('on = "overdue", step = "rectification", times = 1', "2020-01-09", [], True),
        ('on = "overdue", step = "contact", times = 1', "2020-01-06", [], True),
        ('on = "overdue", step = "verification", times = 1', "2020-01-09", [], False),
        # So long after it was due.
        (f'on = "overdue", step = "contact", times = 1, limit = {days(3, "due")}', "2020-01-08", [], False),
        (f'on = "overdue", step = "contact", times = 1, limit = {days(3, "due")}', "2020-01-09", [], True),
        # What was done late went further while it was overdue, and not what was done before it would have.
        ('on = "overdue", step = "contact", times = 1', LATER, [happened("contact", "2020-01-07")], True),
        (
            f'on = "overdue", step = "contact", limit = {days(3, "due")}',
            LATER,
            [happened("contact", "2020-01-09")],
            True,
        ),
        (
            f'on = "overdue", step = "contact", limit = {days(3, "due")}',
            LATER,
            [happened("contact", "2020-01-08")],
            False,
        ),
        ('on = "overdue", step = "contact"', LATER, [happened("contact", "2020-01-05")], False),
        # From the second time on: one case alone does not tell. No number: each time.
        ('on = "overdue", times = 2', LATER, [], False),
        ('on = "overdue"', LATER, [], True),
        ('on = "unsatisfied", times = 1', LATER, [DONE, UNHAPPY], True),
        ('on = "unsatisfied", times = 1', LATER, [DONE], False),
        ('on = "returned", times = 1', LATER, [happened("return", "2020-01-04")], True),
        ('on = "returned", times = 1', LATER, [], False),
        ('on = "fabrication", times = 1', LATER, [DONE, UNHAPPY, happened("return", "2020-01-04")], False),
    ],
)
def test_an_escalation(told: Told, rule: str, now: str, events: list[str], met: bool) -> None:
    rules = {**OVERDUE, "verdict": f"{{ {SCALE} }}", "escalations.e": f'{{ {rule}, action = "talk" }}'}
    facts = told(rules, story(now, BAD, *events))
    assert facts.get("escalations.e") == ("talk" if met else None)


def test_an_extended_rectification_is_escalated_after_its_new_limit(told: Told) -> None:
    late = (
        f'{{ on = "overdue", step = "rectification", times = 1, action = "talk", limit = {days(3, "due")} }}'
    )
    rules = {
        "rectification": days(5, "rating"),
        "extensions.rectification": f"{{ {LONGER} }}",
        "escalations.e": late,
    }
    assert "escalations.e" not in told(rules, story("2020-01-21", BAD, ASKED))
    assert told(rules, story("2020-01-22", BAD, ASKED))["escalations.e"] == "talk"


def test_what_the_unit_may_do_instead_and_how_long_things_are_kept(told: Told) -> None:
    rules = {
        "send_back": f"{{ allowed = true, limit = {days(1, 'rating')} }}",
        "no_legal_basis": f"{{ limit = {days(2, 'rating')} }}",
        "keeping.ratings": (
            '{ what = "ratings", least = { n = 1, unit = "year", after = "rating", count_first = false }, '
            'most = { n = 2, unit = "year", after = "rating", count_first = false } }'
        ),
    }
    facts = told(rules, story(LATER, BAD))
    assert (facts["send_back_allowed"], facts["send_back"]) == (True, date(2020, 1, 4))
    assert facts["no_legal_basis"] == date(2020, 1, 5)
    assert facts["keeping.ratings_least"] == date(2021, 1, 3)
    assert facts["keeping.ratings_most"] == date(2022, 1, 3)
    orders = {**rules, "keeping.orders": f'{{ what = "orders", least = {days(3, "closure")} }}'}
    assert told(orders, story(LATER, BAD))["keeping.orders_least"] == "尚未起算"
    good = told(orders, story(LATER, rated("2020-01-03", 4)))
    assert (good["keeping.ratings_least"], "keeping.orders_least" in good) == (date(2021, 1, 3), False)
    bare = {"send_back": "{ allowed = false }", "no_legal_basis": "{}"}
    facts = told(bare, story(LATER, BAD))
    assert facts["send_back_allowed"] is False
    assert not {"send_back", "no_legal_basis"} & set(facts)
    silent = told({}, story(LATER, BAD))
    assert not {"send_back_allowed", "no_legal_basis"} & set(silent)


def test_a_limit_of_procedure_is_that_of_the_day_of_its_event(told: Told) -> None:
    changed = days(5, "rating") + (
        '\nto = 2020-01-05\n[[rectification]]\nfrom = 2020-01-05\ndocument = "d"\narticle = "第二条"\n'
        f"value = {days(9, 'verification')}"
    )
    assert told({"rectification": changed}, story(LATER, BAD))["rectification"] == date(2020, 1, 8)
    later = rated("2020-01-05", 1)
    assert told({"rectification": changed}, story(LATER, later))["rectification"] == "尚未起算"
    verified = happened("verification", "2020-01-07")
    assert told({"rectification": changed}, story(LATER, later, verified))["rectification"] == date(
        2020, 1, 16
    )


def test_a_limit_in_hours_is_told_as_an_instant(told: Told) -> None:
    rules = {"steps.contact": '{ limit = { n = 24, unit = "hour", after = "rating" } }'}
    assert told(rules, story(LATER, BAD))["steps.contact"] == datetime.fromisoformat("2020-01-04 09:00")
