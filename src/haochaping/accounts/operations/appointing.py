"""A system administrator makes officials of his own organisations, and lets them in again."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.accounts.operations.officials import NewPost, create_official, issue_login_link
from haochaping.accounts.operations.posts import managed
from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission, Role
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Invalid, NotAllowed, Problem


@transaction.atomic
def appoint(
    *, username: str, name: str, organisation_id: int, role: str, administrator_id: UUID, now: datetime
) -> tuple[UUID, str]:
    """An official with a first post from today on; his id, and the token of his one-time link, shown here and never again.

    Two acts, each with its audit row. Raises NotAllowed without the right, Invalid for a role, an organisation out of reach,
    and for whatever `create_official` refuses.
    """
    today, manage = local_day(now), Permission.MANAGE_OFFICIALS
    who = officials.acting(official_id=administrator_id, permission=manage, on=today)
    if who is None:
        raise NotAllowed("officials", _("您没有管理人员的权限。"))
    problems = []
    if role not in list(Role):
        problems.append(Problem("role", "unknown", _("请选择角色。")))
    if organisation_id not in officials.scope(official_id=administrator_id, permission=manage, on=today):
        problems.append(Problem("organisation", "reach", _("请选择您管理范围内的单位。")))
    if problems:
        raise Invalid(problems)
    post = NewPost(organisation_id, Role(role))
    official_id = create_official(username=username, name=name, posts=[post], now=now, actor=who.actor)
    return official_id, issue_login_link(official_id=official_id, now=now, actor=who.actor)


@transaction.atomic
def let_in_again(*, official_id: UUID, administrator_id: UUID, now: datetime) -> str:
    """The token of a new one-time link, for a lost one or a forgotten password. Raises NotFound, NotAllowed."""
    _official, who, _reach = managed(official_id, administrator_id, now)
    return issue_login_link(official_id=official_id, now=now, actor=who.actor)
