"""From when on what follows of a limit, by the words of the rules alone."""

from datetime import date, datetime
from pathlib import Path

import pytest

from haochaping.foundation.clock import CN
from haochaping.policy.profile import Profile
from haochaping.policy.rule_files import RuleDirs
from haochaping.policy.rulebook import Rulebook
from haochaping.rectification.escalations import Planned, planned, tells_the_hour
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


LIMIT = """
[[rectification]]
from = 2026-10-01
document = "d"
article = "第八条"
value = {{ {} }}
"""


def profile(folder: Path, text: str) -> Profile:
    """The rules of Kunming with these of an operator on top."""
    path = folder / "jurisdictions" / "ours" / "profile.toml"
    path.parent.mkdir(parents=True)
    path.write_text(OURS.partition("[[escalations]]")[0] + text, "utf-8")
    return Rulebook.of(RuleDirs.tried(folder)).profile("530100", date(2026, 11, 23))


def followed(folder: Path, value: str, *, due: datetime = DUE, by_day: bool = False) -> tuple[Planned, ...]:
    """What follows by one rule."""
    rules = profile(folder, ENTRY.format(value))
    return tuple(each for each in planned(rules, {}, due, by_day=by_day) if each.rule == "one")


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
        'on = "overdue", action = "talk", times = 3',  # of several orders, not of one
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


@pytest.mark.parametrize(
    ("limit", "told"),
    [
        ('n = 48, unit = "hour", after = "rating"', True),
        ('n = 48, unit = "hour", after = "opening"', True),
        ('n = 48, unit = "hour", after = "verification"', False),  # the handler's own act
        ('n = 48, unit = "hour", after = "answer"', False),  # has not happened
        ('n = 5, unit = "calendar_day", after = "rating", count_first = false', False),
    ],
)
def test_which_ends_would_tell_the_hour_of_the_rating(tmp_path: Path, limit: str, told: bool) -> None:
    rated = datetime(2026, 11, 20, 10, 17, tzinfo=CN)
    events = {"rating": rated, "opening": rated, "verification": datetime(2026, 11, 23, 9, tzinfo=CN)}
    assert tells_the_hour(profile(tmp_path, LIMIT.format(limit)), events) is told


def test_where_no_limit_is_laid_down_nothing_tells_the_hour() -> None:
    rules = Rulebook.load().profile("310000", date(2026, 11, 23))
    assert rules.rectification is None
    assert not tells_the_hour(rules, {})
