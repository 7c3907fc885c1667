"""The public pages: each asks publication once."""

import json
from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from haochaping.faces.portal.fresh import fresh
from haochaping.foundation.clock import now
from haochaping.foundation.errors import NotFound
from haochaping.foundation.form_templates import Kind
from haochaping.publication import open_data, queries
from haochaping.publication.queries import publications as published
from haochaping.publication.queries.bulletins import bulletin, bulletins_of
from haochaping.publication.queries.charts import charts_of, charts_of_day
from haochaping.publication.status import service_status

DATA_FORMS = ("json", "csv")
_BULLETINS: Final = {
    Kind.PDF: "application/pdf",
    Kind.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


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
    if form not in DATA_FORMS:
        raise Http404
    body, media = open_data.figures(queries.live(now=now()), form)
    answer = HttpResponse(body, content_type=media)
    answer["Content-Disposition"] = f'attachment; filename="haochaping.{form}"'
    return answer


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
def publications(request: HttpRequest) -> HttpResponse:
    """What was published, the newest first, and how anybody checks it."""
    context = {"city": queries.place(now=now()), "page": "publications", "rows": published.publications()}
    return render(request, "portal/publications.html", context)


@require_safe
@fresh
def publication(request: HttpRequest, number: str) -> HttpResponse:
    """One publication as it was frozen."""
    found = _publication(number)
    context = {"city": found.place, "page": "publications", "found": found, "record": found.record}
    context["bulletins"] = () if found.altered else bulletins_of(number)
    context["charts"] = () if found.altered else charts_of(number)
    return render(request, "portal/publication.html", context)


@require_safe
def publication_data(_request: HttpRequest, number: str, form: str) -> HttpResponse:
    """The record with its digest as JSON, or its rows as CSV."""
    found = _publication(number)
    if form == "json":
        body = json.dumps({"record": found.record, "digest": found.digest}, ensure_ascii=False, indent=1)
        answer = HttpResponse(body, content_type="application/json")
    elif form == "csv":
        answer = HttpResponse(published.as_csv(found), content_type="text/csv; charset=utf-8")
    else:
        raise Http404
    answer["Content-Disposition"] = f'attachment; filename="{found.number}.{form}"'
    return answer


@require_safe
def publication_bulletin(request: HttpRequest, number: str, form: str) -> HttpResponse:
    """The bulletin (通报) as PDF or Word, always the same bytes; why there is none: 409 for what was altered, 503 until the
    worker has made it."""
    found = _publication(number)
    kind = next((each for each in Kind if each == form), None)
    if kind is None:
        raise Http404
    made = None if found.altered else bulletin(number, kind)
    if made is None or made.altered:
        context = {
            "city": found.place,
            "page": "publications",
            "found": found,
            "file_altered": made is not None,
        }
        waiting = made is None and not found.altered
        answer = render(request, "portal/no_bulletin.html", context, status=503 if waiting else 409)
        if waiting:
            answer["Retry-After"] = "60"
        return answer
    answer = HttpResponse(made.content, content_type=_BULLETINS[kind])
    answer["Content-Disposition"] = f'attachment; filename="{found.number}.{kind}"'
    return answer


def _publication(number: str) -> published.Published:
    try:
        return published.publication(number)
    except NotFound as refusal:
        raise Http404 from refusal


@require_safe
@fresh
def about(request: HttpRequest) -> HttpResponse:
    """What is published, what is not, and why."""
    context = {"city": queries.place(now=now()), "page": "about", "minimum": queries.MINIMUM}
    return render(request, "portal/about.html", context)
