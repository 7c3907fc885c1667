"""The words of the form (报告单), for the console's templates."""

from django import template

from haochaping.faces.console import form_words as words
from haochaping.faces.console.words import Words

register = template.Library()


@register.filter
def form_field_words(name: str) -> Words:
    return words.FIELDS[name]


@register.filter
def form_problem_words(problem: str) -> Words:
    return words.PROBLEMS[problem]


@register.filter
def form_kind_words(kind: str) -> Words:
    return words.KINDS[kind]
