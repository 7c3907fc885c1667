"""The switch between the languages of the pages: a link, so that public pages need no form and no token."""

from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_safe

YEAR = 365 * 24 * 3600


@require_safe
def choose_language(request: HttpRequest) -> HttpResponse:
    """Keeps `lang` in a cookie and goes back to `next` on this site. An unknown language changes nothing."""
    back = request.GET.get("next", "/")
    if not url_has_allowed_host_and_scheme(back, allowed_hosts=None) or not urlsplit(back).path.startswith(
        "/"
    ):
        back = "/"
    response = HttpResponseRedirect(back)
    chosen = request.GET.get("lang", "")
    if chosen in dict(settings.LANGUAGES) and check_for_language(chosen):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=YEAR,
            samesite="Lax",
            httponly=True,
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response
