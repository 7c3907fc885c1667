"""The public pages: each asks publication once."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from haochaping.foundation.clock import now
from haochaping.publication import queries
from haochaping.publication.status import service_status


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The figures first."""
    figures = queries.live(now=now())
    return render(request, "portal/home.html", {"figures": figures, "city": figures.place, "page": "home"})


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """How to rate, and what follows (一图读懂)."""
    return render(request, "portal/guide.html", {"city": queries.place(now=now()), "page": "guide"})


@require_safe
def status(request: HttpRequest) -> HttpResponse:
    """Whether ratings can be given, as the last self-test found it."""
    at = now()
    context = {"city": queries.place(now=at), "page": "status", "status": service_status(now=at)}
    return render(request, "portal/status.html", context)


@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """What is published, what is not, and why."""
    context = {"city": queries.place(now=now()), "page": "about", "minimum": queries.MINIMUM}
    return render(request, "portal/about.html", context)
