"""The console's navigation: what there is for whom, in groups, so that it takes one line."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from haochaping.accounts.rules import Permission


@dataclass(frozen=True, slots=True)
class Entry:
    """One link. `flag`: the name under which a page's context says that it is this one."""

    permission: Permission
    route: str
    title: Promise
    flag: str


@dataclass(frozen=True, slots=True)
class Group:
    """Links under one word; of a group of which somebody may see one alone that one stands for itself."""

    title: Promise
    entries: tuple[Entry, ...]


DESK: Final = Entry(Permission.VIEW_ORDERS, "console:orders", _("工作台"), "desk")
GROUPS: Final = (
    Group(
        _("办理"),
        (
            Entry(Permission.VIEW_ORDERS, "console:ledger", _("台账"), "ledger_page"),
            Entry(Permission.VIEW_ORDERS, "console:escalations", _("催办"), "escalations_page"),
            Entry(Permission.FILE_OWN_OBJECTIONS, "console:own-ratings", _("对我的差评"), "own_ratings_page"),
            Entry(Permission.DECIDE_OBJECTIONS, "console:objections", _("异议"), "objections_page"),
            Entry(Permission.VIEW_REVISITS, "console:revisits", _("回访"), "revisits_page"),
            Entry(Permission.MAKE_FORMS, "console:form-check", _("报告单"), "forms_page"),
            Entry(Permission.RELEASE_ANSWERS, "console:answers", _("公开"), "answers_page"),
            Entry(Permission.HANDLE_PRESSURE, "console:pressure", _("反映"), "pressure_page"),
        ),
    ),
    Group(
        _("数据"),
        (
            Entry(Permission.VIEW_SCORES, "console:scores", _("得分"), "scores_page"),
            Entry(Permission.ASK_EXPORT, "console:ask", _("统计查询"), "ask_page"),
            Entry(Permission.VIEW_CORRECTIONS, "console:corrections", _("数量更正"), "corrections_page"),
            Entry(Permission.VIEW_SENDERS, "console:senders", _("报送"), "senders_page"),
            Entry(Permission.VIEW_COVERAGE, "console:coverage", _("覆盖"), "coverage_page"),
            Entry(Permission.VIEW_WATCH, "console:watch", _("监测"), "watch_page"),
        ),
    ),
    Group(
        _("管理"),
        (
            Entry(Permission.VIEW_ORDERS, "console:rules", _("规则"), "rules_page"),
            Entry(Permission.VIEW_CODES, "console:codes", _("评价码"), "codes_page"),
            Entry(Permission.MANAGE_CAMERAS, "console:cameras", _("摄像机"), "cameras_page"),
            Entry(Permission.MANAGE_OFFICIALS, "console:officials", _("人员"), "officials_page"),
            Entry(Permission.VIEW_SIGN_INS, "console:sign-ins", _("登录记录"), "sign_ins_page"),
            Entry(Permission.READ_AUDIT, "console:audit", _("审计"), "audit_page"),
        ),
    ),
)


def groups_for(held: Collection[Permission]) -> tuple[Group, ...]:
    """The groups with what somebody with these permissions may see; none that is empty."""
    seen = (
        Group(group.title, tuple(each for each in group.entries if each.permission in held))
        for group in GROUPS
    )
    return tuple(group for group in seen if group.entries)
