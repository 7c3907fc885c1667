"""By which channels ratings come, what they say most often, and how many came through the rated organisations themselves."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from haochaping.faces.portal.fresh import fresh
from haochaping.faces.portal.given import given
from haochaping.foundation.clock import now
from haochaping.publication import queries
from haochaping.publication.breakdown_data import breakdown_data
from haochaping.publication.queries.breakdown import WHOLE, breakdown
from haochaping.publication.rules import FEW


@require_safe
@fresh
def channels(request: HttpRequest) -> HttpResponse:
    """The whole place, or one division of it."""
    at, code = now(), request.GET.get("division", WHOLE)
    found = breakdown(now=at)
    place = next((each for each in found.places if each.code == code), None) if found else None
    if found and place is None:
        raise Http404
    shown = {"city": queries.place(now=at), "page": "channels", "found": found, "place": place, "few": FEW}
    return render(request, "portal/channels.html", shown)


@require_safe
@fresh
def data(_request: HttpRequest, form: str) -> HttpResponse:
    """All of it for programs."""
    return given(form, lambda: breakdown_data(breakdown(now=now()), now=now()))
