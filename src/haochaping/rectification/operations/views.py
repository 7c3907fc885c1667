"""An official keeps filters of the desk under a name, for himself."""

import unicodedata
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.accounts.queries.officials import OfficialView, official
from haochaping.audit import operations as audit
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Invalid, NotFound, Problem
from haochaping.foundation.ids import new_id
from haochaping.rectification.models import SavedView

MOST: Final = 20
LONGEST_NAME: Final = 20
LONGEST_QUERY: Final = 300


@transaction.atomic
def save_view(*, official_id: UUID, name: str, query: str, default: bool, now: datetime) -> None:
    """Keeps the filters `query` (as they stand in the desk's address) under a name; one of that name is replaced. `default`:
    the desk begins with it. Raises NotFound for who may no longer sign in, Invalid for a name that is none, or one too
    many."""
    who = _locked(official_id, now)
    name = " ".join(name.split())
    mine = SavedView.objects.filter(official_id=official_id)
    known = mine.filter(name=name).first()
    problems = list(_problems(name))
    if known is None and mine.count() >= MOST:
        message = _("最多保存{most}个视图。请先删除不用的。").format(most=MOST)
        problems.append(Problem("name", "too_many", message))
    if problems or len(query) > LONGEST_QUERY:
        raise Invalid(problems)
    if default:
        mine.update(is_default=False)
    if known is not None:
        mine.filter(pk=known.pk).update(query=query, is_default=default)
    else:
        SavedView.objects.create(
            id=new_id(now),
            official_id=official_id,
            name=name,
            query=query,
            is_default=default,
            created_at=now,
        )
    _record(who, "save", now)


@transaction.atomic
def begin_with(*, official_id: UUID, view_id: UUID | None, now: datetime) -> None:
    """His desk begins with this view of his; with None, or one that is not there any more, with what is his to do. Raises
    NotFound for who may no longer sign in."""
    who = _locked(official_id, now)
    mine = SavedView.objects.filter(official_id=official_id)
    mine.update(is_default=False)
    if view_id is not None:
        mine.filter(pk=view_id).update(is_default=True)
    _record(who, "begin_with", now)


@transaction.atomic
def delete_view(*, official_id: UUID, view_id: UUID, now: datetime) -> bool:
    """Whether it was there. Raises NotFound for who may no longer sign in."""
    who = _locked(official_id, now)
    gone, _of = SavedView.objects.filter(official_id=official_id, pk=view_id).delete()
    if gone:
        _record(who, "delete", now)
    return bool(gone)


def _problems(name: str) -> list[Problem]:
    if any(unicodedata.category(each) in {"Cc", "Cs"} for each in name):
        return [Problem("name", "characters", _("名称中有无法显示的字符。请重新输入。"))]
    if not 1 <= len(name) <= LONGEST_NAME:
        return [Problem("name", "length", _("请给视图起一个名称，1至{most}个字。").format(most=LONGEST_NAME))]
    return []


def _locked(official_id: UUID, now: datetime) -> OfficialView:
    """Who acts; two windows of his wait for each other."""
    who = official(official_id=official_id, on=local_day(now))
    if who is None:
        raise NotFound("official", _("没有这个人员，或者其账号已停用。"))
    list(SavedView.objects.select_for_update().filter(official_id=official_id).order_by("pk"))
    return who


def _record(who: OfficialView, act: str, now: datetime) -> None:
    # Not its name: that is his own word.
    audit.record(now=now, actor=who.actor, act=f"view.{act}", subject=who.actor)
