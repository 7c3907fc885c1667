"""What differs between what is expected and what is found, and how it is told."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

from haochaping.policy.scenario import NOTHING, Difference, Run, compared
from haochaping.policy.scenario_text import difference_told, differences, lines, plain, value_told
from tests.unit.policy.samples import rated, story

AT_NOON = datetime.fromisoformat("2020-01-02 12:00")
MIDNIGHT = datetime.fromisoformat("2020-01-02 00:00")


@pytest.mark.parametrize(
    ("expected", "found", "same"),
    [
        (1, 1, True),
        (1, 2, False),
        ("a", "a", True),
        (True, True, True),
        # A number is no yes, and a text no number.
        (1, True, False),
        (True, 1, False),
        ("1", 1, False),
        (date(2020, 1, 2), date(2020, 1, 2), True),
        (date(2020, 1, 2), date(2020, 1, 3), False),
        # 00:00 of a day may be written as the day.
        (date(2020, 1, 2), MIDNIGHT, True),
        (date(2020, 1, 3), MIDNIGHT, False),
        (date(2020, 1, 2), AT_NOON, False),
        (AT_NOON, AT_NOON, True),
        (MIDNIGHT, AT_NOON, False),
        # Fractions: by a number that is exactly that, or as they are shown.
        (Decimal("0.5"), Fraction(1, 2), True),
        (1, Fraction(1), True),
        (2, Fraction(1), False),
        (True, Fraction(1), False),
        ("≈0.333333", Fraction(1, 3), True),
        ("0.333333", Fraction(1, 3), False),
        (Decimal("0.333333"), Fraction(1, 3), False),
        ("不评分", None, True),
        (0, None, False),
        # Yes and no may be written in words.
        ("是", True, True),
        ("否", False, True),
        ("是", False, False),
        # Lists and tables are looked through; a list of one may be written without its brackets.
        ("a", ["a"], True),
        ("b", ["a"], False),
        ("a", ["a", "b"], False),
        (["b", "a"], ["a", "b"], False),
        (["a", 1], ["a", 1], True),
        (["a", 1], ("a", 1), True),
        (["a"], ["a", 1], False),
        ([], [], True),
        (["a", 2], ["a", 1], False),
        ({"n": 1}, {"n": 1, "m": 2}, True),
        ({"n": 1}, {"n": 2}, False),
        ({"n": 1}, {"m": 1}, False),
        ([{"n": 1}], [{"n": 1, "m": 2}], True),
    ],
)
def test_what_is_the_same(expected: Any, found: Any, same: bool) -> None:
    assert (compared("x", {"key": expected}, {"key": found}) == []) is same


def test_names_come_in_no_order() -> None:
    assert compared("list x", {"named": ["乙", "甲"]}, {"named": ["甲", "乙"]}) == []
    assert compared("list x", {"named": ["乙", "丙"]}, {"named": ["甲", "乙"]}) != []
    assert compared("list x", {"named": "甲"}, {"named": ["甲"]}) == []


@pytest.mark.parametrize(
    ("expected", "found", "difference"),
    [
        ({"a": 1}, {"a": 2}, Difference("x", "a", 1, 2)),
        ({"level": 1}, {"levels": 2}, Difference("x", "level", 1, NOTHING, "did you mean 'levels'?")),
        ({"a": 1}, {"xyz": 2, "uvw": 3}, Difference("x", "a", 1, NOTHING, "known are uvw, xyz")),
        ({"a": 1}, {}, Difference("x", "a", 1, NOTHING, "known are none")),
        ({"a": {"b": 1}}, {"a": {"b": 2}}, Difference("x", "a.b", 1, 2)),
        # `steps.contact` may be nested where facts are dotted.
        ({"steps": {"contact": 1}}, {"steps.contact": 2, "step": 1}, Difference("x", "steps.contact", 1, 2)),
        (
            {"steps": {"contakt": 1}},
            {"steps.contact": 2},
            Difference("x", "steps.contakt", 1, NOTHING, "did you mean 'contact'?"),
        ),
        ({"a": [1, 2]}, {"a": [1, 3]}, Difference("x", "a[1]", 2, 3)),
        ({"a": [{"b": 1}]}, {"a": [{"b": 2}]}, Difference("x", "a[0].b", 1, 2)),
    ],
)
def test_a_difference_is_placed(
    expected: dict[str, Any], found: dict[str, Any], difference: Difference
) -> None:
    assert compared("x", expected, found) == [difference]


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (None, "不评分"),
        (True, "是"),
        (False, "否"),
        (3, "3"),
        ("甲", "甲"),
        (date(2020, 1, 2), "2020-01-02"),
        (Fraction(1, 2), "0.5"),
        (Fraction(1, 3), "≈0.333333"),
        ([], "[]"),
        ({}, "无"),
        ([1, True], "[1、是]"),
        ([Fraction(1, 2), None], "[0.5、不评分]"),
        ({"a": 1, "b": Fraction(1, 2)}, "a 1，b 0.5"),
        ((1, 2), "1、2"),
        ((), "无"),
    ],
)
def test_a_value_in_words(value: object, words: str) -> None:
    assert value_told(value) == words


@pytest.mark.parametrize(
    ("value", "json"),
    [
        ({"a": (1, None), 3: True}, {"a": [1, None], "3": True}),
        (Fraction(1, 3), "≈0.333333"),
        (date(2020, 1, 2), "2020-01-02"),
        (AT_NOON, "2020-01-02T12:00:00"),
        (Decimal("1.50"), "1.50"),
        (["甲"], ["甲"]),
    ],
)
def test_a_value_as_json(value: object, json: object) -> None:
    assert plain(value) == json


def test_a_difference_without_a_hint_or_a_key() -> None:
    assert list(difference_told(Difference("list x", "", 1, 2))) == [
        "不符 list x",
        "  - 预期 1",
        "  + 实得 2",
    ]


def test_the_whole_run_line_by_line(play: Callable[..., Run]) -> None:
    rules = {
        "scores.final": '{ parts = [{ label = "参评", measure = "participation", counts_defaults = false }] }',
        "revisits.r": '{ of = "bad" }',
    }
    run = play(rules, story("2020-01-10", rated("2020-01-03", 4)))
    told = list(lines(run))
    assert told[0] == "示例（第一条）"
    assert told[1].startswith("规则：示例市，版本 ")
    assert told[2:4] == ["办件服务 甲", "  window = 未规定"]
    assert told[-14:] == [
        "  bad = 否",
        "得分 final/本单位",
        "  points = 1",
        "  parts:",
        "    name = 参评",
        "    value = 1",
        "    points = 1",
        "    of = 主动评价数 1，办件服务次数 1",
        "  rank = 1",
        "回访 r",
        "  means = []",
        "  of = 0",
        "  at_least = 未规定",
        "符合：1 项预期",
    ]


def test_what_is_looked_at_and_not_there_is_told_with_what_is_near(play: Callable[..., Run]) -> None:
    text = story("2020-01-10").replace('occasion = "甲"\narticle', 'occasion = "申"\narticle')
    assert list(differences(play({}, text))) == [
        "不符 occasion 申",
        "  - 预期 （没有）",
        "  + 实得 （没有）（known are 甲）",
    ]


def test_an_article_of_the_head_that_no_rule_cites_is_told(play: Callable[..., Run]) -> None:
    text = story("2020-01-10").replace('cites = ["第一条"]', 'cites = ["第一条", "第九条"]')
    assert list(differences(play({}, text))) == [
        "不符 cites 第九条",
        "  - 预期 第九条",
        "  + 实得 （没有）（no rule in force here cites it）",
    ]


def test_where_no_jurisdiction_applies_nothing_is_played(play: Callable[..., Run]) -> None:
    with pytest.raises(LookupError):
        play({}, story("2020-01-10").replace("999100", "110000"))


def test_a_score_is_looked_at_by_its_unit(play: Callable[..., Run]) -> None:
    rules = {"scores.final": '{ parts = [{ measure = "participation", counts_defaults = false }] }'}
    text = story("2020-01-10", rated("2020-01-03", 4), more='unit = "甲局"')
    score = '[[expect]]\nscore = "final"\narticle = "第一条"\npoints = 1\n'
    assert play(rules, text + score).differences == ()
    named = score.replace("points", 'unit = "甲局"\npoints')
    assert play(rules, text + named).differences == ()
    (other,) = play(rules, text + named.replace("甲局", "乙局")).differences
    assert (other.about, other.hint) == ("score final/乙局", "did you mean 'final/甲局'?")
