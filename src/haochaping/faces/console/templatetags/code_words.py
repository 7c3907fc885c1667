"""The words of static codes, for templates."""

from django import template
from django.utils.functional import Promise

from haochaping.cases.static_places import WhyNot
from haochaping.faces.console import words
from haochaping.ratings.states import Settled

register = template.Library()


@register.filter
def subject_words(subject: str) -> Promise | str:
    """What a code is of, by the word of the rules for it."""
    return words.SUBJECTS[subject]


@register.filter
def why_words(why: WhyNot) -> Promise | str:
    return words.WHY_NOT[why]


@register.filter
def settled_words(outcome: Settled) -> Promise | str:
    return words.SETTLED[outcome]


@register.simple_tag
def code_subjects() -> list[tuple[str, words.Words]]:
    """Every subject with what it is called."""
    return list(words.SUBJECTS.items())


@register.filter
def of_subject(counts: dict[str, int], subject: str) -> int:
    return counts[subject]
