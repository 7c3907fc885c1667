"""The words of the lists, for templates."""

from django import template

from haochaping.faces.console import desk_words as words
from haochaping.faces.console.words import Words
from haochaping.rectification.listing import Due, Hindrance, Outcome, Show

register = template.Library()


@register.filter
def show_words(show: Show) -> Words:
    return words.SHOWS[show]


@register.filter
def limit_words(due: Due) -> Words:
    return words.LIMITS[due]


@register.filter
def ledger_words(outcome: Outcome) -> Words:
    return words.OUTCOMES[outcome]


@register.filter
def hindrance_words(hindrance: Hindrance) -> Words:
    return words.HINDRANCES[hindrance]
