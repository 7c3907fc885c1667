"""Stored pictures: a page names them, the browser asks for each by itself."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from haochaping.foundation.errors import NotFound
from haochaping.publication.queries.charts import chart


@require_safe
def picture(request: HttpRequest, subject: str, name: str, language: str) -> HttpResponse:
    """A picture as SVG; 409 for what is no longer what was drawn, or drawn of."""
    try:
        found = chart(subject, name, language)
    except NotFound as refusal:
        raise Http404 from refusal
    if found is None:
        return render(request, "portal/no_chart.html", {"page": "publications"}, status=409)
    answer = HttpResponse(found.svg, content_type="image/svg+xml")
    # A day's pictures are drawn anew when its figures are taken anew.
    answer["Cache-Control"] = "no-cache"
    return answer
