"""The words for reports of pressure, and who sees them, for templates."""

from django import template

from haochaping.faces.console import pressure_words as words
from haochaping.oversight.states import TRANSITIONS, Act, Matter, Source, State, Transition, Verdict

register = template.Library()


@register.filter
def matter_words(matter: Matter) -> words.Words:
    return words.MATTERS[matter]


@register.filter
def pressure_source(source: Source) -> words.Words:
    return words.SOURCES[source]


@register.filter
def pressure_state(state: State) -> words.Words:
    return words.STATES[state]


@register.filter
def pressure_verdict(verdict: Verdict) -> words.Words:
    return words.VERDICTS[verdict]


@register.filter
def pressure_act(act: Act) -> words.ActWords:
    return words.ACTS[act]


@register.filter
def pressure_needs(act: Act) -> Transition:
    """What the act needs: a text of some length, a verdict."""
    return TRANSITIONS[act]


@register.simple_tag
def pressure_verdicts() -> list[tuple[str, words.Words]]:
    """The verdicts to choose from: value and words."""
    return [(verdict.value, said) for verdict, said in words.VERDICTS.items()]
