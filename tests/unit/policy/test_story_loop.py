"""What turns a step round: attempts, extensions, orders sent back, what was found, verdicts, a second rectification."""

from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from haochaping.policy.rulebook import Rulebook, RulesError
from haochaping.policy.scenario import run
from haochaping.policy.scenario_file import read_scenario
from tests.unit.policy.samples import happened, laid_down, rated, story

Told = Callable[..., Mapping[str, Any]]
BAD = rated("2020-01-03 09:00:00", 1)
LATER = "2020-06-01"
NOT_BEGUN = "尚未起算"


def days(n: int, after: str) -> str:
    """So many calendar days after an event, the next day the first."""
    return f'{{ n = {n}, unit = "calendar_day", after = "{after}", count_first = false }}'


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
