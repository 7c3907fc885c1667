"""Every state, act, finding and clock has its words."""

import dataclasses
from collections.abc import Iterator
from datetime import date

import pytest
from django.utils import translation

from haochaping.faces.console.act_words import ACTS, CHOSEN, ground
from haochaping.faces.console.words import FINDINGS, STATES, WAITING, step_left, time_left
from haochaping.notices.states import PART, PRESSURE, REVISIT
from haochaping.notices.words import STEPS
from haochaping.policy.objections import GROUNDS
from haochaping.policy.vocabulary import MEANS
from haochaping.rectification.contests import REVIEW_STEPS
from haochaping.rectification.course import limits
from haochaping.rectification.needs import NEEDS
from haochaping.rectification.rules import Clock, ClockKind
from haochaping.rectification.states import Act, Finding, State


@pytest.fixture(autouse=True)
def chinese() -> Iterator[None]:
    """Whatever language an earlier test left behind in the thread."""
    with translation.override("zh-hans"):
        yield


def test_the_tables_are_total() -> None:
    assert set(STATES) == set(State)
    assert set(ACTS) == set(Act)
    assert set(FINDINGS) == set(Finding)
    others = {REVISIT, PART, PRESSURE, "objection"}
    assert set(STEPS) == {*limits.STEPS, *REVIEW_STEPS.values(), *others}
    assert set(CHOSEN["means"]) == set(MEANS)
    assert set(CHOSEN["ground"]) == set(GROUNDS)
    assert ground("named:其他") == "其他"


def test_every_word_has_its_english() -> None:
    tables = [*STATES.values(), *FINDINGS.values(), *STEPS.values(), *WAITING.values()]
    tables += [words for table in CHOSEN.values() for words in table.values()]
    tables += [text for words in ACTS.values() for text in dataclasses.astuple(words)]
    with translation.override("en"):
        said = [str(words) for words in tables]
        said += [tell(Clock(kind, n)) for tell in (_left, step_left) for kind in ClockKind for n in (0, 2)]
    assert [words for words in said if any("一" <= character <= "鿿" for character in words)] == []


def _left(clock: Clock) -> str:
    return time_left(clock).text


def test_an_act_with_a_text_says_which_and_an_act_without_says_nothing() -> None:
    for act, words in ACTS.items():
        need = NEEDS[act]
        assert bool(words.label) == bool(words.help) == bool(need.most)
        told = f"{need.least}至{need.most}个字" if need.least else f"最多{need.most}个字，可以不写"
        assert not need.most or told in str(words.help)


@pytest.mark.parametrize("kind", list(ClockKind))
def test_every_clock_has_words_and_only_overdue_is_red(kind: ClockKind) -> None:
    left = time_left(Clock(kind, 2))
    assert left.text
    assert (left.tone == "red") == (kind in {ClockKind.OVERDUE, ClockKind.MET_LATE})


@pytest.mark.parametrize(
    ("clock", "text", "tone"),
    [
        (Clock(ClockKind.RUNNING, 3, date(2026, 12, 14)), "还剩 3 个工作日", "amber"),
        (Clock(ClockKind.RUNNING, 15, date(2026, 12, 14)), "还剩 15 个工作日", "blue"),
        (Clock(ClockKind.RUNNING, 8, date(2027, 1, 5), True), "还剩 8 个工作日（推定）", "blue"),
        (Clock(ClockKind.OVERDUE, 2), "逾期 2 个工作日", "red"),
        (Clock(ClockKind.OVERDUE, 0), "已逾期", "red"),
        (Clock(ClockKind.NOT_LAID_DOWN), "未规定", "grey"),
    ],
)
def test_the_time_left_in_words(clock: Clock, text: str, tone: str) -> None:
    left = time_left(clock)
    assert (left.text, left.tone) == (text, tone)
