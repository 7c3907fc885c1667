"""What the self-test found, and which alarms are on: for the console, the public page and whoever measures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from haochaping.notices.queries.outbox import given_up_alarms
from haochaping.oversight.models import Alarm, SelfTestResult, SelfTestRun
from haochaping.oversight.watching import OF_THINGS, RETENTION, Cell, Outcome, Step, Way
from haochaping.policy.sources import RulesError
from haochaping.policy.watching import Thresholds, known_thresholds, thresholds

# A self-test comes every day; later than this, nobody knows how things are now.
STALE_AFTER = timedelta(hours=30)
_RUNS = 30
_ENDED_ALARMS = 20


@dataclass(frozen=True, slots=True)
class RunRow:
    """One self-test in the list."""

    id: UUID
    started_at: datetime
    finished_at: datetime
    address: str
    tested: int
    failed: int

    def stale(self, now: datetime) -> bool:
        """Whether it is too long ago to speak of now."""
        return now - self.started_at > STALE_AFTER


@dataclass(frozen=True, slots=True)
class RunView:
    """One self-test with what became of each rating."""

    row: RunRow
    outcomes: tuple[Outcome, ...]


@dataclass(frozen=True, slots=True)
class AlarmView:
    """An alarm; `level` None: the whole channel. `way` and `step` are None but for a self-test. Where `kind` is "notices",
    `channel` is a number of `states.CARRIERS`; where it is about terms of keeping, it is 0 and `kept` the kind of thing, ""
    for all of them."""

    id: UUID
    kind: str
    way: Way | None
    channel: int
    level: int | None
    step: Step | None
    reason: str
    since: datetime
    ended_at: datetime | None
    acknowledged_at: datetime | None
    acknowledged_by: str
    note: str
    kept: str = ""


@dataclass(frozen=True, slots=True)
class Watch:
    """All that the page of the self-test shows. `untold`: notices by webhook that are given up."""

    on: tuple[AlarmView, ...]
    ended: tuple[AlarmView, ...]
    runs: tuple[RunRow, ...]
    latest: RunView | None
    untold: int


@dataclass(frozen=True, slots=True)
class Judged:
    """By which thresholds silences are judged; `unreadable`: why not by the operator's, "" where nothing is wrong."""

    by: Thresholds
    unreadable: str


def watch() -> Watch:
    """Alarms that are on (the oldest first), the last that ended, the last thirty runs and the newest in full."""
    runs = tuple(_row(run) for run in SelfTestRun.objects.order_by("-started_at", "-id")[:_RUNS])
    ended = Alarm.objects.exclude(ended_at=None).order_by("-ended_at", "id")[:_ENDED_ALARMS]
    return Watch(
        on=_alarms(Alarm.objects.filter(ended_at=None).order_by("since", "channel", "-level", "way")),
        ended=_alarms(ended),
        runs=runs,
        latest=RunView(runs[0], _outcomes(runs[0].id)) if runs else None,
        untold=given_up_alarms(),
    )


def judged(*, today: date) -> Judged:
    """The thresholds in force."""
    try:
        return Judged(thresholds(today), "")
    except RulesError as problem:
        return Judged(known_thresholds(today), str(problem))


def latest_run() -> RunView | None:
    """The newest self-test; None before the first."""
    found = SelfTestRun.objects.order_by("-started_at", "-id").first()
    return RunView(_row(found), _outcomes(found.id)) if found else None


def run(run_id: UUID) -> RunView | None:
    """One self-test; None for an unknown id."""
    found = SelfTestRun.objects.filter(id=run_id).first()
    return RunView(_row(found), _outcomes(found.id)) if found else None


def alarms_on() -> Mapping[str, int]:
    """How many alarms are on, by kind; all kinds are there."""
    kinds = list(Alarm.objects.filter(ended_at=None).values_list("kind", flat=True))
    return {kind: kinds.count(kind) for kind in ("selftest", "arrivals", "notices", *sorted(OF_THINGS))}


def unacknowledged() -> int:
    """How many alarms are on that nobody has acknowledged."""
    return Alarm.objects.filter(ended_at=None, acknowledged_at=None).count()


def _row(found: SelfTestRun) -> RunRow:
    return RunRow(found.id, found.started_at, found.finished_at, found.address, found.tested, found.failed)


def _outcomes(run_id: UUID) -> tuple[Outcome, ...]:
    rows = SelfTestResult.objects.filter(run_id=run_id).order_by("id")
    return tuple(
        Outcome(Cell(Way(row.way), row.channel, row.level), Step(row.step) if row.step else None, row.reason)
        for row in rows
    )


def _alarms(rows: Iterable[Alarm]) -> tuple[AlarmView, ...]:
    return tuple(
        AlarmView(
            id=row.id,
            kind=row.kind,
            way=Way(row.way) if row.way and row.kind != RETENTION else None,
            channel=row.channel,
            level=row.level,
            step=Step(row.step) if row.step else None,
            reason=row.reason,
            since=row.since,
            ended_at=row.ended_at,
            acknowledged_at=row.acknowledged_at,
            acknowledged_by=row.acknowledged_by,
            note=row.note,
            kept=row.way if row.kind == RETENTION else "",
        )
        for row in rows
    )
