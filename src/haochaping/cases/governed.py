"""From which events of a reported occasion its limits run, and until when it is waited for. Pure."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from haochaping.cases.formats import instant
from haochaping.cases.rules import Record
from haochaping.foundation.clock import local_day
from haochaping.foundation.workdays import Deadline
from haochaping.policy.counting import Course
from haochaping.policy.limits import Limit
from haochaping.policy.profile import Profile

_EVENTS: Final = (("acceptance", "acceptDate"), ("service", "serviceTime"), ("result", "resultDate"))


def events_of(record: Record) -> dict[str, datetime]:
    """What has happened, by the events from which limits run."""
    found = {event: instant(record[name]) for event, name in _EVENTS if name in record}
    return {event: at for event, at in found.items() if at is not None}


def waiting_limit(profile: Profile) -> Limit | None:
    """The limit after which an occasion is no longer waited for: of the window, else of the default; None: none."""
    if profile.window:
        return profile.window.value
    return profile.default.value.limit if profile.default else None


def rating_deadline(profile: Profile, events: Mapping[str, datetime]) -> Deadline | None:
    """When an occasion is no longer waited for: its window closes, or silence becomes the default level.

    None: nothing is laid down, or the event from which it runs has not happened. Where only the default has a limit,
    that limit ends the waiting: what is taken as rated is not waited for.
    """
    found = profile.due(waiting_limit(profile), Course(events))
    return found and Deadline(found.due_at, found.last_day or local_day(found.due_at), found.provisional)
