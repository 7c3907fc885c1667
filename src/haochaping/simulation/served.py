"""Service occasions as a business system would report them: a day's work of a city's windows."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from random import Random

import msgspec

from haochaping.foundation.clock import CN
from haochaping.registry.directory import Directory, ItemCopy, Org, StaffCopy, WindowCopy
from haochaping.simulation.people import person

_FORMAT = "%Y-%m-%d %H:%M:%S"
_OPENS = time(9, 0)
_OPEN_MINUTES = 7 * 60
_AT_ONCE = "即办件"


@dataclass(frozen=True, slots=True)
class Place:
    """A window with its member of staff and the items that its organisation handles."""

    organisation: Org
    window: WindowCopy
    staff: StaffCopy
    items: tuple[ItemCopy, ...]


def places(directory: Directory, day: date) -> tuple[Place, ...]:
    """All windows where somebody is served on the day."""
    items: dict[int, list[ItemCopy]] = {}
    for item in directory.items(day):
        items.setdefault(item.organisation_id, []).append(item)
    found = []
    for staff in directory.staff_members(day):
        window = directory.window_by_id(staff.window_id, day) if staff.window_id else None
        organisation = directory.organisation_by_id(staff.organisation_id, day)
        if window and organisation and (handled := items.get(organisation.id)):
            found.append(Place(organisation, window, staff, tuple(handled)))
    return tuple(found)


def served_at(random: Random, day: date) -> datetime:
    """An instant within the hours of a hall."""
    return datetime.combine(day, _OPENS, CN) + timedelta(minutes=random.randrange(_OPEN_MINUTES))


def record(random: Random, place: Place, project_no: str, at: datetime) -> dict[str, str]:
    """One occasion in the national fields: the case was accepted shortly before and ended with this service."""
    day = at.astimezone(CN).date()
    item, organisation = random.choice(place.items), place.organisation
    who = person(random, organisation.division_code, day)
    accepted = at - timedelta(minutes=random.randrange(5, 40))
    at_once = "1" if item.project_type == _AT_ONCE else "2"
    when = at.astimezone(CN).strftime(_FORMAT)
    return {
        "areaCode": organisation.division_code,
        "deptCode": organisation.code,
        "taskType": item.task_type,
        "taskCode": item.task_code,
        "taskHandleItem": item.code,
        "taskName": item.name,
        "projectNo": project_no,
        "projectName": item.name,
        "proStatus": "3",
        "proDepart": organisation.name,
        "orgName": organisation.name,
        "mobile": who.phone,
        "userName": who.name,
        "userProp": who.kind,
        "userPageType": who.document_kind,
        "certKey": who.document,
        "acceptDate": accepted.astimezone(CN).strftime(_FORMAT),
        "proChannel": random.choice("12"),
        "promiseTime": at_once,
        "proManager": place.staff.name,
        "proManagerNo": place.staff.code,
        "windowNo": place.window.code,
        "serviceName": "办结",
        "serviceNumber": "1",
        "serviceTime": when,
        "projectType": at_once,
        "resultDate": when,
    }


def ndjson(records: list[dict[str, str]]) -> bytes:
    """The body of a call."""
    return b"\n".join(msgspec.json.encode(each) for each in records)
