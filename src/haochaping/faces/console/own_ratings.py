"""Window staff: the bad ratings of oneself, and objecting to them in one's own name."""

from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_safe

from haochaping.faces.console.asking import me
from haochaping.faces.console.filing import Way, objected, taken_back
from haochaping.foundation.clock import now
from haochaping.foundation.errors import NotFound
from haochaping.rectification import objection_queries as queries

_OWN: Final = Way("console:own-rating", "console:own-objection-new", queries.own_offer)


@require_safe
def own_ratings(request: HttpRequest) -> HttpResponse:
    """The list."""
    rows = queries.own_ratings(official_id=me(request), now=now())
    return render(request, "console/own_ratings.html", {"rows": rows, "own_ratings_page": True})


@require_safe
def own_rating(request: HttpRequest, own_id: UUID) -> HttpResponse:
    """One of them, by the id of its order."""
    try:
        found = queries.own_rating(order_id=own_id, official_id=me(request), now=now())
    except NotFound as refusal:
        raise Http404 from refusal
    return render(request, "console/own_rating.html", {"found": found, "own_ratings_page": True})


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, own_id: UUID, kind: str) -> HttpResponse:
    """The form, and what is sent with it."""
    return objected(request, own_id, kind, _OWN)


@require_http_methods(["GET", "HEAD", "POST"])
def withdraw(request: HttpRequest, own_id: UUID, own_filed_id: UUID) -> HttpResponse:
    """Takes an undecided objection of one's own back."""
    return taken_back(request, own_id, own_filed_id, _OWN)
