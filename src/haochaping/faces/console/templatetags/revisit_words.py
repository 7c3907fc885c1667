"""The words for revisits, for templates."""

from django import template
from django.utils.functional import Promise

from haochaping.faces.console import revisit_words as words
from haochaping.oversight.queries.revisit_rates import Share
from haochaping.oversight.revisiting import Outcome, State, Terms

register = template.Library()


@register.filter
def revisit_state(state: State) -> words.Words:
    return words.STATES[state]


@register.filter
def revisit_outcome(outcome: Outcome) -> words.Words:
    return words.OUTCOMES[outcome]


@register.filter
def revisit_body(body: str) -> str | Promise:
    return words.body(body)


@register.filter
def revisit_means(means: str) -> str:
    return words.means(means)


@register.filter
def revisit_extent(terms: Terms) -> words.Words:
    return words.EXTENTS[terms.extent]


@register.filter
def revisit_follows(terms: Terms) -> words.Words:
    return words.FOLLOWS.get(terms.unsatisfied, "")


@register.filter
def revisit_population(word: str) -> words.Words:
    return words.POPULATIONS.get(word, "")


@register.filter
def revisit_set_off(word: str) -> words.Words:
    return words.SET_OFF.get(word, "")


@register.filter
def revisit_period(kind: str) -> words.Words:
    return words.PERIODS[kind]


@register.filter
def revisit_share(counted: Share) -> str:
    return words.share(counted)


@register.filter
def days_over(days: int) -> int:
    """By how many days a limit is over."""
    return -days
