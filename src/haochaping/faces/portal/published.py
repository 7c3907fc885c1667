"""What was published of signed runs: the list, one publication with its files, and its rankings."""

from typing import Any, Final

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from haochaping.faces.portal.fresh import fresh
from haochaping.faces.portal.given import as_file, given
from haochaping.foundation.clock import now
from haochaping.foundation.errors import NotFound
from haochaping.foundation.form_templates import Kind
from haochaping.publication import open_data, queries
from haochaping.publication.datasets import FORMS
from haochaping.publication.queries import publications as published
from haochaping.publication.queries.bulletins import bulletin, bulletins_of
from haochaping.publication.queries.charts import charts_of
from haochaping.publication.ranking import BY_NAME
from haochaping.publication.standings import rankings as standings
from haochaping.publication.standings import volumes

_BULLETINS: Final = {
    Kind.PDF: "application/pdf",
    Kind.WORD: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@require_safe
@fresh
def publications(request: HttpRequest) -> HttpResponse:
    """What was published, the newest first, and how anybody checks it."""
    rows = published.publications()
    context = {
        "city": queries.place(now=now()),
        "page": "publications",
        "rows": rows,
        "broken": list(dict.fromkeys(each.number for each in published.gaps(rows))),
        "site": request.build_absolute_uri("/").rstrip("/"),
    }
    return render(request, "portal/publications.html", context)


@require_safe
@fresh
def publications_data(_request: HttpRequest, form: str) -> HttpResponse:
    """The list for programs."""
    return given(form, lambda: open_data.publications_data(published.publications(), now=now()))


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
    if form not in FORMS:
        raise Http404
    return as_file(open_data.publication_file(_publication(number), form))


@require_safe
def publication_record(_request: HttpRequest, number: str) -> HttpResponse:
    """The bytes of which the digest is made."""
    return as_file(open_data.record_file(_publication(number)))


@require_safe
@fresh
def rankings(request: HttpRequest, number: str = "") -> HttpResponse:
    """Who stands where by a publication; without a number by the last one that nothing has corrected."""
    found = _publication(number) if number else published.latest()
    context: dict[str, Any] = {"city": queries.place(now=now()), "page": "publications", "found": found}
    if found is not None:
        context |= {
            "record": found.record,
            "rankings": tuple(standings(found.record)),
            "volumes": tuple(volumes(found.record)),
            "naming": [(kind, found.record.get("naming", {}).get(kind)) for kind in BY_NAME],
        }
    return render(request, "portal/rankings.html", context)


@require_safe
@fresh
def rankings_data(_request: HttpRequest, form: str, number: str = "") -> HttpResponse:
    """The same for programs."""
    found = _publication(number) if number else published.latest()
    if found is None:
        raise Http404
    return given(form, lambda: open_data.rankings_data(found))


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
