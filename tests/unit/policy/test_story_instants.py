"""Things that happen at one and the same instant, and several decisions or channels of one occasion."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest

from haochaping.policy.scenario import Run
from tests.unit.policy.samples import happened, rated, story

Told = Callable[..., Mapping[str, Any]]
Play = Callable[..., Run]
NOW = "2020-06-01"
NOON = "2020-01-05 12:00:00"
UPHELD = 'outcome = "upheld"\nground = "%s"'


@pytest.mark.parametrize(
    ("first", "decisions", "again", "answer"),
    [
        ("2020-01-03", [("decision", NOON, "mistaken")], NOON, "采纳"),
        ("2020-01-03", [("decision", NOON, "mistaken")], "2020-01-05 11:59:59", "已评价，不再重复计"),
        (NOON, [("decision", NOON, "mistaken")], "2020-01-06", "采纳"),
        ("2020-01-06", [("decision", NOON, "mistaken")], "2020-01-07", "已评价，不再重复计"),
        # One decision with such a ground is enough, whatever the other one said.
        (
            "2020-01-03",
            [("decision", NOON, "malicious"), ("appeal_decision", NOON, "mistaken")],
            "2020-01-06",
            "采纳",
        ),
        (
            "2020-01-03",
            [("decision", NOON, "mistaken"), ("decision", "2020-01-08", "mistaken")],
            "2020-01-06",
            "采纳",
        ),
    ],
)
def test_who_may_rate_again_after_a_decision(
    told: Told, first: str, decisions: list[tuple[str, str, str]], again: str, answer: str
) -> None:
    rules = {"voiding": '{ grounds = ["mistaken"], effect = "rate_again" }'}
    events = [happened(word, at, UPHELD % ground) for word, at, ground in decisions]
    facts = told(rules, story(NOW, rated(first, 1), *events, rated(again, 5)))
    assert facts["ratings"] == ["采纳", answer]


@pytest.mark.parametrize(
    ("second", "counted"), [("2020-01-05 12:00:01", True), (NOON, False), ("2020-01-05 11:59:59", False)]
)
def test_a_decision_says_nothing_of_a_rating_after_it(play: Play, second: str, counted: bool) -> None:
    rules = {
        "voiding": '{ grounds = ["mistaken"], effect = "not_counted" }',
        "frequency": '{ per = "occasion", most = 2 }',
    }
    decided = happened("decision", NOON, UPHELD % "mistaken")
    tables = rated("2020-01-03", 1), decided, rated(second, 5)
    (found,) = play(rules, story(NOW, *tables)).stories
    assert any("level_5" in cell.counts for _, cell in found.cells) is counted
    assert any("voided" in cell.counts for _, cell in found.cells) is not counted


def test_of_several_decisions_one_before_the_rating_is_enough(play: Play) -> None:
    rules = {
        "voiding": '{ grounds = ["mistaken"], effect = "not_counted" }',
        "frequency": '{ per = "occasion", most = 2 }',
    }
    decisions = [happened("decision", at, UPHELD % "mistaken") for at in (NOON, "2020-01-09")]
    tables = rated("2020-01-03", 1), *decisions, rated("2020-01-07", 5)
    (found,) = play(rules, story(NOW, *tables)).stories
    assert any("level_5" in cell.counts for _, cell in found.cells)


@pytest.mark.parametrize(
    ("known", "channels", "counted"),
    [
        ("", ("qr", "sms"), ["qr", "sms"]),
        ('channel = "kiosk"', ("qr", "sms"), ["qr", "sms"]),
        ('channel = "kiosk"', ("qr", ""), ["qr", "kiosk"]),
    ],
)
def test_each_rating_is_counted_in_its_own_channel(
    play: Play, known: str, channels: tuple[str, str], counted: list[str]
) -> None:
    each = [
        rated(f"2020-01-0{n}", 4, f'channel = "{channel}"' if channel else "")
        for n, channel in enumerate(channels, start=3)
    ]
    (found,) = play({"frequency": '{ per = "occasion", most = 2 }'}, story(NOW, *each, more=known)).stories
    assert [cell.channel for _, cell in found.cells if "level_4" in cell.counts] == counted


@pytest.mark.parametrize("unverified", ["甲", "乙"])
def test_what_was_never_verified_piles_up_with_nothing(play: Play, unverified: str) -> None:
    within = '{ n = 30, unit = "calendar_day", after = "verification", count_first = false }'
    rules = {"escalations.e": f'{{ action = "talk", on = "repeated_bad", times = 2, within = {within} }}'}
    other = '[[occasions]]\nname = "乙"\ndivision = "999100"\nservice = 2020-01-02 10:00:00\n'
    second = rated("2020-01-13", 1).replace("甲", "乙")
    verified = happened("verification", "2020-01-14").replace("甲", "甲" if unverified == "乙" else "乙")
    run = play(rules, story(NOW, rated("2020-01-03", 1), other, second, verified))
    assert ["escalations.e" in each.facts for each in run.stories] == [False, False]


def test_a_joint_case_counts_for_each_of_its_units(play: Play) -> None:
    rules = {
        "frequency": '{ per = "occasion", counted_for = "all" }',
        "scores.final": '{ parts = [{ measure = "count", of = ["level_4"] }] }',
    }
    run = play(rules, story(NOW, rated("2020-01-03", 4), more='unit = "甲局"\nparts = ["乙局"]'))
    assert [run.facts["score", f"final/{unit}"]["points"] for unit in ("甲局", "乙局")] == [1, 1]


@pytest.mark.parametrize("level", range(1, 6))
def test_a_level_that_nobody_gave_is_nought_and_not_unknown(play: Play, level: int) -> None:
    rules = {"scores.final": f'{{ parts = [{{ measure = "count", of = ["level_{level}"] }}] }}'}
    run = play(rules, story(NOW, rated("2020-01-03", 4)))
    assert run.facts["score", "final/本单位"]["points"] == int(level == 4)
