"""One verdict for every record of a call, in order, each knowing what came before it - in the tables or in
the call.

Pure: what the tables hold comes as `Holdings`, what is to be written goes into `Writes`; `intake.storing`
does both. The order of the questions: malformed or not the sender's to report, key known (repeated, updated,
conflicting), suspicious, accepted.
"""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from uuid import UUID

from haochaping.cases.instants import Progress, progress_of
from haochaping.cases.placing import Placement, Places, ServedBy
from haochaping.cases.rules import Record
from haochaping.cases.states import in_the_way
from haochaping.cases.verdicts import (
    TIME_TOLERANCE,
    Verdict,
    differences,
    is_progress,
    problem,
    served_by_changed,
    suspicions,
)
from haochaping.foundation.errors import Problem
from haochaping.foundation.ids import Ids
from haochaping.intake.bulk import Reported
from haochaping.intake.scope import KEY_OUT_OF_SCOPE, OUT_OF_SCOPE, Reached
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.units import Unratable
from haochaping.registry.directory import Directory

Key = tuple[str, int]


@dataclass(slots=True)
class Held:
    """An occasion under its key. `offered`: an address to rate it was handed out, that of its claim. `record` is its last
    version, None while nobody needed to open it. `unratable`: why the rules give it no rating, or empty."""

    occasion_id: UUID
    claim_id: UUID
    offered: bool
    version_id: UUID
    digests: set[bytes]
    record: Record | None = None
    unratable: str = ""


@dataclass(frozen=True, slots=True)
class Aside:
    """Why a content was kept aside, and the edition of a dialect by which it was read then."""

    reasons: tuple[Problem, ...]
    dialect_id: UUID | None = None


@dataclass(slots=True)
class Holdings:
    """What the tables hold under the keys of this call, and of their cases by number. What was quarantined by
    digest."""

    occasions: dict[Key, Held] = field(default_factory=dict)
    cases: dict[str, Progress] = field(default_factory=dict)
    quarantined: dict[Key, dict[bytes, Aside]] = field(default_factory=dict)


@dataclass(slots=True)
class Version:
    """A content that is stored: under an occasion, or kept aside with its reasons."""

    id: UUID
    key: Key
    reported: Reported
    occasion_id: UUID | None = None
    reasons: tuple[Problem, ...] = ()
    closed: bool = False


@dataclass(slots=True)
class Accepted:
    """A new occasion: the version that this call left it at, where it belongs, its case having come so far, and
    whether an address to rate it is handed out. `unit_id`: the unit by which it is rated (`intake.units`); `settled`: what
    of the unit is rated, and until when, is not for this occasion alone to say."""

    key: Key
    record: Record
    version_id: UUID
    place: Placement
    progress: Progress
    offered: bool
    unit_id: UUID | None = None
    settled: bool = False

    @property
    def unratable(self) -> str:
        """Why the rules give it no rating, or empty."""
        return self.place.unit if isinstance(self.place.unit, Unratable) else ""

    @property
    def late(self) -> bool:
        """Whether it came too late to be rated; of a unit, whether all of it did."""
        return not self.unratable and (not self.offered if self.settled else self.place.late)

    @property
    def weight(self) -> int:
        """How often a rating of it counts: 0 where there is none, or the unit is to say."""
        return 0 if self.unratable or self.settled else self.place.weight


@dataclass(slots=True)
class Moved:
    """A held occasion, or its unit, by its claim, with a new version; `served_by` is None when window and staff stay."""

    version_id: UUID
    served_by: ServedBy | None
    claim_id: UUID


@dataclass(slots=True)
class Writes:
    """What a call is to change; `accepted` and `moved` by occasion, `cases` by case number.

    `opened`: the cases that nobody knew before; `stirred`: those known before whose dates it changes, so that limits of
    all their occasions may move; `accepted_earlier`: those whose acceptance turns out to have been on an earlier day, with
    that day.
    """

    accepted: dict[UUID, Accepted] = field(default_factory=dict)
    moved: dict[UUID, Moved] = field(default_factory=dict)
    versions: list[Version] = field(default_factory=list)
    aside: list[Version] = field(default_factory=list)
    healed: set[Key] = field(default_factory=set)
    cases: dict[str, Progress] = field(default_factory=dict)
    opened: set[str] = field(default_factory=set)
    stirred: set[str] = field(default_factory=set)
    accepted_earlier: dict[str, date] = field(default_factory=dict)


