"""The guard of permissions is tried itself: each right is taken from somebody and given to somebody else, behind the back of
the map as it is declared, and some cell must answer otherwise. Here also the acts that stand behind another one's address.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import pytest
from django.test import Client
from django.urls.resolvers import URLPattern

from haochaping.accounts.models import Official
from haochaping.accounts.rules import MAP, Permission, Role, Scope
from haochaping.faces.console.urls import urlpatterns
from haochaping.faces.shared.routes import METRICS, PUBLIC, SIGNED_IN
from haochaping.foundation.clock import now as present
from tests.guards import test_permissions as guard
from tests.guards.test_permissions import FORMS, World, ask, declared, own_language, permission_of, world
from tests.orders import make_official

__all__ = ["own_language", "world"]  # fixtures
# What else is done at an address, and is not for everybody who may do what FORMS names there.
BEHIND: Mapping[Permission, tuple[str, str]] = {
    Permission.DISPATCH_ORDERS: ("act", "dispatch"),
    Permission.GRANT_EXTENSIONS: ("act", "grant_extension"),
    Permission.APPROVE_ANSWERS: ("act", "approve"),
    Permission.UPLOAD_RESULTS: ("act", "upload"),
    Permission.SUPERVISE_ORDERS: ("act", "supervise"),
}

# The page on which an act is answered asks for more.
SHOWN_BY: Mapping[Permission, set[Permission]] = {
    Permission.CONFIRM_VOIDING: {Permission.DECIDE_OBJECTIONS},
    Permission.ADD_EVIDENCE: {Permission.VIEW_EVIDENCE},
    Permission.VIEW_VIDEO: {Permission.VIEW_EVIDENCE},
}

# No page asks for it, it is what its holders are told of: tests/integration/oversight/test_late_reports.py changes it.
TOLD_ALONE = {Permission.URGE_PRESSURE}


def signed_in(organisation: int, role: Role, name: str) -> Client:
    """The browser of a new official."""
    official = make_official(organisation, present(), name, role)
    client = Client()
    client.force_login(Official.objects.get(id=official))
    return client


def asked(route: URLPattern) -> set[Permission]:
    """The permissions without which a route gives no answer; none where the map is not asked."""
    said = permission_of(route)
    if said in (METRICS, PUBLIC, SIGNED_IN):
        return set()
    return {Permission(said), *filter(None, [FORMS.get(str(route.name), (None, None))[1]])}


@contextmanager
def behind(permission: Permission) -> Iterator[None]:
    """Within the block the act that the permission is for is what is tried at its address."""
    with pytest.MonkeyPatch.context() as patch:
        if permission in BEHIND:
            route, act = BEHIND[permission]
            patch.setitem(FORMS, route, (lambda world: {"act": act, "revision": "0"}, permission))  # type: ignore[arg-type]
        yield


def routes(permission: Permission) -> list[URLPattern]:
    return [route for route in urlpatterns if permission in asked(route)]


@pytest.mark.parametrize("permission", BEHIND)
def test_acts_behind_one_address_answer_as_the_map_says(permission: Permission, world: World) -> None:
    with behind(permission):
        route = next(each for each in routes(permission) if each.name == BEHIND[permission][0])
        for role in Role:
            for where, organisation in world.places.items():
                client = signed_in(organisation, role, f"{role.replace('_', '.')}.{where}")
                assert ask(client, route, world) in declared(route, role, where), (role, where)


def test_what_is_told_alone_opens_nothing() -> None:
    assert [permission for permission in TOLD_ALONE if routes(permission)] == []


@pytest.mark.parametrize("permission", [each for each in Permission if each not in TOLD_ALONE])
def test_a_right_that_is_taken_away_or_given_is_seen(
    permission: Permission, world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    with behind(permission):
        tried = routes(permission)
        needed = {each for route in tried for each in asked(route)}
        having = next(role for role in Role if needed <= MAP[role].keys())
        # Of those who have it not, who can do most else: what stands beside it must not be what he lacks.
        lacking = max((role for role in Role if permission not in MAP[role]), key=lambda role: len(MAP[role]))
        taken = {name: scope for name, scope in MAP[having].items() if name is not permission}
        as_declared = dict(MAP)
        monkeypatch.setitem(MAP, having, taken)  # type: ignore[arg-type]
        more = needed | SHOWN_BY.get(permission, set())
        monkeypatch.setitem(MAP, lacking, {**MAP[lacking], **dict.fromkeys(more, Scope.OWN)})  # type: ignore[arg-type]
        for role in (having, lacking):
            client = signed_in(world.places["own"], role, f"changed.{role.replace('_', '.')}")
            answers = {route: ask(client, route, world) for route in tried}
            with pytest.MonkeyPatch.context() as declaring:
                declaring.setattr(guard, "MAP", as_declared)
                wrong = [route for route in tried if answers[route] not in declared(route, role, "own")]
            assert wrong, f"nobody would notice a change of {permission} of {role}"
