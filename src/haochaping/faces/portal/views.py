"""The public pages of figures and words: each asks publication once."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from haochaping.faces.portal.fresh import fresh
from haochaping.faces.portal.given import given
from haochaping.foundation.clock import now
from haochaping.publication import open_data, queries
from haochaping.publication.queries.charts import charts_of_day
from haochaping.publication.queries.definitions import definitions as defined
from haochaping.publication.status import service_status


@require_safe
@fresh
def home(request: HttpRequest) -> HttpResponse:
    """The figures first."""
    figures = queries.live(now=now())
    context = {"figures": figures, "city": figures.place, "page": "home"}
    context["charts"] = charts_of_day(figures.departments_of)
    return render(request, "portal/home.html", context)


@require_safe
@fresh
def data(_request: HttpRequest, form: str) -> HttpResponse:
    """The figures of the first page for programs, with what each of them means."""
    return given(form, lambda: open_data.figures(queries.live(now=now())))


@require_safe
@fresh
def guide(request: HttpRequest) -> HttpResponse:
    """How to rate, and what follows (一图读懂)."""
    return render(request, "portal/guide.html", {"city": queries.place(now=now()), "page": "guide"})


@require_safe
@fresh
def status(request: HttpRequest) -> HttpResponse:
    """Whether ratings can be given, as the last self-test found it."""
    at = now()
    context = {"city": queries.place(now=at), "page": "status", "status": service_status(now=at)}
    return render(request, "portal/status.html", context)


@require_safe
@fresh
def status_data(_request: HttpRequest, form: str) -> HttpResponse:
    """The same for programs."""
    return given(form, lambda: open_data.status_data(service_status(now=now()), now=now()))


@require_safe
@fresh
def definitions(request: HttpRequest) -> HttpResponse:
    """How every figure is counted, with its clause."""
    at = now()
    context = {"city": queries.place(now=at), "page": "definitions", "rows": defined(now=at)}
    return render(request, "portal/definitions.html", context)


@require_safe
@fresh
def definitions_data(_request: HttpRequest, form: str) -> HttpResponse:
    """The same for programs."""
    return given(form, lambda: open_data.definitions_data(defined(now=now()), now=now()))


@require_safe
@fresh
def about(request: HttpRequest) -> HttpResponse:
    """What is published, what is not, and why; what can be downloaded."""
    context = {"city": queries.place(now=now()), "page": "about", "minimum": queries.MINIMUM}
    context["together"] = queries.TOGETHER
    return render(request, "portal/about.html", context)
