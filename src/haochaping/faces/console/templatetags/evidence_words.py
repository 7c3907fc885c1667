"""The words for evidence, and what there is of it on the page of an order, a part, an objection, for templates."""

from uuid import UUID

from django import template
from django.template.defaultfilters import filesizeformat
from django.urls import reverse

from haochaping.evidence.states import Format
from haochaping.faces.console.evidence_words import BACK, FORMS, Words, address
from haochaping.faces.console.video import PURPOSES, platform_here
from haochaping.foundation.clock import now
from haochaping.foundation.errors import NotFound
from haochaping.rectification import video_shown
from haochaping.rectification.evidence_shown import EvidenceView, evidence_of
from haochaping.rectification.operations.video import bar_words
from haochaping.rectification.sight import Place, Way

register = template.Library()


@register.filter
def evidence_form(form: Format) -> Words:
    return FORMS[form]


@register.simple_tag
def evidence_address(place: Place, what: str = "", file_id: UUID | None = None) -> str:
    return address(place, what, *filter(None, (file_id,)))


@register.filter
def evidence_back(place: Place) -> str:
    """The page to which one goes back from the evidence of a place."""
    return reverse(f"console:{BACK[place.way][0]}", args=[place.id])


@register.filter
def evidence_back_words(place: Place) -> Words:
    return BACK[place.way][1]


@register.simple_tag(takes_context=True)
def evidence_at(context: template.Context, way: str, place_id: UUID) -> EvidenceView | None:
    """What whoever looks sees of the evidence by another way than the order; None for who sees none."""
    try:
        return evidence_of(place=Place(Way(way), place_id), official_id=context["user"].pk, now=now())
    except NotFound:
        return None


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
