"""Which rules govern a reported occasion: its facts and events in the words of the rules.

Pure. What the record does not tell (who runs the hall, what the rater will say) is left unknown, not guessed.
"""

from collections.abc import Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Final

from haochaping.cases.formats import instant
from haochaping.cases.rules import Record
from haochaping.foundation.clock import local_day
from haochaping.foundation.workdays import Deadline
from haochaping.policy.counting import Course
from haochaping.policy.limits import Limit
from haochaping.policy.occasions import Occasion
from haochaping.policy.profile import Profile
from haochaping.registry.directory import Directory

ITEM_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "01": "permit",
        "05": "payment",
        "07": "confirmation",
        "08": "reward",
        "09": "adjudication",
        "10": "other_power",
        "20": "public_service",
    }
)
_CASE_TYPES: Final[Mapping[str, str]] = MappingProxyType({"1": "instant", "2": "promised"})
_NATURAL_PERSON: Final = "1"
_ONLINE: Final = "1"
_EVENTS: Final = (("acceptance", "acceptDate"), ("service", "serviceTime"), ("result", "resultDate"))


def occasion_of(record: Record, directory: Directory, day: date) -> Occasion:
    """The facts of a well-formed record, of its service day, by which rules are chosen."""
    window = directory.window(record.get("windowNo", ""), day)
    hall = directory.hall_by_id(window.hall_id, day) if window else None
    rater = record.get("userProp", "")
    return Occasion(
        record["areaCode"],
        organisation=record["deptCode"],
        hall=hall.code if hall else "",
        place="online" if record.get("proChannel") == _ONLINE else "",
        item=record.get("taskHandleItem", record["taskCode"]),
        item_type=ITEM_TYPES.get(record.get("taskType", ""), ""),
        case_type=_CASE_TYPES.get(record.get("projectType", ""), ""),
        rater=("person" if rater == _NATURAL_PERSON else "organisation") if rater else "",
    )


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
