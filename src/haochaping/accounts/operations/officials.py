"""Officials are made, let in for the first time, and choose their password. There is no default password."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from haochaping.accounts.models import LoginLink, Official, Post
from haochaping.accounts.operations.passwords import choose
from haochaping.accounts.operations.posts import check_roles
from haochaping.accounts.operations.sessions import end_all
from haochaping.accounts.operations.sign_in import forget_failures
from haochaping.accounts.queries.officials import actor_of
from haochaping.accounts.rules import LINK_DAYS, Role
from haochaping.audit import operations as audit
from haochaping.foundation import base32
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Invalid, NotFound, Problem
from haochaping.foundation.ids import new_id
from haochaping.foundation.keys import key_for
from haochaping.foundation.sealing import hmac_sm3

_TOKEN_BYTES = 16
_USERNAME_CHARACTERS = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._-")


@dataclass(frozen=True, slots=True)
class NewPost:
    """A post to be held from today on. `organisation_id` is the registry's."""

    organisation_id: int
    role: Role


def create_official(*, username: str, name: str, posts: Sequence[NewPost], now: datetime, actor: str) -> UUID:
    """An official with posts from today on and no password yet; returns the id.

    Raises Invalid: a username with other characters than a-z 0-9 . _ -, a username taken, no name, no post, roles that one
    person must not hold together.
    """
    username, name = username.strip(), name.strip()
    problems = _problems(username, name, posts)
    if problems:
        raise Invalid(problems)
    check_roles(post.role for post in posts)
    official = Official(id=new_id(now), username=username, name=name, created_at=now)
    official.set_unusable_password()
    try:
        with transaction.atomic():
            official.save(force_insert=True)
            Post.objects.bulk_create(
                Post(
                    id=new_id(now),
                    official=official,
                    organisation_id=post.organisation_id,
                    role=post.role.value,
                    valid_from=local_day(now),
                )
                for post in posts
            )
            audit.record(
                now=now,
                actor=actor,
                act="official.create",
                subject=actor_of(username),
                detail={"posts": [[post.organisation_id, post.role.value] for post in posts]},
            )
    except IntegrityError as error:
        taken = _("用户名“{username}”已被使用，请换一个。").format(username=username)
        raise Invalid([Problem("username", "taken", taken)]) from error
    return official.id


def _problems(username: str, name: str, posts: Sequence[NewPost]) -> list[Problem]:
    problems = []
    if not 3 <= len(username) <= 80 or not _USERNAME_CHARACTERS.issuperset(username):
        message = _("用户名须为3至80个字符，只能用小写字母、数字和 . _ -。")
        problems.append(Problem("username", "form", message))
    if not 1 <= len(name) <= 100:
        problems.append(Problem("name", "form", _("姓名不能为空，且不超过100个字。")))
    if not posts:
        problems.append(Problem("posts", "required", _("至少要有一个岗位，否则登录后什么也看不到。")))
    return problems


def issue_login_link(*, official_id: UUID, now: datetime, actor: str) -> str:
    """A one-time token to set a password with, good for seven days; an earlier unused one ends at once.

    Only its keyed hash is kept, so the text is shown here and never again. Raises NotFound.
    """
    token = os.urandom(_TOKEN_BYTES)
    with transaction.atomic():
        official = Official.objects.select_for_update().filter(id=official_id, is_active=True).first()
        if official is None:
            raise NotFound("official", _("没有这个人员，或者其账号已停用。"))
        official.login_links.filter(used_at__isnull=True, expires_at__gt=now).update(expires_at=now)
        official.login_links.create(
            id=new_id(now), digest=_digest(token), expires_at=now + timedelta(days=LINK_DAYS)
        )
        audit.record(now=now, actor=actor, act="official.login_link", subject=actor_of(official.username))
    return base32.encode(token)


def purge_login_links(*, now: datetime) -> int:
    """Removes links that have run out, used or not; how many. That they were issued and used stands in the audit trail."""
    return LoginLink.objects.filter(expires_at__lt=now).delete()[0]


def set_password(*, token: str, password: str, now: datetime) -> Official:
    """Sets the password and uses up the link, in one transaction; every session begun before ends.

    Returns the official, for a session to be opened. Raises NotFound for a link that is unknown, used or
    expired (all alike), Invalid for a password that the validators refuse: the link then stays good.
    """
    with transaction.atomic():
        link = _good_link(token, now)
        official = Official.objects.select_for_update().get(id=link.official_id)
        choose(official, password, now)
        link.used_at = now
        link.save(update_fields=["used_at"])
        forget_failures(official.username)
        end_all(official_id=official.id)
        actor = actor_of(official.username)
        audit.record(now=now, actor=actor, act="official.set_password", subject=actor)
    return official


def _good_link(token: str, now: datetime) -> LoginLink:
    refused = NotFound(
        "login_link", _("登录链接无效：可能已经用过、已超过7天或输入有误。请向管理员索取新的链接。")
    )
    try:
        digest = _digest(base32.decode(token, _TOKEN_BYTES))
    except ValueError as error:
        raise refused from error
    # Two uses at once queue at this lock, and the second then finds the link used.
    link = (
        LoginLink.objects.select_for_update(of=("self",))
        .filter(digest=digest, used_at__isnull=True, expires_at__gt=now, official__is_active=True)
        .first()
    )
    if link is None:
        raise refused
    return link


def _digest(token: bytes) -> bytes:
    return hmac_sm3(key_for("login link"), token)
