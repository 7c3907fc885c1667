"""What is laid down and not carried out is said wherever rules are shown."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from haochaping.policy.checking import remarks
from haochaping.policy.dimensions import DIMENSIONS
from haochaping.policy.explanation import explain, lines
from haochaping.policy.occasions import Occasion
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.shortfalls import COUNTED_BY, shortfall
from tests.unit.policy.samples import HEAD, entry

Load = Callable[..., Rulebook]
ON = date(2022, 6, 1)
LIMIT = '{ n = 5, unit = "workday", after = "rating", count_first = false }'


@pytest.mark.parametrize(
    ("dimension", "value", "said"),
    [
        ("repetition", 'value = { per = "rater", counted = "first" }', "重复评价"),
        ("questions", 'value = { words = "是否方便" }', "不列出"),
        ("channels", 'value = { required = ["web"] }', "逐项核对"),
        ("channels", 'value = { allowed = ["web"] }', "同样收下"),
        ("reason_form", 'value = { accepts = ["tag", "text"] }', ""),
        ("reason_form", 'value = { accepts = ["text"] }', "写了文字"),
        ("reason_form", 'value = { accepts = ["tag", "text"], all = true }', "写了文字"),
        ("counting", 'value = { matched_only = true, unrated = "apart" }', ""),
        ("counting", 'value = { bad_from = "verification" }', "自提交时起"),
        ("counting", 'value = { rectified_satisfied = "not_counted" }', "原评价仍"),
        ("counting", 'value = { unrated = "left_out" }', "另行统计"),
        ("trigger", "value = { at_once = true }", ""),
        ("trigger", "value = { reason = true }", "凡差评"),
        ("trigger", "value = { at_once = false }", "凡差评"),
        ("escalations", 'value = { on = "overdue", action = "reminder" }', ""),
        ("escalations", 'value = { on = "retaliation", action = "reminder" }', "工作人员掌握"),
        (
            "escalations",
            'value = { on = "repeated_bad", action = "reminder", times = 3, same = "rater" }',
            "不统计",
        ),
        (
            "escalations",
            'value = { on = "repeated_bad", action = "reminder", times = 3, in_a_row = true }',
            "不统计",
        ),
        ("frequency", 'value = { per = "occasion" }', ""),
        ("bad_needs_reason", "value = true", ""),
        ("repetition", "absent = true", ""),
    ],
)
def test_in_words_where_rules_are_explained(load: Load, dimension: str, value: str, said: str) -> None:
    book = load(city=entry(dimension, value))
    (found,) = book.jurisdictions[0].values[dimension]
    told = shortfall(dimension, found)
    assert (said in told) if said else told == ""
    shown = [line for line in lines(explain(book, Occasion("999100"), ON)) if "尚未实行" in line]
    assert [line.strip() for line in shown] == ([f"尚未实行：{told}"] if told else [])


def test_every_dimension_that_is_named_is_one() -> None:
    named = {"repetition", "questions", "invitations", "surveys", "keeping"}
    named |= {"frequency", "channels", "reason_form", "counting", "trigger", "escalations"}
    assert {*COUNTED_BY} < named <= DIMENSIONS.keys()


def test_with_file_and_line_where_rules_are_checked(load: Load, tmp_path: Path) -> None:
    load(city=entry("questions", 'value = { words = "是否方便" }'), other=HEAD.replace("999100", "888800"))
    file = tmp_path / "jurisdictions/city/profile.toml"
    (told,) = remarks(tmp_path)
    assert told.startswith("jurisdictions/city/profile.toml:")
    assert "questions: not carried out by the running system: " in told
    assert remarks(file) == remarks(file.parent) == (told,)
    assert remarks(tmp_path / "jurisdictions/other") == ()
