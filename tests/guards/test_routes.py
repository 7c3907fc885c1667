"""No route without a declared permission, whichever process answers it."""

from collections.abc import Iterator

from django.urls import get_resolver
from django.urls.resolvers import URLPattern, URLResolver

from haochaping.config.asgi import ROUTES


def patterns(resolver: URLResolver, prefix: str = "") -> Iterator[tuple[str, URLPattern]]:
    for entry in resolver.url_patterns:
        here = prefix + str(entry.pattern)
        if isinstance(entry, URLResolver):
            yield from patterns(entry, here)
        else:
            yield here, entry


def test_every_page_declares_who_may_call_it() -> None:
    found = list(patterns(get_resolver()))
    assert len(found) > 5
    assert [name for name, entry in found if not getattr(entry.callback, "permission", "")] == []


def test_every_route_of_the_door_declares_who_may_call_it() -> None:
    assert len(ROUTES) > 5
    assert [route.pattern for route in ROUTES if not route.permission] == []


def test_every_route_of_a_citizen_has_an_answer_for_who_comes_too_often() -> None:
    """Permission by token or receipt is what strangers try out; nobody signs there, so that no client's limit holds."""
    citizens = [
        route
        for route in ROUTES
        if route.permission in ("rating token", "receipt") or route.pattern.startswith("/receipt")
    ]
    assert len(citizens) > 5
    assert [route.pattern for route in citizens if route.slowed is None] == []
