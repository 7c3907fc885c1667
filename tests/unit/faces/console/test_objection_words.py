"""No state, act, outcome, effect or word of the rules without words, in Chinese and in English."""

import re
from decimal import Decimal
from typing import get_args

import pytest
from django.utils import translation

from haochaping.faces.console import objection_words as words
from haochaping.faces.console.templatetags.objection_words import contest_share, review_left
from haochaping.policy.objections import Objection
from haochaping.policy.shapes import OneOf
from haochaping.ratings.states import VoidEffect
from haochaping.rectification.contests import Act, By, Kind, Outcome, State
from haochaping.rectification.rules import Clock, ClockKind


def test_the_tables_are_total() -> None:
    assert set(words.KINDS) == set(words.FILE) == set(Kind)
    assert set(words.BY) == set(By)
    assert set(words.STATES) == set(State)
    assert set(words.OUTCOMES) == set(Outcome)
    assert set(words.ACTS) == set(Act)
    assert set(words.EFFECTS) == {each.value for each in VoidEffect} - {""}
    assert set(words.PENDING) == set(_words_of(Objection.__annotations__["pending"]))


def _words_of(hint: object) -> list[str]:
    """The closed vocabulary that a type of the rules names."""
    found = [
        key for each in getattr(hint, "__metadata__", ()) if isinstance(each, OneOf) for key in each.keys
    ]
    return found + [word for each in get_args(hint) for word in _words_of(each)]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_everything_is_said_in_both_languages(language: str) -> None:
    tables = (words.KINDS, words.FILE, words.BY, words.STATES, words.OUTCOMES, words.EFFECTS, words.PENDING)
    with translation.override(language):
        said = [str(each) for table in tables for each in table.values()]
        said += [
            str(part)
            for each in words.ACTS.values()
            for part in (each.name, each.button, each.hint, each.done)
        ]
    chinese = [each for each in said if re.search(r"[\u4e00-\u9fff]", each)]
    assert bool(chinese) == (language == "zh-hans"), chinese


def test_a_limit_that_has_not_begun_is_not_called_not_laid_down() -> None:
    assert review_left(Clock(ClockKind.NOT_LAID_DOWN, clause="c")).text == "尚未起算"
    assert review_left(Clock(ClockKind.NOT_LAID_DOWN)).text == "未规定"
    assert (contest_share(Decimal("0.25")), contest_share(None)) == ("25.0%", "—")
