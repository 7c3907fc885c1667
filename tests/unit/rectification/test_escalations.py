"""From when on what follows of a limit, by the words of the rules alone."""

from datetime import date, datetime
from pathlib import Path

import pytest

from haochaping.accounts.rules import Permission
from haochaping.foundation.clock import CN
from haochaping.policy.profile import Profile
from haochaping.policy.rule_files import RuleDirs
from haochaping.policy.rulebook import Rulebook
from haochaping.rectification.course.limits import STEPS
from haochaping.rectification.escalations import Planned, permission_for, planned, states_before
from haochaping.rectification.states import State
from tests.escalations import OURS

DUE = datetime(2026, 12, 15, tzinfo=CN)
ENTRY = """
[[escalations]]
key = "one"
from = 2026-10-01
document = "d"
article = "第九条"
value = {{ {} }}
"""
AFTER = 'limit = {{ n = {}, unit = "{}", after = "due", count_first = false }}'


def profile(folder: Path, text: str) -> Profile:
    """The rules of Kunming with these of an operator on top."""
    path = folder / "jurisdictions" / "ours" / "profile.toml"
    path.parent.mkdir(parents=True)
    path.write_text(OURS.partition("[[escalations]]")[0] + text, "utf-8")
    return Rulebook.of(RuleDirs.tried(folder)).profile("530100", date(2026, 11, 23))


def followed(folder: Path, value: str, *, due: datetime = DUE, by_day: bool = False) -> tuple[Planned, ...]:
    """What follows by one rule."""
    rules = profile(folder, ENTRY.format(value))
    found = planned(rules, {}, due, step="rectification", by_day=by_day)
    return tuple(each for each in found if each.rule == "one")


@pytest.mark.parametrize(
    ("value", "at"),
    [
        ('on = "overdue", action = "reminder"', "2026-12-15T00:00"),
        ('on = "overdue", action = "reminder", times = 1', "2026-12-15T00:00"),
        ('on = "overdue", action = "talk", step = "rectification"', "2026-12-15T00:00"),
        # Overdue with the 15th; the two working days after the 14th are the 15th and 16th.
        ('on = "overdue", action = "talk", ' + AFTER.format(2, "workday"), "2026-12-17T00:00"),
        (
            'on = "overdue", action = "talk", limit = { n = 6, unit = "hour", after = "due" }',
            "2026-12-15T06:00",
        ),
        (
            'on = "nearing", action = "reminder", '
            'limit = { n = 3, unit = "workday", before = "due", count_first = false }',
            "2026-12-09T00:00",
        ),
        (
            'on = "nearing", action = "reminder", limit = { n = 48, unit = "hour", before = "due" }',
            "2026-12-13T00:00",
        ),
    ],
)
def test_its_instant(tmp_path: Path, value: str, at: str) -> None:
    (found,) = followed(tmp_path, value)
    assert found.at == datetime.fromisoformat(at).replace(tzinfo=CN)
    assert (found.body, found.clause) == ("", "《关于差评工单催办的决定（示例）》第九条")


@pytest.mark.parametrize(
    "value",
    [
        'on = "overdue", action = "talk", step = "contact"',
        'on = "retaliation", action = "accountability"',
        'on = "repeated_bad", action = "talk"',  # how often is not laid down
    ],
)
def test_what_one_limit_does_not_set_off(tmp_path: Path, value: str) -> None:
    assert followed(tmp_path, value) == ()


def test_what_depends_on_holidays_that_are_not_settled_is_not_planned(tmp_path: Path) -> None:
    value = 'on = "overdue", action = "talk", ' + AFTER.format(5, "workday")
    assert followed(tmp_path, value, due=datetime(2026, 12, 31, tzinfo=CN)) == ()


def test_to_whom_and_by_whose_words(tmp_path: Path) -> None:
    value = 'on = "overdue", action = "named:挂牌督办", to = "level_above_authority"'
    (found,) = followed(tmp_path, value)
    assert (found.happened, found.action, found.body) == (
        "overdue",
        "named:挂牌督办",
        "level_above_authority",
    )


@pytest.mark.parametrize(
    ("due", "at"),
    [
        ("2026-12-15T00:00", "2026-12-15T00:00"),
        ("2026-12-15T10:17", "2026-12-16T00:00"),
        ("2026-12-15T00:00:01", "2026-12-16T00:00"),
    ],
)
def test_by_the_day_nothing_tells_the_hour(tmp_path: Path, due: str, at: str) -> None:
    end = datetime.fromisoformat(due).replace(tzinfo=CN)
    (found,) = followed(tmp_path, 'on = "overdue", action = "reminder"', due=end, by_day=True)
    assert found.at == datetime.fromisoformat(at).replace(tzinfo=CN)


def test_a_step_that_says_so_is_reported_when_it_was_not_done_in_time(tmp_path: Path) -> None:
    entry = """
[[steps]]
key = "{}"
from = 2026-10-01
document = "d"
article = "第八条"
[steps.value]
if_failed = "escalated"
to = "same_level_authority"
limit = {{ n = 2, unit = "workday", after = "opening", count_first = false }}
{}
"""
    rules = profile(tmp_path, entry.format("receipt", "") + entry.format("contact", "attempts = 3"))
    assert planned(rules, {}, DUE, step="receipt") == (
        Planned(
            "steps.receipt",
            "overdue",
            "report",
            "same_level_authority",
            DUE,
            "《关于差评工单催办的决定（示例）》第八条",
        ),
    )
    assert planned(rules, {}, DUE, step="contact") == (), "of attempts in vain nothing has an instant"
    assert planned(rules, {}, DUE, step="closure") == ()


def test_a_limit_presses_until_its_act_can_come_no_more() -> None:
    before = {State.OPENED, State.TAKEN}
    assert states_before("receipt") == {State.OPENED}
    assert states_before("contact") == states_before("verification") == before
    assert states_before("plan") == {*before, State.VERIFIED}
    assert states_before("extension") == {*State} - {State.CLOSED, State.RETURNED}
    assert (
        states_before("rectification")
        == states_before("rework")
        == {*before, State.VERIFIED, State.EXPLAINED}
    )
    assert states_before("dispatch") == {State.OPENED, State.RETURNED}
    assert states_before("closure") == {*State} - {State.CLOSED, State.RETURNED}
    assert states_before("supervision") == {*State} - {State.RETURNED}
    assert states_before("decision") == states_before("appeal_decision") == {*State}
    for step in STEPS:
        assert states_before(step), step


def test_who_may_end_a_limit_is_told_of_it() -> None:
    told = {step: permission_for(step) for step in (*STEPS, "decision")}
    assert told.pop("dispatch") is Permission.DISPATCH_ORDERS
    assert told.pop("extension") is Permission.GRANT_EXTENSIONS
    assert told.pop("upload") is Permission.UPLOAD_RESULTS
    assert told.pop("supervision") is Permission.SUPERVISE_ORDERS
    assert told.pop("approval") is Permission.APPROVE_ANSWERS
    assert told.pop("decision") is Permission.DECIDE_OBJECTIONS
    assert set(told.values()) == {Permission.HANDLE_ORDERS}
