"""The second factor: asked for after the password, set up where one is wanted, its recovery codes shown once
and renewed."""

import base64
from collections.abc import Mapping
from typing import Final
from uuid import UUID

import segno
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.safestring import mark_safe
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from haochaping.accounts import second_factor as codes
from haochaping.accounts.operations import second_factor as operations
from haochaping.accounts.operations.sign_in import TooManyFailures
from haochaping.accounts.queries.officials import awaits_password, official
from haochaping.accounts.queries.second_factor import Stage, enrolled, stage
from haochaping.faces.console.asking import me
from haochaping.faces.console.entering import came_by_provider, enter_pending, home, pending
from haochaping.foundation.clock import local_day, now
from haochaping.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from haochaping.foundation.sealing import SealBroken

_OFFERED: Final = "offered"
_LONGEST: Final = 60
_LONGEST_PASSWORD: Final = 200


@cache_control(no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def login_code(request: HttpRequest) -> HttpResponse:
    """Asks for a code after the right password."""
    whose = pending(request)
    if whose is None:
        return redirect("console:login")
    page: dict[str, object] = {"by_provider": came_by_provider(request)}
    if request.method != "POST":
        return render(request, "console/login_code.html", page)
    try:
        operations.pass_code(official_id=whose, code=_code(request), now=now())
    except (NotAllowed, TooManyFailures) as refusal:
        status = 429 if isinstance(refusal, TooManyFailures) else 403
        page["problem"] = refusal.message
        return render(request, "console/login_code.html", page, status=status)
    return enter_pending(request)


@cache_control(no_store=True)
@require_http_methods(["GET", "HEAD", "POST"])
def login_enrol(request: HttpRequest) -> HttpResponse:
    """Sets an authenticator up between the right password and the session: his role asks for one."""
    whose = pending(request)
    if whose is None:
        return redirect("console:login")
    if stage(official_id=whose, on=local_day(now())) is not Stage.ENROL:
        return redirect("console:login-code")
    return _enrol(request, whose, entering=True)


@require_http_methods(["GET", "HEAD", "POST"])
def enrol(request: HttpRequest) -> HttpResponse:
    """Sets an authenticator up because its official wants one."""
    whose = me(request)
    if stage(official_id=whose, on=local_day(now())) is Stage.CODE:
        return redirect("console:account")
    return _enrol(request, whose, entering=False)


@require_http_methods(["GET", "HEAD", "POST"])
def renew(request: HttpRequest) -> HttpResponse:
    """New recovery codes in place of the old ones, for who proves himself once more; shown once."""
    whose = me(request)
    if not enrolled(whose):
        return redirect("console:account")
    if request.method != "POST":
        return _renew_page(request, whose, {}, 200)
    password = request.POST.get("password", "")[:_LONGEST_PASSWORD]
    try:
        fresh = operations.renew_recovery_codes(
            official_id=whose, password=password, code=_code(request), now=now()
        )
    except Invalid as refusal:
        return _renew_page(request, whose, {each.field: each.message for each in refusal.problems}, 422)
    except TooManyFailures as refusal:
        return _renew_page(request, whose, {"code": refusal.message}, 429)
    except NotFound:  # taken away in the meantime
        return redirect("console:account")
    page = {"codes": fresh, "then": "console:account", "renewed": True, "account_page": True}
    return render(request, "console/recovery_codes.html", page)


def _renew_page(request: HttpRequest, whose: UUID, problems: Mapping[str, str], status: int) -> HttpResponse:
    page = {"problems": problems, "has_password": not awaits_password(whose), "account_page": True}
    return render(request, "console/recovery_renew.html", page, status=status)


def _enrol(request: HttpRequest, whose: UUID, *, entering: bool) -> HttpResponse:
    sealed, fresh = _offered(request, whose)
    if request.method != "POST" or fresh:
        return _page(request, whose, sealed, entering)
    try:
        recovery = operations.set_up(
            official_id=whose, sealed=sealed, code=_code(request), now=now(), entering=entering
        )
    except Invalid as refusal:
        return _page(request, whose, sealed, entering, refusal.problems[0].message)
    except (Conflict, NotFound):
        return redirect("console:login")
    del request.session[_OFFERED]
    if entering:
        enter_pending(request)
    return render(request, "console/recovery_codes.html", {"codes": recovery, "then": home(whose)})


def _offered(request: HttpRequest, whose: UUID) -> tuple[bytes, bool]:
    """The sealed secret that this browser was shown, and whether it is a new one."""
    try:
        sealed = base64.b64decode(request.session[_OFFERED])
        operations.opened(whose, sealed)
    except (KeyError, SealBroken):
        sealed = operations.offer(whose)
        request.session[_OFFERED] = base64.b64encode(sealed).decode()
        return sealed, True
    return sealed, False


def _page(
    request: HttpRequest, whose: UUID, sealed: bytes, entering: bool, problem: str = ""
) -> HttpResponse:
    secret = operations.opened(whose, sealed)
    who = official(official_id=whose, on=local_day(now()))
    address = codes.address(secret, who.username if who else "")
    # Drawn by segno of an address that it encodes: nothing that anybody typed is in the markup.
    picture = mark_safe(segno.make(address, error="m").svg_inline(scale=4, border=4, omitsize=True))  # noqa: S308
    page = {"picture": picture, "secret": codes.written(secret), "entering": entering, "problem": problem}
    return render(request, "console/enrol.html", page, status=422 if problem else 200)


def _code(request: HttpRequest) -> str:
    return request.POST.get("code", "")[:_LONGEST]
