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
