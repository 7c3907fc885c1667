"""What happens at the very instant of looking has happened; what comes after it is not known yet."""

from collections.abc import Callable
from typing import Any

import pytest

from haochaping.policy.scenario import Run
from tests.unit.policy.samples import happened, rated, story

Play = Callable[..., Run]
NOW = "2020-01-10 12:00:00"
JUST_AFTER = "2020-01-10 12:00:01"
BAD = rated("2020-01-03 09:00:00", 1)


def days(n: int, after: str, more: str = "") -> str:
    """So many calendar days after an event, the next day the first."""
    return f'{{ n = {n}, unit = "calendar_day", after = "{after}", count_first = false{more} }}'


OBJECTED = happened("objection", "2020-01-09 09:00:00")
GRANTED = 'step = "rectification"'
RULES = {
    "objection": "{ limit = " + days(30, "rating") + " }",
    "review": days(1, "objection"),
    "rectification": days(8, "rating", ', suspended_by = ["suspension"]'),
    "send_back": "{ allowed = true, restarts = true }",
}
RULES["extensions.rectification"] = "{ times = 1, limit = " + days(5, "due") + " }"


@pytest.mark.parametrize(
    ("before", "event", "fact", "unknown", "known"),
    [
        ("", happened("objection", "AT"), "objection_state", "期内", "待决定"),
        (OBJECTED, happened("decision", "AT", 'outcome = "upheld"'), "objection_state", "待决定", "异议成立"),
        ("", happened("rectification", "AT"), "rectification_state", "期内", "按时"),
        ("", happened("extension", "AT", GRANTED), "extended_to", None, "2020-01-16"),
        ("", happened("return", "AT"), "send_back_state", None, "可以退回"),
        # While a step is pending the limit has no end; from the instant on at which it is over it has one.
        ("", happened("suspension", "AT"), "rectification", "2020-01-11", "尚未起算"),
        (
            happened("suspension", "2020-01-04"),
            happened("resumption", "AT"),
            "rectification",
            "尚未起算",
            "2020-01-17",
        ),
        ("", rated("AT", 4), "ratings", ["采纳"], ["采纳", "已评价，不再重复计"]),
    ],
)
def test_what_happens_now(play: Play, before: str, event: str, fact: str, unknown: Any, known: Any) -> None:
    found = []
    for at in (JUST_AFTER, NOW):
        (each,) = play(RULES, story(NOW, BAD, before, event.replace("AT", at))).stories
        said = each.facts.get(fact)
        found.append(said if said is None or isinstance(said, (str, list)) else str(said))
    assert found == [unknown, known]


@pytest.mark.parametrize(("at", "known"), [(JUST_AFTER, False), (NOW, True)])
def test_what_is_given_of_the_occasion_itself(play: Play, at: str, known: bool) -> None:
    rules = {"rectification": days(8, "acceptance")}
    (found,) = play(rules, story(NOW, BAD, more=f"acceptance = {at}")).stories
    assert ("acceptance" in found.events) is known
    assert (found.facts["rectification"] == "尚未起算") is not known


@pytest.mark.parametrize(("begun", "ends"), [("2020-01-04 08:00:00", "2020-01-14"), ("AT", "2020-01-11")])
def test_a_pause_may_be_over_at_once(play: Play, begun: str, ends: str) -> None:
    at = "2020-01-07 08:00:00"
    events = happened("suspension", begun.replace("AT", at)), happened("resumption", at)
    (found,) = play(RULES, story(NOW, BAD, *events)).stories
    assert str(found.facts["rectification"]) == ends


@pytest.mark.parametrize(
    ("dispatched", "ends"),
    [
        ("2020-01-06 09:59:59", "2020-01-06"),
        ("2020-01-06 10:00:00", "2020-01-10"),
        ("2020-01-07", "2020-01-11"),
    ],
)
def test_what_is_dispatched_anew_from_its_return_on_begins_anew(
    play: Play, dispatched: str, ends: str
) -> None:
    rules = {**RULES, "rectification": days(4, "dispatch")}
    events = (
        happened("dispatch", "2020-01-02"),
        happened("return", "2020-01-06 10:00:00"),
        happened("dispatch", dispatched),
    )
    (found,) = play(rules, story(NOW, BAD, *events)).stories
    assert str(found.facts["rectification"]) == ends


def test_an_occasion_begins_with_the_first_thing_known_of_it(play: Play) -> None:
    more = "acceptance = 2020-01-04\nreceipt = 2020-01-06\n"
    text = story(NOW, BAD, more=more)
    (served,) = play({}, text).stories
    (unserved,) = play({}, text.replace("service = 2020-01-02 10:00:00\n", "")).stories
    assert [each.began.day for each in (served, unserved)] == [2, 4]
