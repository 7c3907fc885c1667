"""The words of the console, for its templates."""

from django import template

from haochaping.faces.console import words
from haochaping.rectification.queries import OrderRow
from haochaping.rectification.rules import Clock
from haochaping.rectification.states import TRANSITIONS, Act, Finding, RaterAct, SetOff, Transition, Verdict

register = template.Library()


@register.filter
def state_words(row: OrderRow) -> words.Words:
    return words.EXCLUDED if row.exclusion else words.STATES[row.state]


@register.filter
def rater_words(act: RaterAct) -> words.Words:
    return words.RATER_ACTS[act]


@register.filter
def verdict_words(verdict: Verdict) -> words.Words:
    return words.VERDICTS[verdict]


@register.filter
def set_off_words(set_off: SetOff) -> words.Words:
    return words.SETS_OFF[set_off]


@register.filter
def finding_words(finding: str) -> words.Words:
    return words.FINDINGS[Finding(finding)]


@register.filter
def act_words(act: Act) -> words.ActWords:
    return words.ACTS[act]


@register.filter
def act_name(act: Act) -> words.Words:
    return words.ACTS[act].name


@register.filter
def needs(act: Act) -> Transition:
    """What the act needs: a text of some length, a finding."""
    return TRANSITIONS[act]


@register.filter
def time_left(clock: Clock) -> words.TimeLeft:
    return words.time_left(clock)


@register.simple_tag
def findings() -> list[tuple[str, words.Words]]:
    """The findings to choose from: value and words."""
    return [(finding.value, text) for finding, text in words.FINDINGS.items()]
