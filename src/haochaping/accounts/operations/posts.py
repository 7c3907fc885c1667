"""What a system administrator lays down for officials: posts, deputies, which member of staff somebody is, and an end.

Each act reaches as far as the administrator's own post, and never himself.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from haochaping.accounts.law import ROLES
from haochaping.accounts.models import Deputy, Official, Post, RecoveryCode, SecondFactor, StaffLink
from haochaping.accounts.operations.sessions import end_all
from haochaping.accounts.queries import officials
from haochaping.accounts.queries.second_factor import Stage, stage
from haochaping.accounts.rules import Permission, Role, apart
from haochaping.audit import operations as audit
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from haochaping.foundation.ids import new_id
from haochaping.registry import queries as registry

_ONE_DAY: Final = timedelta(days=1)
_MANAGE: Final = Permission.MANAGE_OFFICIALS


def managed(
    official_id: UUID, administrator_id: UUID, now: datetime
) -> tuple[Official, officials.OfficialView, frozenset[int]]:
    """The official, locked, the administrator as he acts, and the organisations that he reaches.

    Raises NotFound for whom no post of his reaches, NotAllowed for himself and for whoever holds a post out of his reach as
    well: what he did would reach there.
    """
    today = local_day(now)
    who = officials.acting(official_id=administrator_id, permission=_MANAGE, on=today)
    reach = officials.scope(official_id=administrator_id, permission=_MANAGE, on=today)
    official = Official.objects.select_for_update().filter(id=official_id).first()
    if official is None or who is None or not official.posts.filter(organisation_id__in=reach).exists():
        raise NotFound("official", _("没有这个人员，或者其不在您管理的单位。"))
    if official_id == administrator_id:
        raise NotAllowed("oneself", _("不能管理自己的账号和岗位，请由另一名系统管理员办理。"))
    running = official.posts.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=today))
    if running.exclude(organisation_id__in=reach).exists():
        raise NotAllowed("elsewhere", _("该人员在您管理范围以外的单位还有岗位，请由上级系统管理员办理。"))
    return official, who, reach


@transaction.atomic
def add_post(
    *,
    official_id: UUID,
    organisation_id: int,
    role: str,
    valid_from: date,
    valid_to: date | None,
    administrator_id: UUID,
    now: datetime,
) -> None:
    """A post from one day to another. Raises NotFound, NotAllowed, and Invalid: a role that is unknown or does not go with
    what he holds in that time, an organisation out of reach, days that cannot be."""
    official, who, reach = managed(official_id, administrator_id, now)
    problems = _day_problems(valid_from, valid_to, now)
    if role not in list(Role):
        problems.append(Problem("role", "unknown", _("请选择角色。")))
    if organisation_id not in reach:
        problems.append(Problem("organisation", "reach", _("请选择您管理范围内的单位。")))
    if problems:
        raise Invalid(problems)
    _check_apart(official.id, [role], valid_from, valid_to)
    Post.objects.create(
        id=new_id(now),
        official=official,
        organisation_id=organisation_id,
        role=role,
        valid_from=valid_from,
        valid_to=valid_to,
    )
    detail = {"organisation": organisation_id, "role": role, **_days(valid_from, valid_to)}
    _note(who, official, "post.add", detail, now)
    _through_the_door_again(official, now)


@transaction.atomic
def end_post(*, post_id: UUID, last_day: date, administrator_id: UUID, now: datetime) -> None:
    """A post ends with that day; yesterday: at once. Its deputies end with it. Raises NotFound, NotAllowed, Invalid."""
    post = Post.objects.filter(id=post_id).first()
    official, who, reach = managed(post.official_id if post else post_id, administrator_id, now)
    if post is None or post.organisation_id not in reach:
        raise NotFound("post", _("没有这个岗位。"))
    today = local_day(now)
    if last_day < today - _ONE_DAY or (post.valid_to is not None and last_day > post.valid_to):
        words = _("最后一天不能早于昨天，也不能晚于原定的最后一天。填昨天的，立即生效。")
        raise Invalid([Problem("last_day", "day", words)])
    post.valid_to = last_day
    post.save(update_fields=["valid_to"])
    post.deputies.filter(valid_to__gt=last_day).update(valid_to=last_day)
    detail = {"organisation": post.organisation_id, "role": post.role, "to": last_day.isoformat()}
    _note(who, official, "post.end", detail, now)


@transaction.atomic
def add_deputy(
    *,
    post_id: UUID,
    deputy_username: str,
    valid_from: date,
    valid_to: date,
    administrator_id: UUID,
    now: datetime,
) -> None:
    """Somebody acts with that post while its holder is away. Raises NotFound, NotAllowed, and Invalid: a deputy who is not
    there, is the holder, or holds what does not go with the post; days outside of the post's."""
    post = Post.objects.filter(id=post_id).first()
    official, who, reach = managed(post.official_id if post else post_id, administrator_id, now)
    if post is None or post.organisation_id not in reach:
        raise NotFound("post", _("没有这个岗位。"))
    problems = _day_problems(valid_from, valid_to, now)
    if valid_from < post.valid_from or (post.valid_to is not None and valid_to > post.valid_to):
        problems.append(Problem("valid_to", "outside", _("代理的日期须在该岗位的任期之内。")))
    # Locked as well: nobody gives him another role at this moment that does not go with this post.
    named = Official.objects.select_for_update().filter(
        username=deputy_username.strip().lower(), is_active=True
    )
    deputy = named.first()
    if deputy is None or not deputy.posts.filter(organisation_id__in=reach).exists():
        problems.append(Problem("deputy", "unknown", _("您管理的单位没有这个用户名，请核对。")))
    elif deputy.id in (official.id, administrator_id):
        problems.append(Problem("deputy", "oneself", _("代理人不能是本人，也不能是您自己。")))
    if problems or deputy is None:
        raise Invalid(problems)
    _check_apart(deputy.id, [post.role], valid_from, valid_to, field="deputy")
    Deputy.objects.create(
        id=new_id(now), post=post, official=deputy, valid_from=valid_from, valid_to=valid_to
    )
    detail = {"deputy": officials.actor_of(deputy.username), "role": post.role, **_days(valid_from, valid_to)}
    _note(who, official, "deputy.add", detail, now)
    _through_the_door_again(deputy, now)


