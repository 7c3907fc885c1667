"""Which camera looks at a window, and until when: entered by whoever keeps the system running."""

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple
from uuid import UUID

from django.db import transaction
from django.db.models import Q
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
from haochaping.registry.queries import organisations
from haochaping.registry.queries.offered import rateable_windows

_CODE: Final = re.compile(r"[A-Za-z0-9._:@+\-]{1,100}")
_ONE_DAY: Final = timedelta(days=1)
_EARLIEST: Final = date(2000, 1, 1)


class CameraLine(NamedTuple):
    """What is to be registered: the camera of a window (registry code), by its name on the platform, from a day on."""

    window: str
    code: str
    valid_from: date | None


@transaction.atomic
def register_camera(
    *, window: str, code: str, valid_from: date | None, official_id: UUID, now: datetime
) -> None:
    """From a day on this camera looks at the window (registry code); the one before it ends the day before.

    Raises Invalid for an unknown window or one out of reach, a code that no platform gives, a day that is none or lies far
    off; Conflict when a camera was registered from the same day or a later one.
    """
    who = _who(official_id, now)
    line = CameraLine(window.strip(), code.strip(), valid_from)
    known = {each.code: each.id for each in windows_in_reach(official_id, now)}
    problems = _problems(line, known, now)
    if problems or valid_from is None:
        raise Invalid(problems)
    _enter(known[line.window], line.code, valid_from, by=who.label, now=now)
    _note(who, "camera.register", line.window, line.code, valid_from, now)


@transaction.atomic
def import_cameras(*, lines: Sequence[CameraLine], actor: str, now: datetime) -> int:
    """Registers many at once, all or none; how many were new; one audit row. What is registered just so is passed over.

    Raises Invalid with what is wrong, `field` being the number of the line, from 1 on.
    """
    today = local_day(now)
    everywhere = {each.id for each in organisations(today)}
    known = {each.code: each.id for each in rateable_windows(everywhere, today)}
    wrong, entered = list[Problem](), 0
    for number, line in enumerate(lines, 1):
        problems = _problems(line, known, now)
        wrong.extend(Problem(str(number), each.code, each.message) for each in problems)
        if problems or line.valid_from is None or _there(known[line.window], line.code, line.valid_from):
            continue
        try:
            _enter(known[line.window], line.code, line.valid_from, by=actor, now=now)
            entered += 1
        except Conflict as refusal:
            wrong.append(Problem(str(number), refusal.code, refusal.message))
    if wrong:
        raise Invalid(wrong)
    detail = {"lines": len(lines), "entered": entered}
    audit.record(now=now, actor=actor, act="camera.import", subject="cameras", detail=detail)
    return entered


def _problems(line: CameraLine, known: Mapping[str, int], now: datetime) -> list[Problem]:
    problems = []
    if line.window not in known:
        problems.append(Problem("window", "unknown", _("没有这个窗口编码，或者它不在您管理的单位。")))
    if not _CODE.fullmatch(line.code):
        message = _("请填写视频平台给摄像机的编号：字母、数字和 . _ : @ + -，不超过100个。")
        problems.append(Problem("code", "format", message))
    if line.valid_from is None or not _EARLIEST <= line.valid_from <= local_day(now) + 366 * _ONE_DAY:
        problems.append(Problem("valid_from", "day", _("请填写从哪一天起使用，最晚一年以后。")))
    return problems


def _there(window_id: int, code: str, day: date) -> bool:
    return Camera.objects.filter(window_id=window_id, code=code, valid_from=day).exists()


def _enter(window_id: int, code: str, day: date, *, by: str, now: datetime) -> None:
    """Raises Conflict."""
    of_window = Camera.objects.select_for_update().filter(window_id=window_id)
    if of_window.filter(valid_from__gte=day).exists():
        message = _("这个窗口在这一天或者以后已经登记了摄像机。请先核对下面的登记。")
        raise Conflict("later", message)
    running = Q(valid_to__isnull=True) | Q(valid_to__gte=day)
    of_window.filter(running).update(valid_to=day - _ONE_DAY)
    Camera.objects.create(
        id=random_id(),
        window_id=window_id,
        code=code,
        valid_from=day,
        entered_by=by,
        entered_at=now,
    )


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
