"""The words for reports of pressure, and who sees them, for templates."""

from django import template

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.faces.console import pressure_words as words
from haochaping.foundation.clock import local_day, now
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


@register.simple_tag(takes_context=True)
def may_see_pressure(context: template.Context) -> bool:
    """Whether the person who looks holds the permission in at least one post of today."""
    me = context["user"].pk
    return me is not None and officials.holds(
        official_id=me, permission=Permission.HANDLE_PRESSURE, on=local_day(now())
    )
