"""Stating why a clip is needed, and opening it: both on record. Who may is checked by whoever knows the matter."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.accounts.queries.officials import OfficialView
from haochaping.audit import operations as audit
from haochaping.evidence.clips import OPEN_FOR, Clip
from haochaping.evidence.models import VideoLook
from haochaping.foundation.errors import Conflict, NotFound
from haochaping.foundation.ids import random_id


class Look(NamedTuple):
    """What was asked for: by its id the same official opens it."""

    id: UUID
    clip: Clip
    purpose: str


@transaction.atomic
def state_purpose(
    *, matter_id: UUID, number: str, clip: Clip, purpose: str, who: OfficialView, now: datetime
) -> Look:
    """Writes down who needs which clip for what; one audit row, which does not tell the time of the service."""
    row = VideoLook.objects.create(
        id=random_id(),
        matter_id=matter_id,
        number=number,
        official_id=who.id,
        purpose=purpose,
        camera=clip.camera,
        begins_at=clip.begins_at,
        ends_at=clip.ends_at,
        at=now,
    )
    _note(row, "video.look", who, now)
    return Look(row.id, clip, purpose)


@transaction.atomic
def open_clip(*, look_id: UUID, matter_id: UUID, who: OfficialView, now: datetime) -> Clip:
    """The clip that this official asked for some minutes ago; each opening is on record. Raises NotFound for anybody else's,
    Conflict when it is too long ago."""
    row = VideoLook.objects.filter(pk=look_id, matter_id=matter_id, official_id=who.id).first()
    if row is None:
        raise NotFound("video", _("没有这次查看，或者它不是您申请的。"))
    if now - row.at > OPEN_FOR:
        raise Conflict("too_late", _("这次查看已经过期，请重新说明用途。"))
    _note(row, "video.open", who, now)
    return Clip(row.camera, row.begins_at, row.ends_at)


def _note(row: VideoLook, act: str, who: OfficialView, now: datetime) -> None:
    detail = {"purpose": row.purpose, "look": str(row.id)}
    audit.record(now=now, actor=who.actor, act=act, subject=f"order:{row.number}", detail=detail)
