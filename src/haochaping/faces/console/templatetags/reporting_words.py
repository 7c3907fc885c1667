"""The words for what senders report, for templates."""

from django import template

from haochaping.cases.states import Outcome, Step
from haochaping.faces.console import reporting_words as words

register = template.Library()


@register.filter
def field_words(name: str) -> words.Words:
    """A field of the convention; the name itself where it is none of them."""
    return words.FIELDS.get(name, name)


@register.filter
def doubt_words(code: str) -> words.Words:
    return words.DOUBTS.get(code, code)


@register.filter
def outcome_words(outcome: Outcome) -> words.Words:
    return words.OUTCOMES[outcome]


@register.filter
def step_words(step: Step) -> words.Words:
    return words.STEPS[step]


@register.filter
def difference_words(kind: str) -> words.Words:
    return words.DIFFERENCES[kind]


@register.filter
def in_order(fields: dict[str, str]) -> list[tuple[words.Words, str, words.Words]]:
    """Words, value and what a code means: the convention's fields in reading order, then the others."""
    known = [name for name in words.FIELDS if name in fields]
    others = sorted(fields.keys() - words.FIELDS.keys())
    return [
        (words.FIELDS.get(name, name), fields[name], words.CODES.get(name, {}).get(fields[name], ""))
        for name in (*known, *others)
    ]


@register.simple_tag
def doubts() -> list[tuple[str, words.Words]]:
    """Code and words of every doubt, to choose from."""
    return list(words.DOUBTS.items())


@register.simple_tag
def counted() -> list[tuple[str, words.Words]]:
    """The columns of a sender's figures."""
    return list(words.COUNTED.items())


@register.filter
def at(mapping: dict[str, object], key: str) -> object:
    return mapping[key]
