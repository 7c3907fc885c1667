"""The hall's record of what an order is about: for whom the step needs it, with a stated purpose.

Below the authority never of an anonymous rating: its time would tell who rated. Of one under 实名, whose name and case
number the handler may see, only while it is being verified.
"""

import hashlib
import json
from datetime import datetime
from typing import Final
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.accounts.rules import Permission
from haochaping.evidence import operations as evidence
from haochaping.evidence.cameras import camera_at
from haochaping.evidence.clips import Clip, clip_of
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Invalid, NotAllowed, Problem, Refused
from haochaping.notices.operations.outbox import put_out_clip
from haochaping.rectification.operations.reach import own_case_words
from haochaping.rectification.sight import Looker, looker
from haochaping.rectification.video_shown import Bar, bar, moment

_LONGEST_PURPOSE: Final = 100


class NoVideo(Refused):
    """There is none to be shown, or not now, or not to him: `code` is a `video_shown.Bar`."""


@transaction.atomic
def ask_for_video(*, order_id: UUID, official_id: UUID, purpose: str, now: datetime) -> evidence.Look:
    """States why the clip is needed; the video platform is asked to keep it, once whoever looks how often.

    Raises NotFound out of reach, NotAllowed without the right, NoVideo, Invalid without a purpose.
    """
    looks = looker(order_id, official_id, Permission.VIEW_VIDEO, now, locked=True)
    clip = _clip(looks)
    purpose = purpose.strip()
    if not 2 <= len(purpose) <= _LONGEST_PURPOSE or not purpose.isprintable():
        raise Invalid([Problem("video_purpose", "length", _("请选择查看录像的用途。"))])
    put_out_clip(key=_key(clip), body=_asked(clip), now=now)
    return evidence.state_purpose(
        matter_id=looks.order.id,
        number=looks.order.number,
        clip=clip,
        purpose=purpose,
        who=looks.who,
        now=now,
    )


def open_video(*, order_id: UUID, look_id: UUID, official_id: UUID, now: datetime) -> Clip:
    """The clip of a look that the same official asked for. Whether he still may is asked anew. Raises as `ask_for_video`,
    and Conflict when it was too long ago."""
    with transaction.atomic():
        looks = looker(order_id, official_id, Permission.VIEW_VIDEO, now, locked=True)
        _clip(looks)
        return evidence.open_clip(look_id=look_id, matter_id=order_id, who=looks.who, now=now)


def _clip(looks: Looker) -> Clip:
    """Raises NotAllowed and NoVideo."""
    found = bar(looks)
    if found is Bar.OWN_CASE:
        raise NotAllowed("own_case", own_case_words())
    if found is Bar.ANONYMOUS:
        raise NotAllowed(found, bar_words(found))
    what = moment(looks)
    if found is not None or what is None:
        found = found or Bar.NO_WINDOW
        raise NoVideo(found, bar_words(found))
    camera = camera_at(what.window_id, local_day(what.at))
    if camera is None:
        raise NoVideo(Bar.NO_CAMERA, bar_words(Bar.NO_CAMERA))
    widened = looks.rating is None or not looks.rating.contactable
    return clip_of(camera, what.at, around=settings.VIDEO_MARGIN, widened=widened)


def bar_words(found: Bar) -> str:
    """Why there is no clip to be seen."""
    return {
        Bar.OWN_CASE: own_case_words(),
        Bar.ANONYMOUS: _("这是匿名评价。录像的时间会暴露评价人，只能由主管部门查看。"),
        Bar.NOT_NOW: _("录像只在核实阶段（签收以后、作出核实结论以前）供承办单位查看。"),
        Bar.OVER: _("工单已经办结，也没有等待决定的异议，不再查看录像。"),
        Bar.NO_WINDOW: _("业务系统没有报送办理窗口，或者这不是窗口的评价，没有对应的录像。"),
        Bar.NO_CAMERA: _("当日没有登记这个窗口的摄像机，没有对应的录像。摄像机由系统管理员登记。"),
    }[found]


def _key(clip: Clip) -> str:
    said = f"{clip.camera}|{clip.begins_at.isoformat()}|{clip.ends_at.isoformat()}"
    return hashlib.sha256(said.encode()).hexdigest()[:32]


def _asked(clip: Clip) -> str:
    """What the platform is told: which piece of which camera, and nothing of what it is for."""
    return json.dumps(
        {
            "camera": clip.camera,
            "begin": int(clip.begins_at.timestamp()),
            "end": int(clip.ends_at.timestamp()),
            "keep": True,
        }
    )