@transaction.atomic
def end_deputy(*, deputy_id: UUID, administrator_id: UUID, now: datetime) -> None:
    """A deputy acts no more from now on. Raises NotFound, NotAllowed."""
    row = Deputy.objects.select_related("post", "official").filter(id=deputy_id).first()
    official, who, _reach = managed(row.post.official_id if row else deputy_id, administrator_id, now)
    if row is None:
        raise NotFound("deputy", _("没有这个代理。"))
    row.valid_to = min(row.valid_to, local_day(now) - _ONE_DAY)
    row.save(update_fields=["valid_to"])
    detail = {"deputy": officials.actor_of(row.official.username), "role": row.post.role}
    _note(who, official, "deputy.end", detail, now)


@transaction.atomic
def link_staff(
    *, official_id: UUID, staff_code: str, valid_from: date, administrator_id: UUID, now: datetime
) -> None:
    """From that day on, also a past one, the official is the member of staff of the registry with that code.

    Raises NotFound, NotAllowed, Invalid for a code that no organisation in reach has, Conflict for what is there already.
    """
    official, who, reach = managed(official_id, administrator_id, now)
    staff_id = registry.staff_id_by_code(staff_code.strip(), organisations=reach)
    if staff_id is None:
        words = _("您管理的单位没有这个工号，请核对机构库中的工作人员编号。")
        raise Invalid([Problem("staff", "unknown", words)])
    if official.staff_links.filter(staff_id=staff_id, valid_to__isnull=True).exists():
        raise Conflict("linked", _("已经关联过这个工号。"))
    StaffLink.objects.create(id=new_id(now), official=official, staff_id=staff_id, valid_from=valid_from)
    _note(who, official, "staff.link", {"staff": staff_id, "from": valid_from.isoformat()}, now)


