"""Whether the hall's record of what an order is about can be seen, by whom, and which piece of it that is."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from haochaping.accounts.rules import Permission
from haochaping.cases.queries.occasions import served_at
from haochaping.evidence.cameras import camera_at
from haochaping.evidence.states import Side
from haochaping.foundation.clock import local_day
from haochaping.rectification.evidence_shown import (
    EvidenceView,
    contests_for,
    evidence_for,
    may_be_added_to,
)
from haochaping.rectification.sight import Looker, looker
from haochaping.rectification.states import State


class Bar(StrEnum):
    """Why there is no clip for somebody."""

    OWN_CASE = "own_case"
    ANONYMOUS = "anonymous"  # and he is not of the authority
    NOT_NOW = "not_now"  # the handler sees one only to verify
    OVER = "over"
    NO_WINDOW = "no_window"
    NO_CAMERA = "no_camera"


@dataclass(frozen=True, slots=True)
class Moment:
    """When and at which window (registry id) the service was; of what was rated without a case, when it was rated."""

    window_id: int
    at: datetime


@dataclass(frozen=True, slots=True)
class VideoView:
    """What the page shows: a form, or why there is none."""

    order_id: UUID
    bar: Bar | None


def video_of(*, order_id: UUID, official_id: UUID, now: datetime) -> VideoView | None:
    """For who may see video of some orders; None for everybody else. Raises NotFound out of reach."""
    return video_for(looker(order_id, official_id, Permission.VIEW_EVIDENCE, now))


def beside(*, order_id: UUID, official_id: UUID, now: datetime) -> tuple[EvidenceView, VideoView | None]:
    """Evidence and video of an order at once, for its page. Raises NotFound out of reach."""
    found = looker(order_id, official_id, Permission.VIEW_EVIDENCE, now)
    return evidence_for(found, now), video_for(found)


def video_for(looks: Looker) -> VideoView | None:
    """The same for who was found to stand before it."""
    if not looks.holds(Permission.VIEW_VIDEO):
        return None
    found = bar(looks)
    what = moment(looks) if found is None else None
    if found is None and what is None:
        found = Bar.NO_WINDOW
    if what is not None and camera_at(what.window_id, local_day(what.at)) is None:
        found = Bar.NO_CAMERA
    return VideoView(looks.order.id, found)


def bar(looks: Looker) -> Bar | None:
    """Why this official sees no clip of this order now, whatever there is; None where he may. Whether the rater was
    anonymous is asked first: nothing else is told of such a rating below the authority."""
    if looks.own_case:
        return Bar.OWN_CASE
    if looks.side is Side.RATED:
        if looks.rating is None or not looks.rating.contactable:
            return Bar.ANONYMOUS
        return None if looks.order.state == State.TAKEN else Bar.NOT_NOW
    going_on = may_be_added_to(looks) or any(each.pending for each in contests_for(looks))
    return None if going_on else Bar.OVER


def moment(looks: Looker) -> Moment | None:
    """None where no window is known of what was rated."""
    rating = looks.rating
    if rating is None:
        return None
    at = served_at(occasion_id=rating.occasion_id) if rating.occasion_id is not None else rating.received_at
    return Moment(rating.window_id, at) if rating.window_id is not None and at is not None else None
