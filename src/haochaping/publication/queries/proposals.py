"""Answered bad ratings on their way to the public, for the officials who release them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import NotAllowed, NotFound
from haochaping.policy.vocabulary import BODIES
from haochaping.publication.laid_down import LaidDown, of_answers
from haochaping.publication.masking import Piece, pieces, without_hints
from haochaping.publication.models import ReleasedAnswer
from haochaping.publication.rules import FEW
from haochaping.publication.states import Release
from haochaping.rectification.bodies import Bodies
from haochaping.rectification.own_case import is_own_case
from haochaping.rectification.public_answers import (
    AnsweredLine,
    AnswerToRelease,
    answer_to_release,
    answered_lines,
)
from haochaping.rectification.queries import tag_names
from haochaping.rectification.rulebook import rulebook
from haochaping.registry import queries as registry
from haochaping.tallies.queries import organisation_totals
from haochaping.tallies.rules import Counts

SHOWN: Final = 50
_TO_SUNDAY: Final = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class WaitingLine:
    """An answered order that nobody has drafted: the line with the name of the organisation."""

    line: AnsweredLine
    organisation: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What may be drafted of an order, masked by machine. `week` None and `item` "": too few rated in that week."""

    line: AnsweredLine
    organisation: str
    item: str
    week: date | None
    tags: tuple[str, ...]
    said: str
    answer: str
    laid_down: LaidDown


@dataclass(frozen=True, slots=True)
class DraftView:
    """A draft, or what became of it. `said` and `answer` in stretches, what was taken out apart."""

    id: UUID
    number: str
    state: Release
    organisation: str
    item: str
    week: date | None
    tags: tuple[str, ...]
    said: tuple[Piece, ...]
    answer: tuple[Piece, ...]
    clause: str
    drafted_by: str
    drafted_at: datetime
    released_by: str
    released_at: datetime | None
    withdrawn_by: str
    withdrawn_at: datetime | None
    reason: str


def waiting(*, official_id: UUID, now: datetime) -> tuple[WaitingLine, ...]:
    """Answered orders in reach that are neither drafted nor released, at most SHOWN."""
    today = local_day(now)
    mine = officials.scope(official_id=official_id, permission=Permission.RELEASE_ANSWERS, on=today)
    taken = ReleasedAnswer.objects.filter(organisation_id__in=mine).exclude(state=Release.WITHDRAWN)
    lines = answered_lines(mine, without=list(taken.values_list("order_id", flat=True)), most=SHOWN)
    names = registry.organisation_names({each.organisation_id for each in lines}, today)
    return tuple(WaitingLine(each, names.get(each.organisation_id, "")) for each in lines)


def drafts(*, official_id: UUID, state: Release, now: datetime) -> tuple[DraftView, ...]:
    """Those in reach that stand so, the last ones first, at most SHOWN."""
    mine = officials.scope(official_id=official_id, permission=Permission.RELEASE_ANSWERS, on=local_day(now))
    rows = ReleasedAnswer.objects.filter(organisation_id__in=mine, state=state)
    return tuple(map(_view, rows.order_by("-drafted_at", "number")[:SHOWN]))


def draft_of(answer_id: UUID, *, official_id: UUID, now: datetime) -> DraftView:
    """One of them. Raises NotFound where there is none in reach."""
    mine = officials.scope(official_id=official_id, permission=Permission.RELEASE_ANSWERS, on=local_day(now))
    row = ReleasedAnswer.objects.filter(pk=answer_id, organisation_id__in=mine).first()
    if row is None:
        raise NotFound("answer", _("没有这份待公开的答复，或者它不属于您负责的单位。"))
    return _view(row)


def proposal(order_id: UUID, *, official_id: UUID, now: datetime, lock: bool = False) -> Proposal:
    """What may be drafted; with `lock` for the caller's transaction.

    Raises NotFound where no such answer is in reach, NotAllowed where another body releases by the rules, or it is about
    the official himself.
    """
    today = local_day(now)
    found = answer_to_release(order_id, lock=lock)
    unit = found.line.organisation_id
    who = officials.acting(
        official_id=official_id, permission=Permission.RELEASE_ANSWERS, on=today, organisation_id=unit
    )
    if who is None:
        raise NotFound("order", _("没有这张工单，或者它还没有答复、不能公开。"))
    if is_own_case(subject_id=found.subject_id, official_id=official_id):
        raise NotAllowed("own_case", _("这条差评评价的是您本人，请由其他人员办理公开。"))
    laid_down = _laid_down(found, today)
    _check_body(laid_down, unit, {post.organisation_id for post in who.posts}, today)
    return _proposal(found, laid_down, today)


def _laid_down(found: AnswerToRelease, on: date) -> LaidDown:
    codes = registry.division_codes({found.division_id})
    try:
        return of_answers(rulebook().profile(codes[found.division_id], on))
    except LookupError:
        return LaidDown()


def _check_body(laid_down: LaidDown, unit: int, mine: Iterable[int], on: date) -> None:
    word = laid_down.released_by
    if word and Bodies(on, {unit}).organisation_of(word, unit) not in set(mine):
        body = BODIES.get(word) or word.removeprefix("named:")
        raise NotAllowed("other_body", _("按照规定，由%(body)s审核后公开。") % {"body": body})


def _proposal(found: AnswerToRelease, laid_down: LaidDown, on: date) -> Proposal:
    line, week = found.line, found.line.week
    counted = organisation_totals(from_day=week, to_day=week + _TO_SUNDAY)
    enough = counted.get(line.organisation_id, Counts()).rated >= max(FEW, laid_down.least)
    return Proposal(
        line=line,
        organisation=registry.organisation_names({line.organisation_id}, on).get(line.organisation_id, ""),
        item=line.item if enough else "",
        week=week if enough else None,
        tags=tag_names(found.tags),
        said=without_hints(found.said),
        answer=without_hints(found.answer),
        laid_down=laid_down,
    )


def _view(row: ReleasedAnswer) -> DraftView:
    return DraftView(
        id=row.id,
        number=row.number,
        state=Release(row.state),
        organisation=row.organisation,
        item=row.item,
        week=row.week,
        tags=tag_names(row.tags),
        said=tuple(pieces(row.said)),
        answer=tuple(pieces(row.answer)),
        clause=row.clause,
        drafted_by=row.drafted_by,
        drafted_at=row.drafted_at,
        released_by=row.released_by,
        released_at=row.released_at,
        withdrawn_by=row.withdrawn_by,
        withdrawn_at=row.withdrawn_at,
        reason=row.reason,
    )
