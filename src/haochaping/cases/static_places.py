"""What static codes are of, on a day: where a window, hall, platform or guide belongs, and whether the rules rate it without
a case. One answer for the door that takes the rating and for whoever prints the code.

Pure. What a rating without a case copies is made here, and nowhere else.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from haochaping.cases.facts import Facts, RuledOccasion, occasion_of
from haochaping.cases.static_code import StaticCode
from haochaping.policy.rulebook import Rulebook
from haochaping.registry.directory import Directory
from haochaping.registry.rules import PLATFORMS


class WhyNot(StrEnum):
    """Why something is not rated by a static code."""

    NOBODY = "nobody"  # no organisation to which a bad rating could go
    NO_RULES = "no_rules"  # no jurisdiction applies there
    NOT_NAMED = "not_named"  # the rules in force do not name it among what is rated
    NEEDS_CASE = "needs_case"  # they rate it with a reported case only


@dataclass(frozen=True, slots=True)
class Place:
    """What a code is of, as it was on a day: ids of the registry, its own code and name there. `organisation_id`: to which a
    bad rating goes, None: to nobody."""

    of: StaticCode
    code: str
    name: str
    division_id: int
    organisation_id: int | None
    hall_id: int | None = None
    window_id: int | None = None
    item_id: int | None = None


def place_of(of: StaticCode, directory: Directory, day: date) -> Place | None:
    """What the code is of; None for what is not there on the day."""
    match of.subject:
        case "window":
            return _window(of, directory, day)
        case "hall":
            return _hall(of, directory, day)
        case "platform":
            return _platform(of, directory, day)
    return _guide(of, directory, day)


def places(directory: Directory, day: date) -> Iterator[Place]:
    """All that may have a code on the day: windows, halls, platforms, then guides, each by its code."""
    found = (
        *(StaticCode("window", each.id) for each in directory.windows(day)),
        *(StaticCode("hall", each.id) for each in directory.halls(day)),
        *(StaticCode("platform", each.id) for each in directory.organisations(day) if each.kind in PLATFORMS),
        *(StaticCode("guide", each.id) for each in directory.items(day)),
    )
    for of in found:
        if (place := place_of(of, directory, day)) is not None:
            yield place


def ruled(place: Place, directory: Directory, day: date) -> RuledOccasion | None:
    """The place as rules see it; None where its division is unknown, or nobody is responsible."""
    if place.organisation_id is None:
        return None
    told = (day, None, place.division_id, place.organisation_id, place.hall_id, place.item_id)
    occasion = occasion_of(Facts(*told, "", "", "", "", ""), directory)
    return occasion.about(place.of.subject) if occasion else None


def why_not(
    place: Place, directory: Directory, rulebook: Rulebook, *, day: date, channel: str
) -> WhyNot | None:
    """Why it is not rated by a static code on the day, through this channel; None: it is."""
    if place.organisation_id is None:
        return WhyNot.NOBODY
    occasion = ruled(place, directory, day)
    try:
        profile = occasion.rules(rulebook, step=day, rated=day, channel=channel) if occasion else None
    except LookupError:
        profile = None
    if profile is None:
        return WhyNot.NO_RULES
    if profile.rated_without_case(place.of.subject):
        return None
    named = profile.subjects.value if profile.subjects else ()
    return WhyNot.NEEDS_CASE if any(each.subject == place.of.subject for each in named) else WhyNot.NOT_NAMED


def _window(of: StaticCode, directory: Directory, day: date) -> Place | None:
    window = directory.window_by_id(of.thing_id, day)
    window = directory.window(window.code, day) if window else None
    hall = directory.hall_by_id(window.hall_id, day) if window else None
    if window is None or hall is None:
        return None
    return Place(
        of, window.code, window.name, hall.division_id, window.organisation_id, hall.id, window_id=window.id
    )


def _hall(of: StaticCode, directory: Directory, day: date) -> Place | None:
    hall = directory.hall_by_id(of.thing_id, day)
    hall = directory.hall(hall.code, day) if hall else None
    if hall is None:
        return None
    responsible = directory.responsible_for(hall, day)
    return Place(of, hall.code, hall.name, hall.division_id, responsible.id if responsible else None, hall.id)


def _platform(of: StaticCode, directory: Directory, day: date) -> Place | None:
    platform = directory.organisation_by_id(of.thing_id, day)
    platform = directory.organisation(platform.code, day) if platform else None
    if platform is None or platform.kind not in PLATFORMS:
        return None
    return Place(of, platform.code, platform.name, platform.division_id, platform.id)


def _guide(of: StaticCode, directory: Directory, day: date) -> Place | None:
    item = directory.item_by_id(of.thing_id, day)
    item = directory.item(item.code, day) if item else None
    responsible = directory.organisation_by_id(item.organisation_id, day) if item else None
    if item is None or responsible is None:
        return None
    return Place(of, item.code, item.name, responsible.division_id, responsible.id, item_id=item.id)
