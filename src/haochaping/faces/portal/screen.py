"""The page for a large screen in a hall (大屏): it asks for itself again, by a header, so that it needs no script."""

from typing import Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from haochaping.faces.portal.fresh import fresh
from haochaping.faces.portal.given import given
from haochaping.foundation.clock import now
from haochaping.publication import screen as shown
from haochaping.publication.screen_data import screen_data

SECONDS: Final = 10


@require_safe
@fresh
def screen(request: HttpRequest) -> HttpResponse:
    """The figures of this moment, again every few seconds."""
    answer = _page(request, still=False)
    answer["Refresh"] = str(SECONDS)
    return answer


@require_safe
@fresh
def still(request: HttpRequest) -> HttpResponse:
    """The same, which stays as it is: for whoever reads slowly (WCAG 2.2.2)."""
    return _page(request, still=True)


@require_safe
@fresh
def data(_request: HttpRequest, form: str) -> HttpResponse:
    """What is on it, for programs."""
    return given(form, lambda: screen_data(shown.screen(now=now())))


def _page(request: HttpRequest, *, still: bool) -> HttpResponse:
    context = {"said": shown.screen(now=now()), "still": still, "seconds": SECONDS}
    return render(request, "portal/screen.html", context)
