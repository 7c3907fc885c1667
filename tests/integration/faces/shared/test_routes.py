"""A route holds its caller to the permission that it declares."""

from datetime import date
from types import SimpleNamespace
from uuid import uuid4

import pytest
from django.contrib.auth.models import AnonymousUser
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from haochaping.accounts.models import Official
from haochaping.accounts.rules import Permission, Role
from haochaping.faces.shared.routes import PUBLIC, SIGNED_IN, route
from haochaping.foundation.clock import now as present
from tests.orders import make_city, make_official


def page(request: HttpRequest) -> HttpResponse:
    """Answers."""
    return HttpResponse("seen")


def call(permission: str, user: object, method: str = "get") -> HttpResponse:
    request = getattr(RequestFactory(), method)("/console/somewhere/?page=2")
    request.user = user
    request.session = {}
    return route("somewhere/", page, permission=permission, name="somewhere").callback(request)


def test_a_public_page_asks_nothing_of_anyone() -> None:
    answer = call(PUBLIC, AnonymousUser())
    assert answer.status_code == 200
    assert "Cache-Control" not in answer.headers


@pytest.mark.parametrize("permission", [SIGNED_IN, *Permission])
def test_who_is_not_signed_in_is_sent_to_do_so_and_back(permission: str) -> None:
    answer = call(permission, AnonymousUser())
    assert (answer.status_code, answer["Location"]) == (
        302,
        "/console/login/?next=/console/somewhere/%3Fpage%3D2",
    )
    assert call(permission, AnonymousUser(), "post")["Location"] == "/console/login/"


@pytest.mark.django_db
def test_a_permission_is_held_by_a_post_of_today() -> None:
    organisation = make_city().police
    handler = Official.objects.get(id=make_official(organisation, present(), "handler"))
    officer = Official.objects.get(
        id=make_official(organisation, present(), "officer", Role.AUTHORITY_OFFICER)
    )
    assert call(Permission.HANDLE_ORDERS, handler).content == b"seen"
    assert call(Permission.VIEW_ORDERS, officer)["Cache-Control"] == "no-store"
    for user in (officer, SimpleNamespace(is_authenticated=True, pk=uuid4())):
        with pytest.raises(PermissionDenied):
            call(Permission.HANDLE_ORDERS, user)
    handler.posts.update(valid_from=date(2020, 1, 1), valid_to=date(2020, 12, 31))
    with pytest.raises(PermissionDenied):
        call(Permission.HANDLE_ORDERS, handler)
    assert call(SIGNED_IN, handler).content == b"seen"


@pytest.mark.parametrize("permission", ["", "orders.veiw", "admin"])
def test_a_route_with_an_unknown_permission_cannot_be_written(permission: str) -> None:
    with pytest.raises(ValueError, match="permission"):
        route("somewhere/", page, permission=permission, name="somewhere")