@dataclass(slots=True)
class Judged:
    """What became of one record; `rateable` is the claim whose address is returned, None when there is none; `occasion_id`
    what was accepted or known.
    """

    reported: Reported
    verdict: Verdict
    reasons: tuple[Problem, ...] = ()
    rateable: UUID | None = None
    occasion_id: UUID | None = None


class Judge:
    """Judges the records of one call. `now` is the instant of reception, `reached` what the sender may report for."""

    def __init__(
        self,
        holdings: Holdings,
        *,
        directory: Directory,
        rulebook: Rulebook,
        now: datetime,
        reached: Reached,
    ) -> None:
        self.writes = Writes()
        self._holdings = holdings
        self._reached = reached
        self._places = Places(directory, rulebook)
        self._now = now
        self._new_id = Ids(now)

    def verdict(self, reported: Reported) -> Judged:
        """The verdict on the next record. A held occasion whose content may differ must have its record
        opened.
        """
        if reported.problems:
            return Judged(reported, Verdict.REJECTED, reported.problems)
        if not self._reached.allows(reported.record):
            return Judged(reported, Verdict.REJECTED, (OUT_OF_SCOPE,))
        key = reported.key
        held = self._holdings.occasions.get(key)
        if held is not None and reported.digest in held.digests:
            return self._answer(reported, Verdict.REPEATED, held)
        aside = self._holdings.quarantined.get(key)
        # Read by another edition of the dialect it is judged afresh: that is what a dialect is mended for.
        before = aside.get(reported.digest) if aside else None
        if before is not None and before.dialect_id == reported.dialect_id:
            return Judged(reported, Verdict.QUARANTINED, before.reasons)
        if held is not None:
            return self._of_known(reported, held)
        if reasons := tuple(suspicions(reported.record, self._places, self._now, _order_tolerance(reported))):
            aside = self._holdings.quarantined.setdefault(key, {})
            aside[reported.digest] = Aside(reasons, reported.dialect_id)
            if before is None:
                self.writes.aside.append(Version(self._new_id(), key, reported, reasons=reasons))
            return Judged(reported, Verdict.QUARANTINED, reasons)
        return self._accept(reported, key)

    def released(self, reported: Reported) -> Judged:
        """A record of the quarantine for which a person answers: accepted, or quarantined still with every doubt, when
        there is one that only the registry or time can settle. Conflicting, when its key became known meanwhile.
        """
        if reported.key in self._holdings.occasions:
            return Judged(reported, Verdict.CONFLICTING)
        reasons = tuple(suspicions(reported.record, self._places, self._now))
        if in_the_way(reason.code for reason in reasons):
            return Judged(reported, Verdict.QUARANTINED, reasons)
        return self._accept(reported, reported.key)

    def finished(self) -> Writes:
        """All that the call is to change, each new occasion by how far the whole call brought its case."""
        for new in self.writes.accepted.values():
            progress = self._progress(new.key[0])
            if progress != new.progress:
                new.place, new.progress = self._placed(new.record, progress), progress
            new.offered = self._holdings.occasions[new.key].offered or _ratable(new.place)
        for project_no in self.writes.cases:
            held = self._holdings.cases.get(project_no)
            if held is None:
                self.writes.opened.add(project_no)
                continue
            progress = self._progress(project_no)
            if replace(progress, status=held.status) != held:
                self.writes.stirred.add(project_no)
                if progress.accepted_day != held.accepted_day:
                    self.writes.accepted_earlier[project_no] = progress.accepted_day
        return self.writes

    def _of_known(self, reported: Reported, held: Held) -> Judged:
        if held.record is None:
            raise LookupError("the last version was not opened")
        old, new = held.record, reported.record
        # Not even what differs is told of a record that is not the sender's.
        if not self._reached.allows(old):
            return Judged(reported, Verdict.REJECTED, (KEY_OUT_OF_SCOPE,))
        known = self._progress(reported.project_no)
        window_open = self._places.window_is_open(old, known, self._now)
        if not is_progress(old, new, window_open=window_open):
            reasons = tuple(problem(name, "differs") for name in differences(old, new))
            return Judged(reported, Verdict.CONFLICTING, reasons)
        version = self._new_version(reported, reported.key, held.occasion_id, self._new_id())
        self._move(held, new, version.id, corrected=served_by_changed(old, new))
        held.version_id, held.record = version.id, new
        held.digests.add(reported.digest)
        # What was reported too late may have begun anew with the result.
        if held.claim_id == held.occasion_id and not held.unratable:
            held.offered = held.offered or not self._placed(new, self._progress(reported.project_no)).late
        return self._answer(reported, Verdict.UPDATED, held)

    def _accept(self, reported: Reported, key: Key) -> Judged:
        occasion_id = self._new_id()
        version = self._new_version(reported, key, occasion_id, occasion_id)
        progress = self._progress(reported.project_no)
        place = self._placed(reported.record, progress)
        offered = _ratable(place)
        new = Accepted(key, reported.record, version.id, place, progress, offered)
        self.writes.accepted[occasion_id] = new
        self._holdings.occasions[key] = held = Held(
            occasion_id,
            occasion_id,
            offered,
            version.id,
            {reported.digest},
            reported.record,
            unratable=new.unratable,
        )
        if self._holdings.quarantined.get(key):
            self.writes.healed.add(key)
            for kept in self.writes.aside:
                kept.closed = kept.closed or kept.key == key
        return self._answer(reported, Verdict.ACCEPTED, held)

    def _new_version(self, reported: Reported, key: Key, occasion_id: UUID, version_id: UUID) -> Version:
        """The first version of an occasion has its id."""
        version = Version(version_id, key, reported, occasion_id)
        self.writes.versions.append(version)
        progress = progress_of(reported.record)
        project_no = reported.project_no
        before = self.writes.cases.get(project_no)
        self.writes.cases[project_no] = before.merged(progress) if before else progress
        return version

    def _move(self, held: Held, record: Record, version_id: UUID, *, corrected: bool) -> None:
        if new := self.writes.accepted.get(held.occasion_id):
            new.record, new.version_id = record, version_id
            new.place = self._placed(record, new.progress)
            return
        by = self._places.served_by(record) if corrected else None
        earlier = self.writes.moved.get(held.occasion_id)
        by = by or (earlier.served_by if earlier else None)
        self.writes.moved[held.occasion_id] = Moved(version_id, by, held.claim_id)

    def _progress(self, project_no: str) -> Progress:
        """How far the case has come: by what is held, and by this call up to here."""
        held, reported = self._holdings.cases.get(project_no), self.writes.cases.get(project_no)
        found = held.merged(reported) if held and reported else reported or held
        if found is None:
            raise LookupError("nothing was ever reported of this case")
        return found

    def _placed(self, record: Record, progress: Progress) -> Placement:
        return self._places.placement(record, progress, self._now)

    def _answer(self, reported: Reported, verdict: Verdict, held: Held) -> Judged:
        """The same answer for an occasion whenever it is asked for: it must not tell whether it was rated."""
        if held.unratable:
            return Judged(reported, verdict, (problem("", held.unratable),))
        return addressed(Judged(reported, verdict, occasion_id=held.occasion_id), held.claim_id, held.offered)


def addressed(judged: Judged, claim_id: UUID, offered: bool) -> Judged:
    """With the address to rate what was accepted or known, or why there is none."""
    if offered:
        return replace(judged, rateable=claim_id, reasons=())
    return replace(judged, rateable=None, reasons=(problem("serviceTime", "late"),))


def _ratable(place: Placement) -> bool:
    return not place.late and not isinstance(place.unit, Unratable)


def _order_tolerance(reported: Reported) -> timedelta:
    found = reported.dialect.order_tolerance(reported.record) if reported.dialect else None
    return TIME_TOLERANCE if found is None else found
