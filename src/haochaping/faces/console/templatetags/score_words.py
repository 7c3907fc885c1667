"""The words for scores, for templates."""

from collections.abc import Mapping
from typing import Any

from django import template
from django.utils.functional import Promise

from haochaping.scoring import words
from haochaping.scoring.record import own_cells
from haochaping.scoring.states import State

register = template.Library()
register.filter("score_number", words.number)
register.filter("score_percent", words.percent)
register.filter("score_why", words.why)
register.filter("score_word", words.word)
register.filter("score_fact", words.fact)
register.filter("score_interval", words.interval)
register.filter("score_bounds", words.bounds)
register.filter("score_made_of", words.made_of)
register.filter("total_open", words.total_open)


@register.filter
def score_state(state: State) -> Promise:
    return words.STATES[state]


@register.filter
def score_value_state(state: str) -> Promise:
    return words.VALUE_STATES[state]


@register.filter
def score_kind(kind: str) -> str | Promise:
    return words.KINDS.get(kind, kind)


@register.filter
def score_at(results: Mapping[str, Any], key: str) -> Any:
    """One score of a unit; None where it has none."""
    return results.get(key)


@register.filter
def score_count(number: int | None) -> str:
    """With its thousands apart; nothing where it was not counted."""
    return f"{number:,}" if isinstance(number, int) else ""


@register.simple_tag
def score_shares(beside: Mapping[str, Any]) -> list[tuple[Promise, str]]:
    """The shares beside a score, in words."""
    return [(label, words.percent(beside["shares"].get(name))) for name, label in words.SHARES.items()]


@register.filter
def counts_in_words(inputs: Mapping[str, Any]) -> list[tuple[str, str, int]]:
    """What was counted of a unit: each word of the rules, what it says, how many; what is nought is left out."""
    sums: dict[str, int] = {}
    for cell in own_cells(inputs):
        for name, number in cell["counts"].items():
            sums[name] = sums.get(name, 0) + number
    return [(name, words.word(name), number) for name, number in sums.items() if number]
