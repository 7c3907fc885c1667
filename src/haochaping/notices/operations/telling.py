"""Officials are told something by the act that causes it, each by the ways that he asked for."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from haochaping.notices.models import Notice
from haochaping.notices.queries.preferences import channels_of
from haochaping.notices.rules import by_day, id_of
from haochaping.notices.states import Channel, Kind, State


@dataclass(frozen=True, slots=True)
class Saying:
    """What is told: see `notices.models.Notice`. `cause`: what is put out again under the same one is told once."""

    cause: str
    kind: Kind
    action: str = ""
    subject: str = ""
    reference: UUID | None = None
    step: str = ""
    last_day: date | None = None
    clause: str = ""


def tell(saying: Saying, officials: Collection[UUID], *, now: datetime, superior: bool = False) -> None:
    """Puts it out for these officials, in the caller's transaction, which writes the audit row. `superior`: they look after
    those who have to act. What `notices.fragments` does for sets."""
    ways = channels_of(officials)
    Notice.objects.bulk_create(
        [
            _notice(saying, official, channel, now, superior=superior)
            for official in sorted(ways)
            for channel in ways[official][saying.kind]
        ],
        ignore_conflicts=True,
    )


def _notice(saying: Saying, official: UUID, channel: Channel, now: datetime, *, superior: bool) -> Notice:
    console = channel is Channel.CONSOLE
    return Notice(
        id=id_of(saying.cause, channel, official),
        cause=saying.cause,
        channel=channel,
        official_id=official,
        kind=saying.kind,
        action=saying.action,
        superior=superior,
        subject=saying.subject,
        reference=saying.reference,
        step=saying.step,
        last_day=saying.last_day,
        clause=saying.clause[:200],
        created_at=now,
        state=State.SENT if console else State.WAITING,
        due_at=by_day(now) if channel is Channel.SMS else now,
        ended_at=now if console else None,
    )
