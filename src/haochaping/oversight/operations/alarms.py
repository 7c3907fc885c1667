"""Alarms: on when something fails, off when it is well again, each once; and that somebody has seen one."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.audit.operations import record
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from haochaping.foundation.ids import new_id
from haochaping.foundation.system import system
from haochaping.notices.operations.outbox import put_out_alarm
from haochaping.oversight.models import Alarm
from haochaping.oversight.watching import OF_THINGS

LONGEST_NOTE = 500
# Any number will do, as long as all versions use the same.
LOCK = 7_208_314_603

# Kind, way, channel and level: what an alarm is about. About terms of keeping (RETENTION) the second is the kind of thing,
# "" for all of them, and the channel 0, as it is about the other things (OF_THINGS), which have one alarm each.
Key = tuple[str, str, int, int | None]


@dataclass(frozen=True, slots=True)
class Trouble:
    """What an alarm tells: `since` when, and for a self-test which step failed, and how."""

    since: datetime
    step: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Turned:
    """How many alarms went on, how many went off."""

    raised: int
    ended: int


def turn(troubles: Mapping[Key, Trouble], well: Collection[Key], *, now: datetime, tell: bool) -> Turned:
    """Within the caller's transaction: an alarm for each trouble, the end of those that are `well`.

    An alarm that is on stays the same one and keeps its `since`. With `tell` what changed is put out to be told.
    """
    standing = {_key(alarm): alarm for alarm in Alarm.objects.select_for_update().filter(ended_at=None)}
    raised = [_raised(key, trouble, now) for key, trouble in troubles.items() if key not in standing]
    for key in troubles.keys() & standing.keys():
        alarm = standing[key]
        alarm.step, alarm.reason, alarm.seen_at = troubles[key].step, troubles[key].reason, now
        alarm.save(update_fields=["step", "reason", "seen_at"])
    ended = [standing[key] for key in well if key in standing]
    for alarm in ended:
        alarm.ended_at = now
        alarm.save(update_fields=["ended_at"])
    if tell:
        for event, alarms in (("raised", raised), ("ended", ended)):
            if alarms:
                _put_out(event, alarms, now)
    return Turned(len(raised), len(ended))


@transaction.atomic
def acknowledge(*, alarms: Collection[UUID], official_id: UUID, note: str, now: datetime) -> int:
    """An official has seen alarms and says what is done about them; they stay on until all is well. How many there were.

    Those that are off or acknowledged by now are left alone. One act, one audit row. Raises NotAllowed without the right,
    NotFound for an unknown alarm or none, Conflict when nothing is left, Invalid for a note that is empty or longer than
    500 characters.
    """
    today = local_day(now)
    official = officials.acting(official_id=official_id, permission=Permission.ACKNOWLEDGE_ALARMS, on=today)
    if official is None:
        raise NotAllowed("alarm", _("您没有处理运行告警的权限。"))
    held = list(Alarm.objects.select_for_update().filter(id__in=alarms).order_by("id"))
    if not held or len(held) != len(set(alarms)):
        raise NotFound("alarm", _("没有这条告警。"))
    waiting = [alarm for alarm in held if alarm.ended_at is None and alarm.acknowledged_at is None]
    if not waiting:
        raise Conflict("alarm_settled", _("该告警已经解除，或已由他人确认，请刷新页面查看。"))
    said = note.strip()
    if not said or len(said) > LONGEST_NOTE:
        words = _("请填写已采取的措施，不超过%(most)d个字。") % {"most": LONGEST_NOTE}
        raise Invalid([Problem("note", "length", words)])
    for alarm in waiting:
        alarm.acknowledged_at, alarm.acknowledged_by, alarm.note = now, official.label, said
        alarm.save(update_fields=["acknowledged_at", "acknowledged_by", "note"])
    detail = {"alarms": [str(alarm.id) for alarm in waiting]}
    record(now=now, actor=official.actor, act="alarm.acknowledge", subject="alarms", detail=detail)
    return len(waiting)


def _key(alarm: Alarm) -> Key:
    return alarm.kind, alarm.way, alarm.channel, alarm.level


def _raised(key: Key, trouble: Trouble, now: datetime) -> Alarm:
    kind, way, channel, level = key
    return Alarm.objects.create(
        id=new_id(now),
        kind=kind,
        way=way,
        channel=channel,
        level=level,
        step=trouble.step,
        reason=trouble.reason,
        since=trouble.since,
        raised_at=now,
        seen_at=now,
    )


def _put_out(event: str, alarms: Collection[Alarm], now: datetime) -> None:
    """One notice for all that changed at once: a door that is down is one message, not fifty."""
    number = new_id(now)
    of_things = [alarm.kind in OF_THINGS for alarm in alarms]
    told = [
        {
            "id": str(alarm.id),
            "kind": alarm.kind,
            "way": None if of_thing else alarm.way or None,
            "channel": None if of_thing else alarm.channel,
            "level": alarm.level,
            "kept": alarm.way or None if of_thing else None,
            "step": alarm.step or None,
            "reason": alarm.reason or None,
            "since": alarm.since.isoformat(),
            "ended": alarm.ended_at.isoformat() if alarm.ended_at else None,
        }
        for alarm, of_thing in zip(alarms, of_things, strict=True)
    ]
    who = {name: value or None for name, value in system()._asdict().items()}
    said = {"id": str(number), "system": who, "event": event, "at": now.isoformat(), "alarms": told}
    put_out_alarm(number=number, body=json.dumps(said, ensure_ascii=False), now=now)
