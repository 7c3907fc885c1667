"""What is done about officials, their posts, passwords and second factors."""

from collections.abc import Callable
from datetime import timedelta
from uuid import UUID, uuid4

from haochaping.accounts import second_factor as codes
from haochaping.accounts.models import Deputy, Official, OfficialSession, Post, StaffLink
from haochaping.accounts.operations import (
    appointing,
    officials,
    passwords,
    posts,
    provider,
    second_factor,
    sessions,
    sign_in,
)
from haochaping.accounts.rules import Role
from haochaping.foundation.clock import local_day
from haochaping.registry import models as registry
from tests.acts import World, act

PASSWORD, OTHER = "昆明-春城-2026-滇池", "翠湖-海鸥-红嘴鸥-2026"
ATTEMPTS = "accounts_failedsignin"


def post_of(world: World) -> UUID:
    return Post.objects.get(official_id=world.handler).id


def deputise(world: World) -> None:
    world.somebody("deputy", world.city.county)
    today = local_day(world.now)
    posts.add_deputy(
        post_id=post_of(world),
        deputy_username="deputy",
        valid_from=today,
        valid_to=today,
        administrator_id=world.admin,
        now=world.now,
    )


def link(world: World) -> None:
    posts.link_staff(
        official_id=world.handler,
        staff_code="S1",
        valid_from=local_day(world.now),
        administrator_id=world.admin,
        now=world.now,
    )


def of_staff(world: World) -> None:
    staff = registry.Staff.objects.create(code="S1")
    registry.StaffRecord.objects.create(staff=staff, name="赵敏", organisation_id=world.city.police)


def with_password(world: World) -> None:
    token = officials.issue_login_link(official_id=world.handler, now=world.now, actor="test")
    officials.set_password(token=token, password=PASSWORD, now=world.now)


def enrol(world: World) -> tuple[bytes, bytes]:
    """What is offered to the handler, and the secret in it."""
    sealed = second_factor.offer(world.handler)
    return sealed, second_factor.opened(world.handler, sealed)


@act("accounts.operations.appointing.appoint", rows=2)
def _(world: World) -> Callable[[], object]:
    admin, role = world.admin, Role.ORGANISATION_HANDLER
    return lambda: appointing.appoint(
        username="li.si",
        name="李四",
        organisation_id=world.city.police,
        role=role,
        administrator_id=admin,
        now=world.now,
    )


@act("accounts.operations.appointing.let_in_again")
def _(world: World) -> Callable[[], object]:
    who, admin = world.handler, world.admin
    return lambda: appointing.let_in_again(official_id=who, administrator_id=admin, now=world.now)


@act("accounts.operations.officials.create_official")
def _(world: World) -> Callable[[], object]:
    new = [officials.NewPost(world.city.police, Role.ORGANISATION_HANDLER)]
    return lambda: officials.create_official(
        username="li.si", name="李四", posts=new, now=world.now, actor="test"
    )


@act("accounts.operations.officials.issue_login_link")
def _(world: World) -> Callable[[], object]:
    who = world.handler
    return lambda: officials.issue_login_link(official_id=who, now=world.now, actor="test")


@act("accounts.operations.officials.set_password")
def _(world: World) -> Callable[[], object]:
    token = officials.issue_login_link(official_id=world.handler, now=world.now, actor="test")
    return lambda: officials.set_password(token=token, password=PASSWORD, now=world.now)


@act("accounts.operations.passwords.change_password", counted=ATTEMPTS)
def _(world: World) -> Callable[[], object]:
    with_password(world)
    who = world.handler
    return lambda: passwords.change_password(official_id=who, old=PASSWORD, new=OTHER, now=world.now)


@act("accounts.operations.sign_in.sign_in", counted=ATTEMPTS)
def _(world: World) -> Callable[[], object]:
    with_password(world)
    return lambda: sign_in.sign_in(
        username="handler", password=PASSWORD, address="203.0.113.9", now=world.now
    )


@act("accounts.operations.sign_in.sign_out")
def _(world: World) -> Callable[[], object]:
    who = Official.objects.get(id=world.handler)
    return lambda: sign_in.sign_out(official=who, now=world.now)


@act("accounts.operations.second_factor.set_up")
def _(world: World) -> Callable[[], object]:
    sealed, secret = enrol(world)
    code, who = codes.code_at(secret, world.now), world.handler
    return lambda: second_factor.set_up(official_id=who, sealed=sealed, code=code, now=world.now)


