"""Ratings of one's own organisation whose orders another one handles: what the rated may see, so that they can object."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from haochaping.faces.console.asking import me
from haochaping.foundation.clock import now
from haochaping.foundation.errors import NotFound
from haochaping.rectification import objection_queries as queries
from haochaping.rectification.queries import in_reach


@require_safe
def rated(request: HttpRequest) -> HttpResponse:
    """The list."""
    rows = queries.rated_elsewhere(official_id=me(request), now=now())
    return render(request, "console/rated.html", {"rows": rows, "desk": True})


@require_safe
def order(request: HttpRequest, order_id: UUID) -> HttpResponse:
    """One of them; who may see the order itself is led there."""
    if sees(request, order_id):
        return redirect("console:order", order_id=order_id)
    try:
        found = queries.rated_order(order_id=order_id, official_id=me(request), now=now())
    except NotFound as refusal:
        raise Http404 from refusal
    return render(request, "console/rated_order.html", {"found": found, "row": found.row, "desk": True})


def sees(request: HttpRequest, order_id: UUID) -> bool:
    """Whether this official sees the order itself."""
    return in_reach(official_id=me(request), order_id=order_id, now=now())
