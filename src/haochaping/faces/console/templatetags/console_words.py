"""The words of the console, for its templates."""

from django import template

from haochaping.faces.console import act_words as of_acts
from haochaping.faces.console import words
from haochaping.notices import words as notice_words
from haochaping.rectification.order_rows import OrderRow
from haochaping.rectification.rules import Clock
from haochaping.rectification.states import Act, Finding, RaterAct, SetOff, Verdict

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
def act_words(act: Act) -> of_acts.ActWords:
    return of_acts.ACTS[act]


@register.filter
def act_name(act: Act) -> words.Words:
    return of_acts.ACTS[act].name


@register.filter
def step_left(clock: Clock) -> str:
    return words.step_left(clock)


@register.filter
def waiting_words(row: OrderRow) -> words.Words:
    """Whom the order waits for, for those who can do nothing on it."""
    return words.WAITING.get(row.state, words.WAITING_FOR_HANDLER)


@register.filter
def step_words(step: str) -> words.Words:
    return notice_words.step_words(step)


@register.filter
def means_words(means: str) -> words.Words:
    return of_acts.MEANS.get(means, means)


@register.filter
def ground_words(ground: str) -> words.Words:
    return of_acts.ground(ground)


@register.filter
def time_left(clock: Clock) -> words.TimeLeft:
    return words.time_left(clock)
