"""Where a record belongs by registry and rules, or why it belongs nowhere: asked once for all records of a call that have
the same codes and the same day.

Pure: the registry comes as a Directory, the rules as a Rulebook.
"""

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Final, NamedTuple

from haochaping.cases.facts import Facts, facts_of, item_of, occasion_of, same_name, service_day
from haochaping.cases.formats import instant
from haochaping.cases.instants import Instants, Progress, by_days, derive
from haochaping.cases.rules import WHOLE, Record
from haochaping.foundation.clock import local_day
from haochaping.policy.rulebook import Profile, Rulebook
from haochaping.policy.units import Kind, Unit, Unratable, unit_of, weight_of
from haochaping.registry.directory import Directory

Doubt = tuple[str, str]

# What registry and rules are asked by, besides the day. Whoever asks by more adds it here: no other field is handed on.
_ASKED_BY: Final = (
    *("areaCode", "deptCode", "taskCode", "taskHandleItem", "taskName", "windowNo", "proManagerNo"),
    *("proChannel", "projectType", "userProp", "caseForm", "serviceStage"),
)


@dataclass(frozen=True, slots=True)
class ServedBy:
    """Registry ids of the service day; None for what was not reported or the registry does not know."""

    hall_id: int | None
    window_id: int | None
    staff_id: int | None


class Placement(NamedTuple):
    """Where an occasion belongs, by which facts its rules were chosen, and what they make of it. `late`: its window was
    closed when it was reported. `unit`: with which others it is rated as one, or why it is not; `weight`: how often a
    rating of it alone counts.
    """

    service_at: datetime
    facts: Facts
    served_by: ServedBy
    profile: Profile
    instants: Instants
    late: bool
    unit: Unit | Unratable | None
    weight: int


@dataclass(slots=True)
class _Ground:
    """What is known for one set of codes on one day; None: not asked yet. `ruled`: by the day of the acceptance."""

    record: Record
    doubts: tuple[Doubt, ...] | None = None
    served_by: ServedBy | None = None
    ruled: dict[date, tuple[Facts, Profile]] = field(default_factory=dict)


class Places:
    """The registry and the rules, as records are held against them. One for each call: it forgets nothing."""

    def __init__(self, directory: Directory, rulebook: Rulebook) -> None:
        self._directory = directory
        self._rulebook = rulebook
        self._grounds: dict[tuple[date | str | None, ...], _Ground] = {}
        # The last one asked for: a record is asked about several times in a row.
        self._last: tuple[Record | None, _Ground] = (None, _Ground({}))
        self._derived: dict[tuple[object, ...], Instants] = {}

    def doubts(self, record: Record) -> tuple[Doubt, ...]:
        """Field and code of everything that the registry does not have on the day of the service, or has otherwise."""
        ground = self._ground(record)
        if ground.doubts is None:
            ground.doubts = tuple(_doubts(ground.record, self._directory))
        return ground.doubts

    def served_by(self, record: Record) -> ServedBy:
        """The window with its hall, and the member of staff, by their numbers in the registry (not by name)."""
        ground = self._ground(record)
        if ground.served_by is None:
            ground.served_by = _served_by(ground.record, self._directory)
        return ground.served_by

    def placement(self, record: Record, progress: Progress, now: datetime) -> Placement:
        """Where an unsuspicious record belongs, its case having come so far. Raises LookupError when the registry
        does not know it."""
        facts, profile = self._rules(record, progress, now)
        if facts.item_id is None:
            raise LookupError("placed before it was checked against the registry")
        service_at = _served_at(record)
        instants = self._instants(profile, progress, service_at, now)
        return Placement(
            service_at=service_at,
            facts=facts,
            served_by=self.served_by(record),
            profile=profile,
            instants=instants,
            late=instants.closed(now),
            unit=unit_of(profile, _kind(record, facts)),
            weight=_weight(record, profile),
        )

    def window_is_open(self, record: Record, progress: Progress, now: datetime) -> bool:
        """Whether the window of an occasion is open at `now`, rated or not. Without a laid down one it never
        closes, nor before the event from which it runs.
        """
        _, profile = self._rules(record, progress, now)
        return not self._instants(profile, progress, _served_at(record), now).closed(now)

    def _instants(
        self, profile: Profile, progress: Progress, service_at: datetime, now: datetime
    ) -> Instants:
        """Derived once for all occasions that went the same way on the same days, where only days count."""
        course = (service_at, progress.accepted_at, progress.result_at, progress.delivered_at)
        told = [at and local_day(at) for at in course] if by_days(profile) else course
        key = (profile, now, *told)
        if (known := self._derived.get(key)) is None:
            known = self._derived[key] = derive(profile, progress.events(service_at), known_at=now)
        return known

    def _rules(self, record: Record, progress: Progress, now: datetime) -> tuple[Facts, Profile]:
        """By the acceptance of the case: its occasions need not all tell the same."""
        ground, accepted = self._ground(record), progress.accepted_day
        if (ruled := ground.ruled.get(accepted)) is None:
            facts = facts_of(ground.record, self._directory)._replace(accepted_day=accepted)
            occasion = occasion_of(facts, self._directory)
            if occasion is None:
                raise LookupError("the division was never in the registry")
            profile = occasion.rules(self._rulebook, step=local_day(now))
            ruled = ground.ruled[accepted] = facts, profile
        return ruled

    def _ground(self, record: Record) -> _Ground:
        if self._last[0] is record:
            return self._last[1]
        day = service_day(record)
        key = (day, *map(record.get, _ASKED_BY))
        if (known := self._grounds.get(key)) is None:
            asked = {name: record[name] for name in _ASKED_BY if name in record}
            midnight = f"{day} 00:00:00"
            known = self._grounds[key] = _Ground(asked | {"serviceTime": midnight, "acceptDate": midnight})
        self._last = record, known
        return known


def _weight(record: Record, profile: Profile) -> int:
    value = profile.frequency
    return weight_of(value.value if value else None, int(record.get("groupSize", "1")))


def _kind(record: Record, facts: Facts) -> Kind:
    return Kind(
        facts.form,
        facts.stage,
        grouped="groupNo" in record,
        whole=record.get("groupRole") == WHOLE,
        number=int(record["serviceNumber"]),
    )


def _served_at(record: Record) -> datetime:
    found = instant(record["serviceTime"])
    if found is None:
        raise ValueError("serviceTime was not checked before")
    return found


def _served_by(record: Record, directory: Directory) -> ServedBy:
    day = service_day(record)
    window = directory.window(record.get("windowNo", ""), day)
    staff = directory.staff(record.get("proManagerNo", ""), day)
    return ServedBy(
        hall_id=window.hall_id if window else None,
        window_id=window.id if window else None,
        staff_id=staff.id if staff else None,
    )


def _doubts(record: Record, directory: Directory) -> list[Doubt]:
    day = service_day(record)
    found = []
    if directory.division(record["areaCode"], day) is None:
        found.append(("areaCode", "division"))
    if directory.organisation(record["deptCode"], day) is None:
        found.append(("deptCode", "unknown_organisation"))
    if not directory.items_of_task(record["taskCode"], day):
        found.append(("taskCode", "unknown_item"))
    item = item_of(record, directory, day)
    if item is None:
        return [*found, ("taskHandleItem", "unknown_handling_item")] if "taskHandleItem" in record else found
    if item.task_code != record["taskCode"]:
        found.append(("taskHandleItem", "other_item"))
    if not same_name(item.name, record["taskName"]):
        found.append(("taskName", "item_name"))
    return found
