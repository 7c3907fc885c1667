"""What the console tells an official."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from haochaping.notices.models import Notice
from haochaping.notices.rules import id_of
from haochaping.notices.states import CARRIED, Channel, Kind, State

PAGE_SIZE = 30
# More than so many unread ones are not counted: the frame of every page asks.
MOST = 99


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of the same notice by another way. `reason` is a word: why it failed last, or was withheld."""

    channel: Channel
    state: State
    attempts: int
    reason: str


@dataclass(frozen=True, slots=True)
class NoticeView:
    """One notice. `read`: whether he has seen it before."""

    id: UUID
    kind: Kind
    action: str
    superior: bool
    subject: str
    reference: UUID | None
    step: str
    last_day: date | None
    clause: str
    at: datetime
    read: bool
    by_others: tuple[Sent, ...]


@dataclass(frozen=True, slots=True)
class Inbox:
    """A page of them, the newest first. `page` counts from 1."""

    rows: tuple[NoticeView, ...]
    unread: int
    page: int
    pages: int


def inbox(*, official_id: UUID, page: int = 1) -> Inbox:
    """His notices, thirty on a page."""
    mine = Notice.objects.filter(official_id=official_id, channel=Channel.CONSOLE)
    pages = max(1, -(-mine.count() // PAGE_SIZE))
    page = min(max(1, page), pages)
    rows = list(mine.order_by("-created_at", "id")[(page - 1) * PAGE_SIZE : page * PAGE_SIZE])
    return Inbox(_views(rows, official_id), unread(official_id=official_id), page, pages)


def unread(*, official_id: UUID) -> int:
    """How many he has not read; 100 for more than 99."""
    mine = Notice.objects.filter(official_id=official_id, channel=Channel.CONSOLE, read_at=None)
    return mine[: MOST + 1].count()


def _views(rows: Collection[Notice], official_id: UUID) -> tuple[NoticeView, ...]:
    # Their ids follow from the cause: nothing is searched.
    carried = [id_of(row.cause, channel, official_id) for row in rows for channel in CARRIED]
    others: dict[str, list[Sent]] = {}
    for each in Notice.objects.filter(id__in=carried).order_by("channel"):
        others.setdefault(each.cause, []).append(
            Sent(Channel(each.channel), State(each.state), each.attempts, each.last_error)
        )
    return tuple(_view(row, others.get(row.cause, ())) for row in rows)


def _view(row: Notice, others: Iterable[Sent]) -> NoticeView:
    return NoticeView(
        id=row.id,
        kind=Kind(row.kind),
        action=row.action,
        superior=row.superior,
        subject=row.subject,
        reference=row.reference,
        step=row.step,
        last_day=row.last_day,
        clause=row.clause,
        at=row.created_at,
        read=row.read_at is not None,
        by_others=tuple(others),
    )
