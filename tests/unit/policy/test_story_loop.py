"""What turns an order round: sent back, what was found, verdicts, a second rectification."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

import pytest

from tests.unit.policy.samples import days, happened, rated, story

Told = Callable[..., Mapping[str, Any]]
BAD = rated("2020-01-03 09:00:00", 1)
LATER = "2020-06-01"
NOT_BEGUN = "尚未起算"


@pytest.mark.parametrize(
    ("outcome", "rectification"),
    [
        ("", date(2020, 1, 13)),
        ('outcome = "upheld"', date(2020, 1, 13)),
        ('outcome = "partly_upheld"', date(2020, 1, 10)),
        ('outcome = "rejected"', "无须整改"),
        ('outcome = "no_legal_basis"', date(2020, 1, 13)),
    ],
)
def test_rules_look_at_what_was_found(told: Told, outcome: str, rectification: date | str) -> None:
    rules = {
        "rectification": f'{days(5, "verification")}\n[[rectification]]\nonly = {{ findings = ["partly_upheld"] }}\n'
        f'from = 2020-01-01\ndocument = "d"\narticle = "第一条"\nvalue = {days(2, "verification")}',
        "steps.answer": f'{{ limit = {days(1, "verification")} }}\nonly = {{ findings = ["rejected"] }}',
        "revisits.v": '{ of = "verified_bad", share = 1 }',
    }
    facts = told(rules, story(LATER, BAD, happened("verification", "2020-01-08", outcome)))
    untrue = "rejected" in outcome
    assert facts["rectification"] == rectification
    assert facts.get("steps.answer") == (date(2020, 1, 9) if untrue else None)
    assert ("revisits.v" in facts) is not untrue


@pytest.mark.parametrize(
    ("rule", "rectification"),
    [
        ("ends = true", "无须整改"),
        ("ends = false", date(2020, 1, 13)),
        ("ends = true, rectified = true", "无须整改"),
    ],
)
def test_what_has_no_legal_basis_is_explained(told: Told, rule: str, rectification: date | str) -> None:
    rules = {
        "no_legal_basis": f"{{ limit = {days(5, 'verification')}, {rule} }}",
        "rectification": days(5, "verification"),
    }
    found = happened("verification", "2020-01-08", 'outcome = "no_legal_basis"')
    late = told(rules, story(LATER, BAD, found))
    assert (late["rectification"], late["no_legal_basis"]) == (rectification, date(2020, 1, 13))
    assert late["no_legal_basis_state"] == "逾期"
    told_so = happened("explanation", "2020-01-13 20:00:00")
    assert told(rules, story(LATER, BAD, found, told_so))["no_legal_basis_state"] == "按时"
    true = told(rules, story(LATER, BAD, happened("verification", "2020-01-08")))
    assert "no_legal_basis_state" not in true
    assert true["rectification"] == date(2020, 1, 13)


def test_what_need_not_be_explained_has_no_state(told: Told) -> None:
    rules = {"no_legal_basis": f"{{ limit = {days(5, 'verification')}, explained = false }}"}
    found = happened("verification", "2020-01-08", 'outcome = "no_legal_basis"')
    assert "no_legal_basis_state" not in told(rules, story(LATER, BAD, found))


SENT = happened("dispatch", "2020-01-04")


@pytest.mark.parametrize(
    ("rule", "returns", "said"),
    [
        ("allowed = true", ["2020-01-20"], "可以退回"),
        ("allowed = false", ["2020-01-05"], "不得退回"),
        (f"allowed = true, limit = {days(1, 'dispatch')}", ["2020-01-05 23:00:00"], "可以退回"),
        (f"allowed = true, limit = {days(1, 'dispatch')}", ["2020-01-06"], "逾期退回"),
        ("allowed = true, times = 1", ["2020-01-05", "2020-01-06"], "超过规定次数"),
        ("allowed = true, times = 2", ["2020-01-05", "2020-01-06"], "可以退回"),
        ('allowed = true, grounds = ["other_unit"]', ["2020-01-05"], "可以退回"),
        ('allowed = true, grounds = ["mistaken"]', ["2020-01-05"], "理由不在规定之内"),
    ],
)
def test_an_order_that_is_sent_back(told: Told, rule: str, returns: list[str], said: str) -> None:
    back = [happened("return", at, 'ground = "other_unit"') for at in returns]
    assert told({"send_back": f"{{ {rule} }}"}, story(LATER, BAD, SENT, *back))["send_back_state"] == said


def test_a_ground_that_nobody_gave_is_not_refused(told: Told) -> None:
    rules = {"send_back": '{ allowed = true, grounds = ["mistaken"] }'}
    facts = told(rules, story(LATER, BAD, SENT, happened("return", "2020-01-05")))
    assert facts["send_back_state"] == "可以退回"
    assert "send_back_state" not in told(rules, story(LATER, BAD, SENT))


@pytest.mark.parametrize(
    ("rule", "last"),
    [
        ("allowed = true, restarts = true", date(2020, 1, 14)),
        ("allowed = true", date(2020, 1, 9)),
        ("allowed = false, restarts = true", date(2020, 1, 9)),
    ],
)
def test_what_is_dispatched_anew_may_begin_anew(told: Told, rule: str, last: date) -> None:
    rules = {"send_back": f"{{ {rule} }}", "steps.verification": f"{{ limit = {days(5, 'dispatch')} }}"}
    anew = [
        happened("return", "2020-01-06"),
        happened("dispatch", "2020-01-09"),
        happened("dispatch", "2020-01-20"),
    ]
    assert told(rules, story(LATER, BAD, SENT, *anew))["steps.verification"] == last


SCALE = (
    'scale = [{ key = "good", label = "满意", satisfied = true }, '
    '{ key = "fair", label = "一般", satisfied = false, sets_off = "supervise" }, '
    '{ key = "poor", label = "不满意", satisfied = false }]'
)


def judged(*answers: str) -> list[str]:
    """The rectification, and what the citizen says of it on the 20th and the days after."""
    said = [happened("verdict", f"2020-01-{20 + n}", f'outcome = "{each}"') for n, each in enumerate(answers)]
    return [happened("rectification", "2020-01-06"), happened("answer", "2020-01-06"), *said]


@pytest.mark.parametrize(
    ("rule", "answers", "satisfied", "sets_off", "rework"),
    [
        ('unsatisfied = "reopen"', ["good"], True, None, NOT_BEGUN),
        ('unsatisfied = "reopen"', ["satisfied"], True, None, NOT_BEGUN),
        ('unsatisfied = "reopen"', ["poor"], False, "reopen", date(2020, 1, 27)),
        ('unsatisfied = "reopen"', ["unsatisfied"], False, "reopen", date(2020, 1, 27)),
        ('unsatisfied = "reopen"', ["fair"], False, "supervise", NOT_BEGUN),
        ('unsatisfied = "reopen"', ["poor", "good"], True, None, date(2020, 1, 27)),
        ('unsatisfied = "reopen", times = 1', ["poor", "poor"], False, "none", date(2020, 1, 27)),
        (
            'unsatisfied = "reopen", times = 1, beyond = "supervise"',
            ["poor", "poor"],
            False,
            "supervise",
            date(2020, 1, 27),
        ),
        (
            'unsatisfied = "reopen", times = 1, beyond = "supervise"',
            ["poor"],
            False,
            "reopen",
            date(2020, 1, 27),
        ),
        ('unsatisfied = "reopen", times = 2', ["poor", "poor"], False, "reopen", date(2020, 1, 28)),
        ('unsatisfied = "escalate"', ["poor"], False, "escalate", NOT_BEGUN),
        # Silence, and an answer that is none.
        ('unsatisfied = "reopen"', [], None, None, NOT_BEGUN),
        ('unsatisfied = "reopen", silence = "unsatisfied"', ["what"], False, "reopen", date(2020, 1, 19)),
        ('unsatisfied = "reopen", silence = "satisfied"', [], True, None, NOT_BEGUN),
    ],
)
def test_what_the_citizen_makes_of_it(
    told: Told,
    rule: str,
    answers: list[str],
    satisfied: bool | None,
    sets_off: str | None,
    rework: date | str,
) -> None:
    rules = {
        "verdict": f"{{ {SCALE}, limit = {days(5, 'answer')}, {rule} }}",
        "steps.rework": f"{{ limit = {days(7, 'reopening')} }}",
    }
    facts = told(rules, story(LATER, BAD, *judged(*answers)))
    assert (facts.get("verdict_satisfied"), facts.get("verdict_sets_off")) == (satisfied, sets_off)
    assert facts["steps.rework"] == rework


@pytest.mark.parametrize(
    ("unsatisfied", "outcome", "said", "rework"),
    [
        ('unsatisfied = "reopen"', "unsatisfied", "reopen", date(2020, 1, 15)),
        ('unsatisfied = "supervise"', "unsatisfied", "supervise", NOT_BEGUN),
        ('unsatisfied = "reopen"', "satisfied", None, NOT_BEGUN),
        ("share = 1", "unsatisfied", None, NOT_BEGUN),
    ],
)
def test_a_revisit_may_begin_it_anew(
    told: Told, unsatisfied: str, outcome: str, said: str | None, rework: date | str
) -> None:
    rules = {
        "revisits.all": f'{{ of = "bad", {unsatisfied} }}',
        "steps.rework": f"{{ limit = {days(5, 'reopening')} }}",
    }
    facts = told(rules, story(LATER, BAD, happened("revisit", "2020-01-10", f'outcome = "{outcome}"')))
    assert (facts.get("revisits.all_sets_off"), facts["steps.rework"]) == (said, rework)


def test_a_second_rectification_is_a_step_like_others(told: Told) -> None:
    rules = {
        "verdict": f'{{ {SCALE}, unsatisfied = "reopen" }}',
        "steps.rework": f"{{ limit = {days(7, 'reopening')} }}",
        "escalations.e": '{ on = "overdue", action = "talk", step = "rework" }',
    }
    late = [*judged("poor"), happened("rework", "2020-01-28")]
    facts = told(rules, story(LATER, BAD, *late))
    assert (facts["steps.rework_state"], facts["escalations.e"]) == ("逾期完成", "talk")
    facts = told(rules, story(LATER, BAD, *judged("poor"), happened("rework", "2020-01-27")))
    assert facts["steps.rework_state"] == "按时"
    assert "escalations.e" not in facts
    at_once = told(rules, story(LATER, BAD, *judged("poor"), happened("rework", "2020-01-20")))
    assert at_once["steps.rework_state"] == "按时", "also at the moment of the verdict"


def test_each_rectification_is_measured_by_its_own_beginning(told: Told) -> None:
    rules = {
        "verdict": f'{{ {SCALE}, unsatisfied = "reopen" }}',
        "steps.rework": f"{{ limit = {days(7, 'reopening')} }}",
    }
    first = happened("rework", "2020-01-20 12:00:00")
    facts = told(rules, story(LATER, BAD, *judged("poor", "poor"), first))
    assert (facts["steps.rework"], facts["steps.rework_state"]) == (date(2020, 1, 28), "逾期")
    again = happened("rework", "2020-01-29")
    facts = told(rules, story(LATER, BAD, *judged("poor", "poor"), first, again))
    assert facts["steps.rework_state"] == "逾期完成"


def test_every_answer_that_is_not_satisfied_counts(told: Told) -> None:
    rules = {
        "verdict": f'{{ {SCALE}, limit = {days(5, "answer")}, silence = "unsatisfied" }}',
        "escalations.e": '{ on = "unsatisfied", action = "talk", times = 2 }',
    }
    assert told(rules, story(LATER, BAD, *judged("poor", "fair")))["escalations.e"] == "talk"
    assert "escalations.e" not in told(rules, story(LATER, BAD, *judged("poor", "good")))
    # Silence is one.
    assert "escalations.e" not in told(rules, story(LATER, BAD, *judged()))