@transaction.atomic
def unlink_staff(*, link_id: UUID, administrator_id: UUID, now: datetime) -> None:
    """From tomorrow on the official is no longer that member of staff; what was rated until then stays his own case.

    Raises NotFound, NotAllowed.
    """
    link = StaffLink.objects.filter(id=link_id, valid_to__isnull=True).first()
    official, who, _reach = managed(link.official_id if link else link_id, administrator_id, now)
    if link is None:
        raise NotFound("link", _("没有这个关联。"))
    link.valid_to = max(local_day(now), link.valid_from)
    link.save(update_fields=["valid_to"])
    _note(who, official, "staff.unlink", {"staff": link.staff_id, "to": link.valid_to.isoformat()}, now)


@transaction.atomic
def reset_second_factor(*, official_id: UUID, administrator_id: UUID, now: datetime) -> None:
    """The authenticator is lost: its codes and the recovery codes are good for nothing, all sessions end. Raises NotFound,
    NotAllowed, Conflict where none is set up."""
    official, who, _reach = managed(official_id, administrator_id, now)
    if not SecondFactor.objects.filter(official=official).delete()[0]:
        raise Conflict("not_enrolled", _("该人员没有设置动态口令，不需要重置。"))
    RecoveryCode.objects.filter(official=official).delete()
    _note(who, official, "second_factor.reset", {"ended": end_all(official_id=official.id)}, now)


@transaction.atomic
def end_official(*, official_id: UUID, administrator_id: UUID, now: datetime) -> None:
    """The account ends at once, with its posts, deputyships, links and sessions. Raises NotFound, NotAllowed, Conflict."""
    official, who, _reach = managed(official_id, administrator_id, now)
    if not official.is_active:
        raise Conflict("ended", _("该账号已经停用。"))
    official.is_active = False
    official.save(update_fields=["is_active"])
    today = local_day(now)
    official.posts.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=today)).update(valid_to=today)
    official.deputyships.filter(valid_to__gte=today).update(valid_to=today - _ONE_DAY)
    official.login_links.filter(used_at__isnull=True, expires_at__gt=now).update(expires_at=now)
    _note(who, official, "end", {"ended": end_all(official_id=official.id)}, now)


def check_roles(roles: Iterable[str]) -> None:
    """Raises Invalid for roles that one person must not hold together."""
    if pair := apart(list(roles)):
        raise Invalid([Problem("role", "apart", _apart_words(*pair))])


def _check_apart(
    official_id: UUID, roles: list[str], first: date, last: date | None, field: str = "role"
) -> None:
    """Of all that he holds, or acts with, at any time between these days."""
    end = last or date.max
    own = Post.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=first), official_id=official_id, valid_from__lte=end
    )
    deputised = Deputy.objects.filter(official_id=official_id, valid_from__lte=end, valid_to__gte=first)
    at_once = [*own.values_list("role", flat=True), *deputised.values_list("post__role", flat=True)]
    if pair := apart([*roles, *at_once]):
        raise Invalid([Problem(field, "apart", _apart_words(*pair))])


def _apart_words(administrator: Role, other: Role) -> str:
    words = _("“{administrator}”不能同时是“{other}”：系统、安全、审计管理和差评办理须由不同的人承担。")
    return words.format(administrator=ROLES[administrator], other=ROLES[other])


def _day_problems(first: date, last: date | None, now: datetime) -> list[Problem]:
    problems = []
    if first < local_day(now):
        problems.append(Problem("valid_from", "past", _("第一天不能早于今天：过去的事不能补授权。")))
    if last is not None and last < first:
        problems.append(Problem("valid_to", "order", _("最后一天不能早于第一天。")))
    return problems


def _days(first: date, last: date | None) -> dict[str, object]:
    return {"from": first.isoformat(), "to": last.isoformat() if last else None}


def _note(
    who: officials.OfficialView, official: Official, act: str, detail: Mapping[str, object], now: datetime
) -> None:
    subject = officials.actor_of(official.username)
    audit.record(now=now, actor=who.actor, act=f"official.{act}", subject=subject, detail=detail)


def _through_the_door_again(official: Official, now: datetime) -> None:
    """Who gets a role that asks for a second factor which he has not, signs in anew and sets it up."""
    if stage(official_id=official.id, on=local_day(now)) is Stage.ENROL:
        end_all(official_id=official.id)
