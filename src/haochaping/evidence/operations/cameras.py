"""Which camera looks at a window, and until when: entered by whoever keeps the system running."""

import re
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.accounts.queries import officials
from haochaping.accounts.queries.officials import OfficialView
from haochaping.accounts.rules import Permission
from haochaping.audit import operations as audit
from haochaping.evidence.cameras import windows_in_reach
from haochaping.evidence.models import Camera
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Conflict, Invalid, NotFound, Problem
from haochaping.foundation.ids import random_id

_CODE: Final = re.compile(r"[A-Za-z0-9._:@+\-]{1,100}")
_ONE_DAY: Final = timedelta(days=1)
_EARLIEST: Final = date(2000, 1, 1)


@transaction.atomic
def register_camera(
    *, window: str, code: str, valid_from: date | None, official_id: UUID, now: datetime
) -> None:
    """From a day on this camera looks at the window (registry code); the one before it ends the day before.

    Raises Invalid for an unknown window or one out of reach, a code that no platform gives, a day that is none or lies far
    off; Conflict when a camera was registered from the same day or a later one.
    """
    who = _who(official_id, now)
    problems = []
    known = next((each for each in windows_in_reach(official_id, now) if each.code == window.strip()), None)
    if known is None:
        problems.append(Problem("window", "unknown", _("没有这个窗口编码，或者它不在您管理的单位。")))
    if not _CODE.fullmatch(code.strip()):
        message = _("请填写视频平台给摄像机的编号：字母、数字和 . _ : @ + -，不超过100个。")
        problems.append(Problem("code", "format", message))
    if valid_from is None or not _EARLIEST <= valid_from <= local_day(now) + 366 * _ONE_DAY:
        problems.append(Problem("valid_from", "day", _("请填写从哪一天起使用，最晚一年以后。")))
    if problems or known is None or valid_from is None:
        raise Invalid(problems)
    of_window = Camera.objects.select_for_update().filter(window_id=known.id)
    if of_window.filter(valid_from__gte=valid_from).exists():
        message = _("这个窗口在这一天或者以后已经登记了摄像机。请先核对下面的登记。")
        raise Conflict("later", message)
    of_window.filter(valid_to__isnull=True).update(valid_to=valid_from - _ONE_DAY)
    of_window.filter(valid_to__gte=valid_from).update(valid_to=valid_from - _ONE_DAY)
    Camera.objects.create(
        id=random_id(),
        window_id=known.id,
        code=code.strip(),
        valid_from=valid_from,
        entered_by=who.label,
        entered_at=now,
    )
    _note(who, "camera.register", known.code, code.strip(), valid_from, now)


@transaction.atomic
def end_camera(*, camera_id: UUID, last_day: date | None, official_id: UUID, now: datetime) -> None:
    """The last day on which the camera looks at its window. Raises NotFound out of reach, Invalid for a day before its
    first, Conflict when it has ended."""
    who = _who(official_id, now)
    names = {each.id: each.code for each in windows_in_reach(official_id, now)}
    row = Camera.objects.select_for_update().filter(pk=camera_id, window_id__in=names).first()
    if row is None:
        raise NotFound("camera", _("没有这项登记，或者它不在您管理的单位。"))
    if row.valid_to is not None:
        raise Conflict("ended", _("这台摄像机的登记已经结束。"))
    if last_day is None or last_day < row.valid_from or last_day > local_day(now) + 366 * _ONE_DAY:
        raise Invalid([Problem("last_day", "day", _("请填写最后一天，不早于开始的一天。"))])
    row.valid_to = last_day
    row.save(update_fields=["valid_to"])
    _note(who, "camera.end", names[row.window_id], row.code, last_day, now)


def _who(official_id: UUID, now: datetime) -> OfficialView:
    who = officials.acting(official_id=official_id, permission=Permission.MANAGE_CAMERAS, on=local_day(now))
    if who is None:
        raise NotFound("camera", _("没有这项登记，或者它不在您管理的单位。"))
    return who


def _note(who: OfficialView, act: str, window: str, code: str, day: date, now: datetime) -> None:
    detail = {"camera": code, "day": day.isoformat()}
    audit.record(now=now, actor=who.actor, act=act, subject=f"window:{window}", detail=detail)
