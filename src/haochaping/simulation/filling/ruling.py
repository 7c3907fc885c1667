"""What the rules say of each kind of service on each day: asked once, by the way in which everybody asks."""

from datetime import date, datetime, time
from typing import Any

from haochaping.cases.facts import Facts, occasion_of
from haochaping.cases.instants import Instants, by_days, derive
from haochaping.foundation.clock import CN
from haochaping.foundation.errors import Conflict
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook
from haochaping.registry.directory import Directory
from haochaping.simulation.marginals import LEVELS
from haochaping.simulation.town import Desk, case_type

_NOON = time(12)


class Rules:
    """Of one rulebook and one edition of the registry."""

    def __init__(self, rulebook: Rulebook, directory: Directory) -> None:
        self._rulebook = rulebook
        self._directory = directory
        self._instants: dict[tuple[Profile, date], Instants] = {}
        self._rows: dict[tuple[Any, ...], tuple[Any, ...]] = {}

    def row(self, number: int, desk: Desk, item_id: int, day: date) -> tuple[Any, ...]:
        """RULED_COLUMNS of the services of an item at a desk (`number`: its place) on a day. Raises Conflict where no rules
        are known, and where they count hours or know other levels than five, which is not simulated."""
        known = (day, desk.organisation_id, desk.hall_id, desk.place, item_id)
        if known not in self._rows:
            self._rows[known] = self._row(desk, item_id, day)
        return (day, number, item_id, *self._rows[known])

    def _row(self, desk: Desk, item_id: int, day: date) -> tuple[Any, ...]:
        item = next(each for each in desk.items if each.id == item_id)
        kind = case_type(item)
        known = (day, day, desk.division_id, desk.organisation_id, desk.hall_id, item_id, desk.place, kind)
        occasion = occasion_of(Facts(*known, rater="", form="", stage=""), self._directory)
        if occasion is None:
            raise Conflict("rules", f"No rules are known for division {desk.division_id}.")
        profile = occasion.rules(self._rulebook, step=day, rated=day)
        if not by_days(profile) or set(profile.labels or LEVELS) != set(LEVELS):
            message = f"The rules of {profile.name} count hours, or know other levels than five: that is not simulated."
            raise Conflict("rules", message)
        staff = profile.staff is not None and desk.staff_id is not None
        return (
            *(kind, profile.label, sorted(profile.bad_levels), sorted(profile.named_levels), staff),
            *self._of_day(profile, day),
        )

    def _of_day(self, profile: Profile, day: date) -> Instants:
        if (profile, day) not in self._instants:
            at = datetime.combine(day, _NOON, CN)
            events = {"acceptance": at, "service": at, "result": at}
            self._instants[profile, day] = derive(profile, events, known_at=at)
        return self._instants[profile, day]
