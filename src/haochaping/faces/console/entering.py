"""From the right password, or the word of an identity provider, to the session, by way of the second factor where one is
asked for."""

from collections.abc import Collection
from datetime import timedelta
from typing import Final
from uuid import UUID

from django.contrib import auth
from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.http import url_has_allowed_host_and_scheme

from haochaping.accounts.operations.sign_in import Official
from haochaping.accounts.queries import officials
from haochaping.accounts.queries.passwords import password_expired
from haochaping.accounts.queries.second_factor import Stage, stage
from haochaping.accounts.rules import Permission
from haochaping.accounts.session_store import BROWSER
from haochaping.faces.shared.routes import MUST_CHANGE
from haochaping.foundation.clock import local_day, now

_BACKEND: Final = "django.contrib.auth.backends.ModelBackend"
_PENDING: Final = "pending"
# Set in the session of who came by an identity provider, and in what waits for the second factor.
BY_PROVIDER: Final = "by provider"
# How long the first step stays good for the second.
_WINDOW: Final = timedelta(minutes=10)
# Where somebody begins his day: the first of these that he may see.
_HOMES: Final = (
    (Permission.VIEW_ORDERS, "console:orders"),
    (Permission.VIEW_REVISITS, "console:revisits"),
    (Permission.MANAGE_OFFICIALS, "console:officials"),
    (Permission.VIEW_SIGN_INS, "console:sign-ins"),
    (Permission.READ_AUDIT, "console:audit"),
    (Permission.FILE_OWN_OBJECTIONS, "console:own-ratings"),
)
# What a browser calls itself, and what people call it; the first that fits.
_BROWSERS: Final = (
    ("MicroMessenger", "微信"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
_SYSTEMS: Final = (
    ("Windows", "Windows"),
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


def password_was_right(request: HttpRequest, official: Official) -> HttpResponse:
    """In, or on to the second step."""
    asked = stage(official_id=official.pk, on=local_day(now()))
    return _first_step_done(request, official, asked, wanted_address(request), by_provider=False)


def provider_vouched(request: HttpRequest, official: Official, wanted: str, *, strong: bool) -> HttpResponse:
    """The same for who comes from an identity provider; `strong`: it has asked for a second factor itself."""
    asked = Stage.NONE if strong else stage(official_id=official.pk, on=local_day(now()))
    return _first_step_done(request, official, asked, wanted, by_provider=True)


def _first_step_done(
    request: HttpRequest, official: Official, asked: Stage, wanted: str, *, by_provider: bool
) -> HttpResponse:
    match asked:
        case Stage.NONE:
            return enter(request, official, wanted, by_provider=by_provider)
        case Stage.CODE:
            then = "console:login-code"
        case Stage.ENROL:
            then = "console:login-enrol"
    request.session.flush()
    request.session[_PENDING] = {
        "official": str(official.pk),
        "until": (now() + _WINDOW).timestamp(),
        "next": wanted,
        BY_PROVIDER: by_provider,
    }
    return redirect(then)


def pending(request: HttpRequest) -> UUID | None:
    """Who has done the first step a moment ago; None for nobody."""
    waits = request.session.get(_PENDING)
    if waits is None or waits["until"] < now().timestamp():
        return None
    return UUID(waits["official"])


def came_by_provider(request: HttpRequest) -> bool:
    """Whether the first step was the provider's."""
    return bool(request.session.get(_PENDING, request.session).get(BY_PROVIDER))


def enter_pending(request: HttpRequest) -> HttpResponse:
    """The second step is done as well: in."""
    waits = request.session.pop(_PENDING)
    official = ModelBackend().get_user(UUID(waits["official"]))
    if official is None:  # ended in the meantime
        return redirect("console:login")
    return enter(request, official, waits["next"], by_provider=waits.get(BY_PROVIDER, False))


def enter(
    request: HttpRequest, official: Official, wanted: str, *, by_provider: bool = False
) -> HttpResponse:
    """Opens the session and goes where he wanted to, else to where his day begins. How old a password is matters to who came
    by it."""
    auth.login(request, official, backend=_BACKEND)
    request.session[BROWSER] = _browser(request.headers.get("User-Agent", ""))
    if by_provider:
        request.session[BY_PROVIDER] = True
    elif password_expired(official_id=official.pk, now=now()):
        request.session[MUST_CHANGE] = True
    return redirect(wanted or home(official.pk))


def home(official_id: UUID) -> str:
    """The name of the route on which his day begins."""
    return home_of(officials.held(official_id=official_id, on=local_day(now())))


def home_of(held: Collection[Permission]) -> str:
    """The same by his permissions; his own account for who may see nothing else."""
    return next((name for permission, name in _HOMES if permission in held), "console:account")


def wanted_address(request: HttpRequest) -> str:
    """Where the official wanted to go: an address of this site, or nothing."""
    wanted = request.POST.get("next", request.GET.get("next", ""))
    hosts = {request.get_host()}
    return wanted if url_has_allowed_host_and_scheme(wanted, hosts, require_https=request.is_secure()) else ""


def _browser(agent: str) -> str:
    named = [next((words for sign, words in table if sign in agent), "") for table in (_BROWSERS, _SYSTEMS)]
    return " · ".join(filter(None, named))
