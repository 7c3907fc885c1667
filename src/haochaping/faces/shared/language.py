"""The switches between the languages of the pages and their sizes of type: links, so that public pages need no form and
no token."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_safe

from haochaping.faces.shared.size import SIZE_COOKIE, SIZES

YEAR = 365 * 24 * 3600


@require_safe
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keeps `lang` in a cookie and goes back to `next` on this site. An unknown language changes nothing."""
    response = HttpResponseRedirect(_back(request))
    chosen = request.GET.get("lang", "")
    if chosen in dict(settings.LANGUAGES) and check_for_language(chosen):
        _keep(response, settings.LANGUAGE_COOKIE_NAME, chosen)
    return response


@require_safe
def choose_size(request: HttpRequest) -> HttpResponse:
    """Keeps `size` likewise, "large" or "normal"; what is neither changes nothing."""
    response = HttpResponseRedirect(_back(request))
    chosen = request.GET.get("size", "")
    if chosen in SIZES:
        _keep(response, SIZE_COOKIE, chosen)
    return response


def _back(request: HttpRequest) -> str:
    back = request.GET.get("next", "/")
    here = url_has_allowed_host_and_scheme(back, allowed_hosts=None) and urlsplit(back).path.startswith("/")
    return back if here else "/"


def _keep(response: HttpResponse, name: str, value: str) -> None:
    response.set_cookie(
        name, value, max_age=YEAR, samesite="Lax", httponly=True, secure=settings.SESSION_COOKIE_SECURE
    )
