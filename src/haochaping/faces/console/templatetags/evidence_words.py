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
from haochaping.rectification.operations.video import bar_words

register = template.Library()


@register.filter
def evidence_form(form: Format) -> Words:
    return FORMS[form]


@register.filter
def file_size(size: int) -> str:
    """Bytes in a unit that people read."""
    return filesizeformat(size)


@register.filter
def video_bar(bar: video_shown.Bar) -> str:
    return bar_words(bar)


@register.simple_tag(takes_context=True)
def beside(context: template.Context, order_id: UUID) -> dict[str, object]:
    """What whoever looks sees of the `evidence` of an order, and of its `video`: nothing of either for who sees none."""
    me = context["user"].pk
    try:
        evidence, video = video_shown.beside(order_id=order_id, official_id=me, now=now())
    except NotFound:
        return {}
    if video is None:
        return {"evidence": evidence}
    return {
        "evidence": evidence,
        "video": {"bar": video.bar, "connected": platform_here() is not None, "purposes": PURPOSES},
    }
