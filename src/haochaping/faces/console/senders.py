"""How business systems report: the list of senders, and one of them."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from haochaping.cases.queries import senders as queries
from haochaping.faces.console.asking import me
from haochaping.foundation.clock import now
from haochaping.foundation.errors import NotFound


@require_safe
def senders(request: HttpRequest) -> HttpResponse:
    """All senders in reach, with the last 30 days."""
    rows = queries.senders(official_id=me(request), now=now())
    return render(request, "console/senders.html", {"rows": rows, "days": queries.DAYS, "senders_page": True})


@require_safe
def sender(request: HttpRequest, platform: str) -> HttpResponse:
    """One sender: by day, what waits, what differs from the item library."""
    try:
        page = queries.sender(official_id=me(request), platform=platform, now=now())
    except NotFound as refusal:
        raise Http404 from refusal
    return render(request, "console/sender.html", {"page": page, "days": queries.DAYS, "senders_page": True})
