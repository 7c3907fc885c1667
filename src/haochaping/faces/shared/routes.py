"""Routes of the Django faces. Every route says who may call it and holds the caller to it.

Django's `path` is not used directly. Whether the single thing asked for is within reach, its room decides.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.urls import path
from django.urls.resolvers import URLPattern

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.foundation.asked_once import asking_once
from haochaping.foundation.bearer import bears, metrics_token
from haochaping.foundation.clock import local_day, now

View = Callable[..., HttpResponseBase]
PUBLIC = "public"
SIGNED_IN = "signed in"
METRICS = "metrics token"
# These write nothing that their page then reads.
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
# Set in the session of whose password is too old.
MUST_CHANGE = "must change"
CHANGE_OF_PASSWORD = "console:password"  # noqa: S105  (the name of a route)


def route(
    pattern: str,
    view: View,
    *,
    permission: str,
    name: str,
    hidden: bool = False,
    others: Callable[[UUID], str] | None = None,
    **extra: Any,
) -> URLPattern:
    """A URL pattern whose callback carries and enforces its permission.

    PUBLIC: anyone. SIGNED_IN: whoever has signed in. METRICS: a machine that bears the token of HAOCHAPING_METRICS_TOKEN,
    for all others there is no such page. Else a permission of the map, to be held in at least one post of today: others get
    the page of 403, of a `hidden` route that of 404, as if nothing were there; with `others`, they are sent to the route
    that it names for the official. Who has not signed in is sent to do so and back.
    Raises ValueError for what is no permission: a misspelt one would let in nobody, or everybody.
    """
    if permission not in {PUBLIC, SIGNED_IN, METRICS, *Permission}:
        raise ValueError(f"route {name} declares {permission!r}, which is no permission")

    def held_to(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        if permission == PUBLIC:
            return view(request, *arguments, **named)
        if permission == METRICS:
            return _for_machines(request, view, *arguments, **named)
        if not request.user.is_authenticated:
            return _to_sign_in(request)
        if _must_change(request):
            return redirect(CHANGE_OF_PASSWORD)
        if permission != SIGNED_IN and not _holds(request, Permission(permission)):
            if others is not None and request.user.pk is not None:
                return redirect(others(request.user.pk))
            raise Http404 if hidden else PermissionDenied
        response = view(request, *arguments, **named)
        # What an official sees is neither for the next one at the same desk nor for a proxy.
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    @wraps(view)
    def declared(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponseBase:
        if request.method not in SAFE:
            return held_to(request, *arguments, **named)
        with asking_once():
            return held_to(request, *arguments, **named)

    # Read by the guard test over all routes.
    declared.permission = permission  # type: ignore[attr-defined]
    declared.others = others  # type: ignore[attr-defined]
    return path(pattern, declared, kwargs=extra or None, name=name)


def _must_change(request: HttpRequest) -> bool:
    """Whether nothing else is open to him before his password is another: it has been in use for too long."""
    here = request.resolver_match.view_name if request.resolver_match else ""
    return bool(request.session.get(MUST_CHANGE)) and here not in {CHANGE_OF_PASSWORD, "console:logout"}


def _for_machines(request: HttpRequest, view: View, *arguments: Any, **named: Any) -> HttpResponseBase:
    token = metrics_token()
    if token is None or not bears(request.headers.get("authorization", ""), token):
        raise Http404
    return view(request, *arguments, **named)


def _to_sign_in(request: HttpRequest) -> HttpResponseBase:
    if request.method in {"GET", "HEAD"}:
        return redirect_to_login(request.get_full_path())
    # An act is not repeated by following an address.
    return redirect("console:login")


def _holds(request: HttpRequest, permission: Permission) -> bool:
    user: UUID | None = request.user.pk
    return user is not None and officials.holds(official_id=user, permission=permission, on=local_day(now()))
