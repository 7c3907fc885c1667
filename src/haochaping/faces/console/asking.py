"""Who asks, and for what, as a view is given it."""

from uuid import UUID

from django.core.exceptions import BadRequest
from django.http import Http404, HttpRequest


def me(request: HttpRequest) -> UUID:
    """The official who is signed in. Raises Http404 for nobody."""
    official: UUID | None = request.user.pk
    if official is None:
        raise Http404
    return official


def id_in(text: str) -> UUID:
    """An id out of a form. Raises BadRequest for what is none: no form of ours sends that."""
    try:
        return UUID(text)
    except ValueError as error:
        raise BadRequest from error


def browser_address(request: HttpRequest) -> str:
    """The browser's address. On our own socket there is no peer: the proxy in front tells it last."""
    if peer := request.META.get("REMOTE_ADDR", ""):
        return str(peer)
    return str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