@act("accounts.operations.second_factor.pass_code", counted=ATTEMPTS)
def _(world: World) -> Callable[[], object]:
    sealed, secret = enrol(world)
    later, who = world.now + timedelta(minutes=5), world.handler
    second_factor.set_up(official_id=who, sealed=sealed, code=codes.code_at(secret, world.now), now=world.now)
    return lambda: second_factor.pass_code(official_id=who, code=codes.code_at(secret, later), now=later)


@act("accounts.operations.sessions.end_session")
def _(world: World) -> Callable[[], object]:
    who, label = world.handler, uuid4()
    OfficialSession.objects.create(
        session_key="k" * 32,
        session_data="",
        expire_date=world.now + timedelta(hours=1),
        official_id=who,
        label=label,
        begun_at=world.now,
        seen_at=world.now,
    )
    return lambda: sessions.end_session(official_id=who, label=label, now=world.now)


@act("accounts.operations.posts.add_post")
def _(world: World) -> Callable[[], object]:
    who, admin = world.handler, world.admin
    return lambda: posts.add_post(
        official_id=who,
        organisation_id=world.city.police,
        role=Role.ORGANISATION_APPROVER,
        valid_from=local_day(world.now),
        valid_to=None,
        administrator_id=admin,
        now=world.now,
    )


@act("accounts.operations.posts.end_post")
def _(world: World) -> Callable[[], object]:
    post, admin = post_of(world), world.admin
    last = local_day(world.now)
    return lambda: posts.end_post(post_id=post, last_day=last, administrator_id=admin, now=world.now)


@act("accounts.operations.posts.add_deputy")
def _(world: World) -> Callable[[], object]:
    assert world.handler != world.admin
    world.somebody("deputy", world.city.county)
    return lambda: deputise(world)


@act("accounts.operations.posts.end_deputy")
def _(world: World) -> Callable[[], object]:
    deputise(world)
    deputy, admin = Deputy.objects.get().id, world.admin
    return lambda: posts.end_deputy(deputy_id=deputy, administrator_id=admin, now=world.now)


@act("accounts.operations.posts.end_official")
def _(world: World) -> Callable[[], object]:
    who, admin = world.handler, world.admin
    return lambda: posts.end_official(official_id=who, administrator_id=admin, now=world.now)


@act("accounts.operations.posts.link_staff")
def _(world: World) -> Callable[[], object]:
    of_staff(world)
    assert world.handler != world.admin
    return lambda: link(world)


@act("accounts.operations.posts.unlink_staff")
def _(world: World) -> Callable[[], object]:
    of_staff(world)
    link(world)
    linked, admin = StaffLink.objects.get().id, world.admin
    return lambda: posts.unlink_staff(link_id=linked, administrator_id=admin, now=world.now)


@act("accounts.operations.posts.reset_second_factor")
def _(world: World) -> Callable[[], object]:
    sealed, secret = enrol(world)
    code, who, admin = codes.code_at(secret, world.now), world.handler, world.admin
    second_factor.set_up(official_id=who, sealed=sealed, code=code, now=world.now)
    return lambda: posts.reset_second_factor(official_id=who, administrator_id=admin, now=world.now)


@act("accounts.operations.second_factor.renew_recovery_codes", counted=ATTEMPTS)
def _(world: World) -> Callable[[], object]:
    sealed, secret = enrol(world)
    later, who = world.now + timedelta(minutes=5), world.handler
    second_factor.set_up(official_id=who, sealed=sealed, code=codes.code_at(secret, world.now), now=world.now)
    code = codes.code_at(secret, later)
    return lambda: second_factor.renew_recovery_codes(official_id=who, password="", code=code, now=later)


def link_identity(world: World) -> None:
    provider.link_subject(
        official_id=world.handler,
        issuer="https://sso.example.org",
        subject="u-4711",
        administrator_id=world.admin,
        now=world.now,
    )


@act("accounts.operations.provider.link_subject")
def _(world: World) -> Callable[[], object]:
    assert world.handler != world.admin
    return lambda: link_identity(world)


@act("accounts.operations.provider.unlink_subject")
def _(world: World) -> Callable[[], object]:
    link_identity(world)
    who, admin = world.handler, world.admin
    return lambda: provider.unlink_subject(official_id=who, administrator_id=admin, now=world.now)
