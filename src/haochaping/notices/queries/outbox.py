"""How the outbox stands: for whoever sends, for the officers who watch, and for the alarm."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.db.models import Count, Max, Q

from haochaping.notices.models import Notice
from haochaping.notices.rules import TROUBLE
from haochaping.notices.states import CARRIED, LOOK, PRESSURE, Channel, Kind, State

_SHOWN: Final = 50
_OUT: Final = (*CARRIED, Channel.ALARM, Channel.VIDEO)


@dataclass(frozen=True, slots=True)
class Letter:
    """What a notice says, to be put into words. It names no rater and quotes no rating."""

    id: UUID
    official_id: UUID
    kind: Kind
    action: str
    superior: bool
    subject: str
    reference: UUID | None
    step: str
    last_day: date | None
    clause: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class OutRow:
    """One notice that did not simply go out. To whom it goes is not told here, nor the number of what the authority alone
    knows of. `reason` is a word."""

    channel: Channel
    kind: Kind
    subject: str
    state: State
    attempts: int
    reason: str
    created_at: datetime
    due_at: datetime | None


@dataclass(frozen=True, slots=True)
class Outbox:
    """`counts` by channel and state, all of them there; `rows`: the latest that wait, were given up or withheld."""

    counts: Mapping[Channel, Mapping[State, int]]
    rows: tuple[OutRow, ...]


def letter(notice_id: UUID) -> Letter | None:
    """What is to be sent to an official; None for an unknown notice and one that is for nobody."""
    row = Notice.objects.filter(id=notice_id, official_id__isnull=False).first()
    if row is None or row.official_id is None:
        return None
    return Letter(
        id=row.id,
        official_id=row.official_id,
        kind=Kind(row.kind),
        action=row.action,
        superior=row.superior,
        subject=row.subject,
        reference=row.reference,
        step=row.step,
        last_day=row.last_day,
        clause=row.clause,
        created_at=row.created_at,
    )


def outbox(*, since: datetime) -> Outbox:
    """What was put out since an instant, to go out of the house."""
    out = Notice.objects.filter(channel__in=_OUT, created_at__gte=since)
    counts = {channel: dict.fromkeys(State, 0) for channel in _OUT}
    for channel, state, number in out.values_list("channel", "state").annotate(Count("id")):
        counts[Channel(channel)][State(state)] = number
    rows = out.exclude(state=State.SENT).order_by("-created_at", "id")[:_SHOWN]
    return Outbox(
        counts,
        tuple(
            OutRow(
                channel=Channel(row.channel),
                kind=Kind(row.kind),
                subject="" if row.step in (PRESSURE, LOOK) else row.subject,
                state=State(row.state),
                attempts=row.attempts,
                reason=row.last_error,
                created_at=row.created_at,
                due_at=row.due_at if row.state == State.WAITING else None,
            )
            for row in rows
        ),
    )


def given_up_alarms() -> int:
    """How many notices of alarms were given up."""
    return Notice.objects.filter(channel=Channel.ALARM, state=State.GIVEN_UP).count()


def troubled() -> Mapping[Channel, datetime]:
    """Channels to people, and to the video platform, by which nothing arrives, and since when: something was given up, or
    failed five times, and nothing has arrived that was tried later."""
    found = {}
    for channel in (*CARRIED, Channel.VIDEO):
        tried = Notice.objects.filter(channel=channel, tried_at__isnull=False)
        arrived = tried.filter(state=State.SENT).aggregate(at=Max("tried_at"))["at"]
        failing = tried.filter(Q(state=State.GIVEN_UP) | Q(state=State.WAITING, attempts__gte=TROUBLE))
        if arrived is not None:
            failing = failing.filter(tried_at__gt=arrived)
        last = failing.aggregate(at=Max("tried_at"))["at"]
        if last is not None:
            found[channel] = last
    return found


def notices_before(before: datetime) -> int:
    """How many notices put out before an instant are still there and wait for nothing."""
    return Notice.objects.filter(created_at__lt=before).exclude(state=State.WAITING).count()
