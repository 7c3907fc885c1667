"""Routes of the Django faces. Every route says who may call it; `path` of Django is not used directly."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpResponseBase
from django.urls import path
from django.urls.resolvers import URLPattern

View = Callable[..., HttpResponseBase]
PUBLIC = "public"


def route(pattern: str, view: View, *, permission: str, name: str, **extra: Any) -> URLPattern:
    """A URL pattern whose callback carries its declared permission: "public", "signed in" or an act of the permission map."""
    if not permission:
        raise ValueError(f"route {name} declares no permission")

    @wraps(view)
    def declared(*arguments: Any, **named: Any) -> HttpResponseBase:
        return view(*arguments, **named)

    declared.permission = permission  # type: ignore[attr-defined]  # read by the guard test over all routes
    return path(pattern, declared, kwargs=extra or None, name=name)
