"""Which rules govern a step of an order, and from which events its limits run."""

from datetime import datetime
from typing import NamedTuple

from haochaping.foundation.clock import local_day
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook
from haochaping.rectification.course.live import live
from haochaping.rectification.course.ruled import ruled
from haochaping.rectification.course.steps import steps_of
from haochaping.rectification.models import WorkOrder


class Governed(NamedTuple):
    """The rules that govern a step of an order, and what has happened, by the events from which limits run."""

    rules: Profile
    events: dict[str, datetime]


def governed(order: WorkOrder, *, at: datetime, rulebook: Rulebook) -> Governed | None:
    """The rules for a step at an instant and what had happened by then, since the order was opened, or opened again. None
    where no jurisdiction applies. See `course.ruled`."""
    asked = ruled(order, rulebook, step=local_day(at))
    if asked is None:
        return None
    story = live(order, asked, steps_of(order.id), now=at)
    events = {event: when for event, when in story.events.items() if when <= at}
    return Governed(
        story.rules(at), events | {"rating": asked.rating.received_at, "opening": order.opened_at}
    )
