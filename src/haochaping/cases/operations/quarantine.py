"""What an official decides about records that were kept aside: release, refuse, ask the sender.

A release is decided here and carried out within seconds by `intake.releasing`, which alone knows how a record is placed.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.accounts.queries import officials
from haochaping.accounts.queries import senders as accounts
from haochaping.accounts.rules import Permission
from haochaping.audit.operations import record as audit
from haochaping.cases.models import QuarantinedOccasion, QuarantineStep
from haochaping.cases.states import Outcome, Step
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Invalid, NotFound, Problem
from haochaping.foundation.ids import new_id
from haochaping.identity.masks import names_numbers

LONGEST_NOTE = 500
SHORTEST_NOTE = 2
MOST_AT_ONCE = 1000


@dataclass(frozen=True, slots=True)
class Decided:
    """`number` records were decided on; `closed` had been closed by somebody else before."""

    number: int
    closed: int


@transaction.atomic
def wish_release(*, records: Sequence[UUID], official_id: UUID, note: str, now: datetime) -> Decided:
    """The records shall be accepted in spite of their doubts. Raises NotFound, Invalid."""
    rows, closed, who = _taken(records, official_id, note, now)
    waiting = [row for row in rows if row.release_wished_at is None]
    QuarantinedOccasion.objects.filter(pk__in=[row.pk for row in waiting]).update(release_wished_at=now)
    _step(waiting, Step.WISHED, note, who, now)
    audit(
        now=now,
        actor=who.actor,
        act="quarantine.wish_release",
        subject=_subject(rows),
        detail=_count(waiting),
    )
    return Decided(len(waiting), closed)


@transaction.atomic
def refuse(*, records: Sequence[UUID], official_id: UUID, note: str, now: datetime) -> Decided:
    """The records stay out; the sender reads the note. A corrected record is judged afresh. Raises NotFound, Invalid."""
    rows, closed, who = _taken(records, official_id, note, now)
    QuarantinedOccasion.objects.filter(pk__in=[row.pk for row in rows]).update(
        closed_at=now, outcome=Outcome.REFUSED, release_wished_at=None
    )
    _step(rows, Step.REFUSED, note, who, now)
    audit(now=now, actor=who.actor, act="quarantine.refuse", subject=_subject(rows), detail=_count(rows))
    return Decided(len(rows), closed)


@transaction.atomic
def ask_sender(*, records: Sequence[UUID], official_id: UUID, note: str, now: datetime) -> Decided:
    """The sender is asked; the records stay open. Raises NotFound, Invalid."""
    rows, closed, who = _taken(records, official_id, note, now)
    _step(rows, Step.ASKED, note, who, now)
    audit(now=now, actor=who.actor, act="quarantine.ask", subject=_subject(rows), detail=_count(rows))
    return Decided(len(rows), closed)


def _taken(
    records: Sequence[UUID], official_id: UUID, note: str, now: datetime
) -> tuple[list[QuarantinedOccasion], int, officials.OfficialView]:
    """The open ones among the records, locked in the order of their ids, and how many were closed before."""
    today = local_day(now)
    who = officials.acting(official_id=official_id, permission=Permission.DECIDE_QUARANTINE, on=today)
    reach = officials.scope(official_id=official_id, permission=Permission.DECIDE_QUARANTINE, on=today)
    mine = accounts.clients_of(organisations=reach)
    seen = QuarantinedOccasion.objects.filter(pk__in=records[:MOST_AT_ONCE], client_id__in=mine)
    rows = list(seen.select_for_update().order_by("pk"))
    if who is None or not rows:
        raise NotFound("quarantined", _("没有这条隔离记录，或者它不属于您负责的报送单位。"))
    if not SHORTEST_NOTE <= len(note.strip()) <= LONGEST_NOTE or "\0" in note:
        raise Invalid([Problem("note", "length", _note_wanted())])
    if names_numbers(note):
        message = _("理由中有手机号码、证件号码或信用代码，会给他人查看，请删去后再提交。")
        raise Invalid([Problem("note", "personal", message)])
    still_open = [row for row in rows if row.closed_at is None]
    return still_open, len(rows) - len(still_open), who


def _note_wanted() -> str:
    return _("请用{least}至{most}个字写明理由，报送单位会看到。").format(
        least=SHORTEST_NOTE, most=LONGEST_NOTE
    )


def _step(
    rows: Iterable[QuarantinedOccasion], act: Step, note: str, who: officials.OfficialView, now: datetime
) -> None:
    QuarantineStep.objects.bulk_create(
        QuarantineStep(id=new_id(now), record=row, act=act, note=note.strip(), actor=who.label, at=now)
        for row in rows
    )


def _subject(rows: Sequence[QuarantinedOccasion]) -> str:
    return f"quarantined {rows[0].pk}" if len(rows) == 1 else "quarantined"


def _count(rows: Sequence[QuarantinedOccasion]) -> dict[str, object]:
    return {"records": len(rows)}
