"""The outbox: taken to be sent, and what became of it. Between the two nothing is held but the notice's own lease."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from haochaping.audit.operations import record
from haochaping.notices.models import Notice
from haochaping.notices.rules import ATTEMPTS, LEASE, by_day, id_of, pause
from haochaping.notices.states import Channel, Kind, State, Withheld

ACTOR = "system"


class Taken(NamedTuple):
    """A notice that is this caller's to send until the lease is over. `attempt` counts from 1."""

    id: UUID
    attempt: int
    channel: Channel
    official_id: UUID | None
    body: str

    @property
    def last(self) -> bool:
        """Whether there will be no further try."""
        return self.attempt >= ATTEMPTS


def put_out_alarm(*, number: UUID, body: str, now: datetime) -> None:
    """In the caller's transaction: `body` is to be sent to the operator's machine. `number`: by which it is known."""
    _put_out(f"alarm:{number}", Channel.ALARM, Kind.ALARM, body, now)


def put_out_clip(*, key: str, body: str, now: datetime) -> None:
    """In the caller's transaction: `body` asks the video platform to keep a clip. `key` is made of what it is of: the same
    is asked once, however often it is put out."""
    _put_out(f"video:{key}", Channel.VIDEO, Kind.VIDEO, body, now)


def _put_out(cause: str, channel: Channel, kind: Kind, body: str, now: datetime) -> None:
    Notice.objects.get_or_create(
        id=id_of(cause, channel, None),
        defaults={
            "cause": cause,
            "channel": channel,
            "kind": kind,
            "body": body,
            "created_at": now,
            "state": State.WAITING,
            "due_at": now,
        },
    )


@transaction.atomic
def take(*, channel: Channel, now: datetime) -> Taken | None:
    """The notice of a channel that has been due for longest, leased to the caller; None when none is due.

    No two callers get the same within a lease. Who is killed while he sends leaves it to the next after the lease, who
    sends it again under the same id: that it arrived the first time, nobody can know.
    """
    due = Notice.objects.select_for_update(skip_locked=True).filter(
        channel=channel, state=State.WAITING, due_at__lte=now
    )
    row = due.order_by("due_at").first()
    if row is None:
        return None
    row.attempts += 1
    row.tried_at, row.due_at = now, now + LEASE
    row.save(update_fields=["attempts", "tried_at", "due_at"])
    return Taken(row.id, row.attempts, channel, row.official_id, row.body)


@transaction.atomic
def sent(taken: Taken, *, now: datetime) -> None:
    """It arrived, also when the lease was over meanwhile: then another may have sent it too."""
    changed = Notice.objects.filter(id=taken.id).exclude(state=State.SENT)
    if changed.update(state=State.SENT, ended_at=now, last_error=""):
        _told(taken, now, "done")


@transaction.atomic
def not_sent(taken: Taken, *, error: str, now: datetime, for_good: bool = False) -> None:
    """It did not arrive; `error` says in a word why. It is tried again later and later; after the last try, or `for_good`,
    it is given up, and that is on record. Whose lease is over, so that another has taken it since, changes nothing."""
    mine = Notice.objects.filter(id=taken.id, state=State.WAITING, attempts=taken.attempt)
    if not (taken.last or for_good):
        again = now + pause(taken.attempt)
        mine.update(last_error=error[:100], due_at=by_day(again) if taken.channel is Channel.SMS else again)
        return
    if mine.update(last_error=error[:100], state=State.GIVEN_UP, ended_at=now):
        _told(taken, now, "given up", error)


@transaction.atomic
def withhold(taken: Taken, *, reason: Withheld, now: datetime) -> None:
    """It is not to be sent."""
    mine = Notice.objects.filter(id=taken.id, state=State.WAITING)
    if mine.update(state=State.WITHHELD, last_error=reason, ended_at=now):
        _told(taken, now, "withheld", reason)


@transaction.atomic
def withhold_all(*, channel: Channel, reason: Withheld, now: datetime) -> int:
    """Nothing that waits in a channel is sent, where nothing goes out by it; how many they were."""
    waiting = Notice.objects.filter(channel=channel, state=State.WAITING)
    number = waiting.update(state=State.WITHHELD, last_error=reason, ended_at=now)
    if number:
        detail = {"number": number, "reason": str(reason)}
        record(now=now, actor=ACTOR, act="notice.withhold", subject=f"channel:{channel}", detail=detail)
    return number


def _told(taken: Taken, now: datetime, result: str, error: str = "") -> None:
    act = "alarm.told" if taken.channel is Channel.ALARM else "notice.told"
    detail = {"channel": str(taken.channel), "attempt": taken.attempt} | ({"error": error} if error else {})
    record(now=now, actor=ACTOR, act=act, subject=f"notice:{taken.id}", result=result, detail=detail)
