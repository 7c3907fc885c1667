"""Signing in by the city's identity provider (统一身份认证): the way there, the way back, and out.

The session's cookie is not sent with what another site leads to (SameSite=Strict), so that the attempt travels in a cookie
of its own, and the way in goes over a page of ours: from there on the browser is at home.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from haochaping.accounts.operations import provider as operations
from haochaping.accounts.operations.sign_in import TooManyFailures
from haochaping.exchange.identity_provider.flow import WINDOW, Begun, begin, begun_in, finish, leaving
from haochaping.exchange.identity_provider.peer import Failure, SignOnFailed
from haochaping.exchange.identity_provider.settings import Provider
from haochaping.exchange.identity_provider.tokens import Identity
from haochaping.faces.console.asking import browser_address
from haochaping.faces.console.entering import provider_vouched, wanted_address
from haochaping.foundation.clock import now
from haochaping.foundation.errors import NotAllowed

COOKIE: Final = "provider"
_LONGEST: Final = 2048
# What happened, and what to do.
_FAILED: Final[Mapping[Failure, Promise]] = {
    Failure.AWAY: _(
        "统一身份认证现在没有应答。请过几分钟再试，或者用用户名和密码登录；一直不行的，请告诉系统管理员。"
    ),
    Failure.CODE: _("这次登录已经用过或者超过了时间。请再登录一次。"),
    Failure.TOKEN: _(
        "统一身份认证发来的登录凭据不能采信，没有登录。请再试一次；还是不行的，请告诉系统管理员。"
    ),
}
_NOT_BEGUN: Final = _("这次登录不是从本浏览器开始的，或者已经超过10分钟。请从登录页重新开始。")
_DECLINED: Final = _("统一身份认证没有让您登录，可能是您取消了。请再试一次，或者用用户名和密码登录。")


@cache_control(no_store=True)
@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """Sends the browser to the provider."""
    provider = _provider()
    if provider is None:
        return redirect("console:login")
    at = now()
    try:
        address, begun = begin(provider, back=_back(), wanted=wanted_address(request), now=at)
    except SignOnFailed as failed:
        return _page(request, str(_FAILED[failed.failure]), status=503)
    answer = HttpResponseRedirect(address)
    answer.set_cookie(
        COOKIE,
        begun.sealed(),
        max_age=WINDOW,
        path=reverse("console:provider-back"),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        # The provider's site leads back here: a strict one would not come along.
        samesite="Lax",
    )
    return answer


@cache_control(no_store=True)
@require_safe
def back(request: HttpRequest) -> HttpResponse:
    """Where the provider sends the browser: in, on to the second factor, or a word on why not. An attempt is good once."""
    provider = _provider()
    if provider is None:
        return redirect("console:login")
    answer = _answered(request, provider, now())
    answer.delete_cookie(COOKIE, path=reverse("console:provider-back"), samesite="Lax")
    return answer


@cache_control(no_store=True)
@require_safe
def left(request: HttpRequest) -> HttpResponse:
    """After signing out: where the provider's own session ends."""
    provider = _provider()
    if provider is None:
        return redirect("console:login")
    home = settings.BASE_URL.rstrip("/") + reverse("console:login")
    page = {"provider": provider, "leave": leaving(provider, back=home, now=now())}
    return render(request, "console/provider_left.html", page)


def _answered(request: HttpRequest, provider: Provider, at: datetime) -> HttpResponse:
    asked = {name: request.GET.get(name, "")[:_LONGEST] for name in ("state", "code", "error", "iss")}
    begun = begun_in(request.COOKIES.get(COOKIE, ""), state=asked["state"], now=at)
    # Who names itself is the one that was asked (RFC 9207).
    if begun is None or asked["iss"] not in ("", provider.issuer):
        return _page(request, str(_NOT_BEGUN), status=403)
    if asked["error"] or not asked["code"]:
        return _page(request, str(_DECLINED), status=403)
    address = browser_address(request)
    try:
        operations.begin_by_provider(address=address, now=at)
        found = finish(provider, begun, code=asked["code"], back=_back(), now=at)
    except TooManyFailures as refusal:
        return _page(request, refusal.message, status=429)
    except SignOnFailed as failed:
        operations.refuse_by_provider(why=f"{failed.failure}: {failed.reason}", now=at)
        status = 503 if failed.failure is Failure.AWAY else 403
        return _page(request, str(_FAILED[failed.failure]), status=status)
    return _known(request, provider, begun, found, at)


def _known(
    request: HttpRequest, provider: Provider, begun: Begun, found: Identity, at: datetime
) -> HttpResponse:
    try:
        official = operations.sign_in_by_provider(
            issuer=provider.issuer,
            subject=found.subject,
            strong=found.strong,
            address=browser_address(request),
            now=at,
        )
    except NotAllowed as refusal:
        return _page(request, refusal.message, status=403, subject=found.subject)
    inside = provider_vouched(request, official, begun.wanted, strong=found.strong)
    return render(request, "console/provider_in.html", {"then": inside["Location"]})


def _page(request: HttpRequest, problem: str, *, status: int, **more: Any) -> HttpResponse:
    page = {"problem": problem, "provider": settings.IDENTITY_PROVIDER, **more}
    return render(request, "console/provider_failed.html", page, status=status)


def _provider() -> Provider | None:
    found: Provider | None = settings.IDENTITY_PROVIDER
    return found


def _back() -> str:
    """The address that the provider has on its list for us."""
    return str(settings.BASE_URL).rstrip("/") + reverse("console:provider-back")
