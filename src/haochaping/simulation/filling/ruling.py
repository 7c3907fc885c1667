"""What the rules say of each kind of service on each day: asked once, by the way in which everybody asks."""

from datetime import date, datetime, time
from typing import Any

from haochaping.cases.facts import Facts, occasion_of
from haochaping.cases.instants import Instants, by_days, derive
from haochaping.foundation.clock import CN
from haochaping.foundation.errors import Conflict
from haochaping.policy.occasions import Occasion
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook
from haochaping.registry.directory import Directory
from haochaping.simulation.marginals import LEVELS
from haochaping.simulation.town import Desk, case_type

_NOON = time(12)


class Rules:
    """Of one rulebook and one edition of the registry. A kind is all that the rules say of a service: KIND_COLUMNS."""

    def __init__(self, rulebook: Rulebook, directory: Directory) -> None:
        self._rulebook = rulebook
        self._directory = directory
        self._profiles: dict[tuple[Occasion, date], Profile] = {}
        self._instants: dict[tuple[Profile, date], Instants] = {}
        self._kinds: dict[tuple[Any, ...], int] = {}
        self._told: list[tuple[Any, ...]] = []
        self._known: dict[tuple[Any, ...], int] = {}

    def kind(self, desk: Desk, item_id: int, day: date) -> int:
        """The number of the kind of the services of an item at a desk on a day. Raises Conflict where no rules are known,
        and where they count hours or know other levels than five, which is not simulated."""
        known = (day, desk.organisation_id, desk.hall_id, desk.place, item_id)
        if known not in self._known:
            self._known[known] = self._kind(desk, item_id, day)
        return self._known[known]

    def told(self, kind: int) -> tuple[Any, ...]:
        """KIND_COLUMNS of it."""
        return self._told[kind]

    def _kind(self, desk: Desk, item_id: int, day: date) -> int:
        case = case_type(next(each for each in desk.items if each.id == item_id))
        profile = self._profile(desk, item_id, case, day)
        staff = profile.staff is not None and desk.staff_id is not None
        found = (case, profile.label, staff, day)
        if found not in self._kinds:
            levels = (sorted(profile.bad_levels), sorted(profile.named_levels))
            kind = self._kinds[found] = len(self._told)
            self._told.append((kind, case, profile.label, *levels, staff, *self._of_day(profile, day)))
        return self._kinds[found]

    def _profile(self, desk: Desk, item_id: int, case: str, day: date) -> Profile:
        known = (day, day, desk.division_id, desk.organisation_id, desk.hall_id, item_id, desk.place, case)
        occasion = occasion_of(Facts(*known, rater="", form="", stage=""), self._directory)
        if occasion is None:
            raise Conflict("rules", f"No rules are known for division {desk.division_id}.")
        asked = (occasion.occasion, self._rulebook.since(day))
        if asked not in self._profiles:
            self._profiles[asked] = _simulated(occasion.rules(self._rulebook, step=day, rated=day))
        return self._profiles[asked]

    def _of_day(self, profile: Profile, day: date) -> Instants:
        if (profile, day) not in self._instants:
            at = datetime.combine(day, _NOON, CN)
            events = {"acceptance": at, "service": at, "result": at}
            self._instants[profile, day] = derive(profile, events, known_at=at)
        return self._instants[profile, day]


def _simulated(profile: Profile) -> Profile:
    """The same, if a city can be simulated by it."""
    if not by_days(profile) or set(profile.labels or LEVELS) != set(LEVELS):
        message = (
            f"The rules of {profile.name} count hours, or know other levels than five: that is not simulated."
        )
        raise Conflict("rules", message)
    return profile
