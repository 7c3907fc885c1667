"""The hall's record of what an order is about: why it is needed is stated first, then the video platform is gone to."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_safe

from haochaping.exchange.video import Platform, address, platform
from haochaping.faces.console.asking import me
from haochaping.foundation.clock import now
from haochaping.foundation.errors import Invalid, NotFound, Refused
from haochaping.rectification import operations
from haochaping.rectification.video_shown import video_of

PURPOSES = (gettext_lazy("核实差评反映的情况"), gettext_lazy("复核异议"))


def platform_here() -> Platform | None:
    """The video platform; None where there is none, and where its settings cannot be used: the worker complains of those."""
    try:
        return platform()
    except Refused:
        return None


@require_http_methods(["GET", "HEAD", "POST"])
def video(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """States the purpose; the page leads on to the clip. A form may not lead to another site itself, a link may."""
    if request.method != "POST":
        return redirect("console:order", order_id=order_id)
    if _place(request, order_id) is None:
        return redirect("console:order", order_id=order_id)
    chosen = request.POST.get("video_purpose", "")
    try:
        found = operations.ask_for_video(
            order_id=order_id,
            official_id=me(request),
            purpose=chosen if chosen in map(str, PURPOSES) else "",
            now=now(),
        )
    except Invalid as refusal:
        messages.error(request, refusal.problems[0].message)
        return redirect("console:order", order_id=order_id)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("console:order", order_id=order_id)
    return render(request, "console/video.html", {"look": found, "order_id": order_id})


@require_safe
def video_open(request: HttpRequest, order_id: UUID, look_id: UUID) -> HttpResponse:
    """On to the clip, by an address that is good for some minutes. Each opening is on record."""
    where = _place(request, order_id)
    if where is None:
        return redirect("console:order", order_id=order_id)
    at = now()
    try:
        clip = operations.open_video(order_id=order_id, look_id=look_id, official_id=me(request), now=at)
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("console:order", order_id=order_id)
    return HttpResponseRedirect(address(where, clip, now=at))


def _place(request: HttpRequest, order_id: UUID) -> Platform | None:
    """The video platform, for who has the order in reach; where there is none, that is said. Raises Http404 for all
    others."""
    try:
        video_of(order_id=order_id, official_id=me(request), now=now())
    except NotFound as refusal:
        raise Http404 from refusal
    where = platform_here()
    if where is None:
        messages.error(request, _("没有接入视频平台，不能查看录像。"))
    return where
