"""Static codes: which there are, whether the rules rate what they hang at, one as a picture, many as a sheet to print."""

from urllib.parse import quote, urlencode

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_safe

from haochaping.cases.static_code import SUBJECTS, StaticCode
from haochaping.faces.console.asking import me
from haochaping.faces.shared import qr
from haochaping.foundation.clock import now
from haochaping.foundation.errors import NotFound
from haochaping.oversight.queries.static_codes import Asked, CodeList, CodeView, code_in_reach, codes_in_reach
from haochaping.policy.keeping import in_force

# Two by three on a sheet of A4: a phone reads each from a metre away.
SHEET_SIZE = 60
_LONGEST_PAGE = 6
_LARGEST_ID = 2**31
_DRAWN = {"svg": (qr.svg, "image/svg+xml; charset=utf-8"), "png": (qr.png, "image/png")}


@require_safe
def codes(request: HttpRequest) -> HttpResponse:
    """The list: of all in reach, of a hall or of an organisation."""
    asked = _asked(request)
    return render(request, "console/codes.html", _shown(asked, _found(request, asked)))


@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    """Those that the rules rate, each with its name and code, to be printed by the browser."""
    asked = _asked(request, size=SHEET_SIZE)
    found = _found(request, asked)
    drawn = [(view, _inline(view)) for view in found.rows if view.why is None]
    unrated = len(found.rows) - len(drawn)
    shown = {**_shown(asked, found), "drawn": drawn, "unrated": unrated}
    return render(request, "console/codes_sheet.html", shown)


@require_safe
def picture(request: HttpRequest, subject: str, thing_id: int, drawn: str) -> HttpResponse:
    """One code as SVG or PNG, named by what it is of. 404 for what is not in reach, or not rated by the rules."""
    if drawn not in _DRAWN or subject not in SUBJECTS or thing_id >= _LARGEST_ID:
        raise Http404
    try:
        view = code_in_reach(
            official_id=me(request),
            now=now(),
            rulebook=in_force().rulebook,
            of=StaticCode(subject, thing_id),
        )
    except NotFound as refusal:
        raise Http404 from refusal
    if view.why is not None:
        raise Http404
    draw, content_type = _DRAWN[drawn]
    name = quote(f"{subject}-{view.place.code}.{drawn}")
    answer = HttpResponse(draw(_address(view)), content_type=content_type)
    answer["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return answer


def _asked(request: HttpRequest, size: int = 50) -> Asked:
    page, of = request.GET.get("page", "1"), request.GET.get("of", "")
    number = int(page) if page.isascii() and page.isdigit() and len(page) <= _LONGEST_PAGE else 1
    return Asked(request.GET.get("whose", ""), of if of in SUBJECTS else "", number, size)


def _found(request: HttpRequest, asked: Asked) -> CodeList:
    return codes_in_reach(official_id=me(request), now=now(), rulebook=in_force().rulebook, asked=asked)


def _shown(asked: Asked, found: CodeList) -> dict[str, object]:
    """With what stays in the addresses of other pages and tabs, once it is known to be a code of the registry."""
    owners = {owner.code for owner in (*found.halls, *found.organisations)}
    whose = asked.whose if asked.whose in owners else ""
    kept = {name: value for name, value in (("whose", whose), ("of", asked.subject)) if value}
    return {
        "found": found,
        "asked": asked,
        "whose": whose,
        "kept": urlencode(kept),
        "kept_whose": urlencode({"whose": whose}) if whose else "",
        "total": sum(found.counts.values()),
        "codes_page": True,
    }


def _address(view: CodeView) -> str:
    return f"{settings.BASE_URL.rstrip('/')}/r/w/{view.token}"


def _inline(view: CodeView) -> SafeString:
    return mark_safe(qr.inline(_address(view)))  # noqa: S308  (drawn here, of an address of ours)
