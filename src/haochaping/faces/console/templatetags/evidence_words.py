"""The words for evidence, and what there is of it on the page of an order or an objection, for templates."""

from uuid import UUID

from django import template
from django.template.defaultfilters import filesizeformat

from haochaping.evidence.states import Format
from haochaping.faces.console.evidence_words import FORMS, Words
from haochaping.faces.console.video import PURPOSES, platform_here
from haochaping.foundation.clock import now
from haochaping.foundation.errors import NotFound
from haochaping.rectification import video_shown
from haochaping.rectification.evidence_shown import EvidenceView
from haochaping.rectification.evidence_shown import evidence_of as found
from haochaping.rectification.operations.video import bar_words

register = template.Library()


@register.filter
def evidence_form(form: Format) -> Words:
    return FORMS[form]


@register.filter
def file_size(size: int) -> str:
    """Bytes in a unit that people read."""
    return filesizeformat(size)


@register.simple_tag(takes_context=True)
def evidence_of(context: template.Context, order_id: UUID) -> EvidenceView | None:
    """What whoever looks sees of the evidence of an order; None for none of it."""
    me = context["user"].pk
    try:
        return found(order_id=order_id, official_id=me, now=now()) if me else None
    except NotFound:
        return None


@register.filter
def video_bar(bar: video_shown.Bar) -> str:
    return bar_words(bar)


@register.simple_tag(takes_context=True)
def video_of(context: template.Context, order_id: UUID) -> dict[str, object] | None:
    """Whether whoever looks may see the hall's record of an order, and for what; None for who never does."""
    me = context["user"].pk
    try:
        seen = video_shown.video_of(order_id=order_id, official_id=me, now=now()) if me else None
    except NotFound:
        return None
    if seen is None:
        return None
    return {"bar": seen.bar, "connected": platform_here() is not None, "purposes": PURPOSES}
