"""The words for objections, who sees them, and what stands of them on the page of an order, for templates."""

from decimal import ROUND_HALF_UP, Decimal
from uuid import UUID

from django import template
from django.utils.translation import gettext as _

from haochaping.faces.console import objection_words as words
from haochaping.faces.console.words import TimeLeft, time_left
from haochaping.foundation.clock import now
from haochaping.foundation.errors import NotFound
from haochaping.rectification import objection_queries as queries
from haochaping.rectification.contests import Act, By, Kind, Outcome, State, ground_words
from haochaping.rectification.objection_queries.rated import OrderContests
from haochaping.rectification.rules import Clock, ClockKind

register = template.Library()
_TENTH = Decimal("0.1")


@register.filter
def contest_kind(kind: Kind) -> words.Words:
    return words.KINDS[kind]


@register.filter
def contest_file(kind: Kind) -> words.Words:
    return words.FILE[kind]


@register.filter
def contest_by(by: By) -> words.Words:
    return words.BY[by]


@register.filter
def contest_state(state: State) -> words.Words:
    return words.STATES[state]


@register.filter
def contest_outcome(outcome: Outcome) -> words.Words:
    return words.OUTCOMES[outcome]


@register.filter
def contest_effect(effect: str) -> words.Words:
    return words.EFFECTS.get(effect, effect)


@register.filter
def contest_pending(effect: str) -> words.Words:
    return words.PENDING[effect]


@register.filter
def contest_act(act: Act) -> words.ActWords:
    return words.ACTS[act]


@register.filter
def contest_ground(ground: str) -> str:
    """In the regulations' own words: they are terms of the law, in whatever language the page is."""
    return ground_words(ground)


@register.filter
def review_left(clock: Clock) -> TimeLeft:
    """How long the body has left, in words. Where a limit is laid down that has not begun, it says so."""
    if clock.kind is ClockKind.NOT_LAID_DOWN and clock.clause:
        return TimeLeft(_("尚未起算"), "grey")
    return time_left(clock)


@register.filter
def contest_share(part: Decimal | None) -> str:
    """A share in per cent to one place; a dash where nothing was decided."""
    return f"{(part * 100).quantize(_TENTH, ROUND_HALF_UP)}%" if part is not None else "—"


@register.simple_tag
def contest_outcomes() -> list[tuple[str, words.Words]]:
    """The outcomes to choose from: value and words."""
    return [(outcome.value, said) for outcome, said in words.OUTCOMES.items()]


@register.simple_tag(takes_context=True)
def contests_of(context: template.Context, order_id: UUID) -> OrderContests | None:
    """What stands of objections to the rating of an order, for who looks; None out of reach."""
    me = context["user"].pk
    try:
        return queries.contests_of(order_id=order_id, official_id=me, now=now()) if me else None
    except NotFound:
        return None
