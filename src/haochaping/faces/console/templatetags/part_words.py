"""The parts of joint orders and their words, for templates."""

from uuid import UUID

from django import template

from haochaping.faces.console import part_words as words
from haochaping.faces.console.words import FINDINGS, Words
from haochaping.foundation.clock import now
from haochaping.foundation.errors import NotFound
from haochaping.rectification import part_queries as queries
from haochaping.rectification.parts import PART_FINDINGS, PartAct, PartState

register = template.Library()


@register.filter
def part_state(state: PartState) -> Words:
    return words.STATES[state]


@register.filter
def part_act_words(act: PartAct) -> words.PartActWords:
    return words.ACTS[act]


@register.simple_tag
def part_findings() -> list[tuple[str, Words]]:
    """What a part can find: value and words."""
    return [(finding.value, FINDINGS[finding]) for finding in PART_FINDINGS]


@register.simple_tag(takes_context=True)
def joint_order(context: template.Context, order_id: UUID) -> queries.JointOrder | None:
    """The parts of an order, for who looks; None out of reach."""
    me = context["user"].pk
    try:
        return queries.parts_of(order_id=order_id, official_id=me, now=now()) if me else None
    except NotFound:
        return None


@register.simple_tag(takes_context=True)
def parts_to_do(context: template.Context) -> tuple[queries.PartRow, ...]:
    """The open parts that who looks has to do with; none where nobody does."""
    user = context.get("user")
    me = user.pk if user is not None else None
    return queries.parts_to_do(official_id=me, now=now()) if me else ()
