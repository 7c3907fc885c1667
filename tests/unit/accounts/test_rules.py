"""The permission map and the slowing down of who guesses passwords."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haochaping.accounts.law import LAW, ROLES, SCOPES, lines
from haochaping.accounts.rules import (
    ADMINISTRATORS,
    FREE_FAILURES_USERNAME_THERE,
    LONGEST_LOCK,
    MAP,
    Permission,
    Role,
    Scope,
    apart,
    lock_after,
    scope_of_role,
)


def test_the_map_knows_every_role_and_gives_every_permission_to_somebody() -> None:
    assert set(MAP) == set(Role)
    assert {permission for given in MAP.values() for permission in given} == set(Permission)


@pytest.mark.parametrize(
    ("role", "permission", "scope"),
    [
        ("organisation_handler", Permission.VIEW_ORDERS, Scope.OWN),
        ("organisation_handler", Permission.HANDLE_ORDERS, Scope.OWN),
        ("organisation_handler", Permission.SEE_CONTACT, Scope.OWN),
        ("authority_officer", Permission.VIEW_ORDERS, Scope.SUBTREE),
        ("authority_officer", Permission.HANDLE_ORDERS, None),
        ("authority_officer", Permission.SEE_CONTACT, None),
        ("a role of another version", Permission.VIEW_ORDERS, None),
    ],
)
def test_who_may_do_what_and_how_far(role: str, permission: Permission, scope: Scope | None) -> None:
    assert scope_of_role(role, permission) is scope


@pytest.mark.parametrize(
    ("roles", "pair"),
    [
        ((), None),
        (("system_administrator",), None),
        (("system_administrator", "system_administrator"), None),
        (("organisation_handler", "authority_officer", "inspector"), None),
        (("a role of another version", "audit_administrator"), None),
        (
            ("system_administrator", "audit_administrator"),
            (Role.SYSTEM_ADMINISTRATOR, Role.AUDIT_ADMINISTRATOR),
        ),
        (("window_staff", "security_administrator"), (Role.SECURITY_ADMINISTRATOR, Role.WINDOW_STAFF)),
        (("audit_administrator", "inspector"), (Role.AUDIT_ADMINISTRATOR, Role.INSPECTOR)),
    ],
)
def test_administrators_are_nothing_else(roles: tuple[str, ...], pair: tuple[Role, Role] | None) -> None:
    assert apart(roles) == pair


def test_no_administrator_has_anything_to_do_with_orders() -> None:
    for role in ADMINISTRATORS:
        assert {
            each for each in MAP[role] if each.startswith(("orders.", "quarantine.", "pressure."))
        } == set()


def test_every_permission_has_an_article_and_every_role_a_name() -> None:
    assert LAW.keys() == set(Permission)
    assert ROLES.keys() == set(Role)
    assert SCOPES.keys() == set(Scope)
    assert [line.permission for line in lines() if not line.grants] == []


def test_the_lock_comes_with_the_fifth_failure_and_doubles() -> None:
    minutes = [lock_after(failures, FREE_FAILURES_USERNAME_THERE) for failures in (4, 5, 6, 7, 11, 500)]
    expected = [None, 1, 2, 4, 60, 60]
    assert minutes == [None if each is None else timedelta(minutes=each) for each in expected]


@given(st.integers(0, 10**6), st.integers(1, 50))
def test_more_failures_never_mean_a_shorter_lock(failures: int, free: int) -> None:
    before, after = (lock_after(count, free) or timedelta(0) for count in (failures, failures + 1))
    assert timedelta(0) <= before <= after <= LONGEST_LOCK
