"""Releasing answered bad ratings to the public: drafted, looked at a second time, released; withdrawn with a reason."""

import os
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.audit import operations as audit
from haochaping.foundation import base32
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Conflict, Invalid, NotFound, Problem, Refused
from haochaping.foundation.ids import new_id
from haochaping.publication.answers import digest_of
from haochaping.publication.masking import taken_away
from haochaping.publication.models import ReleasedAnswer
from haochaping.publication.queries.proposals import Proposal, proposal
from haochaping.publication.states import Release
from haochaping.rectification.public_answers import answer_to_release, still_answered
from haochaping.registry import queries as registry

_PREFIX: Final = "GK"
_NUMBER_BYTES: Final = 5
_REASON_MOST: Final = 500
_SYSTEM: Final = "system"


@transaction.atomic
def draft_answer(*, order_id: UUID, official_id: UUID, said: str, answer: str, now: datetime) -> UUID:
    """Keeps what is to be released of an order; the id of the draft. Nothing is public by it.

    `said` and `answer` are the proposed texts, or less: where something was taken away, that shows. Raises NotFound,
    NotAllowed as `proposal`; Invalid where a text says what the proposed one does not; Conflict where there is a draft.
    """
    proposed = proposal(order_id, official_id=official_id, now=now, lock=True)
    texts = _less(proposed, said, answer)
    if ReleasedAnswer.objects.filter(order_id=order_id).exclude(state=Release.WITHDRAWN).exists():
        raise Conflict("drafted_already", _("这条差评的答复已经拟定或者公开。"))
    who = _who(official_id, proposed.line.organisation_id, now)
    found = answer_to_release(order_id)
    unit = registry.organisation(proposed.line.organisation_id, local_day(now))
    if unit is None:
        raise NotFound("organisation", _("登记中没有这个单位。"))
    row = ReleasedAnswer.objects.create(
        id=new_id(now),
        number=_PREFIX + base32.encode(os.urandom(_NUMBER_BYTES)),
        order_id=order_id,
        organisation_id=unit.id,
        state=Release.DRAFTED,
        credit_code=unit.credit_code,
        organisation=unit.name,
        division_code=unit.division_code,
        division=unit.division_name,
        item=proposed.item,
        week=proposed.week,
        tags=list(found.tags),
        said=texts[0],
        answer=texts[1],
        clause=proposed.laid_down.clause,
        drafted_by=who.label,
        drafted_at=now,
    )
    _record(row, "publication.answer_drafted", who.actor, now)
    return row.id


@transaction.atomic
def release_answer(*, answer_id: UUID, official_id: UUID, now: datetime) -> str:
    """Makes a draft public, after a second look at it; its number.

    Raises NotFound where there is none in reach, or the order is none any more whose answer is told; NotAllowed as
    `proposal`; Conflict where it is no draft.
    """
    row = _row(answer_id)
    if row is None:
        raise _missing()
    proposal(row.order_id, official_id=official_id, now=now, lock=True)
    if row.state != Release.DRAFTED:
        raise Conflict("no_draft", _("这份答复已经公开或者撤回。"))
    who = _who(official_id, row.organisation_id, now)
    row.state, row.released_by, row.released_at = Release.RELEASED, who.label, now
    row.digest = digest_of(row, local_day(now))
    row.save()
    _record(row, "publication.answer_released", who.actor, now)
    return row.number


@transaction.atomic
def withdraw_answer(*, answer_id: UUID, official_id: UUID, reason: str, now: datetime) -> None:
    """Takes a draft or what was released back, with the reason that the public is told; the texts go.

    Raises NotFound where there is none in reach, Refused without a reason, Conflict where it is withdrawn already.
    """
    row = _row(answer_id)
    mine = officials.scope(official_id=official_id, permission=Permission.RELEASE_ANSWERS, on=local_day(now))
    if row is None or row.organisation_id not in mine:
        raise _missing()
    if not 1 <= len(reason.strip()) <= _REASON_MOST:
        raise Refused("reason", _("请写明撤回的理由，不超过%(most)d个字。") % {"most": _REASON_MOST})
    if row.state == Release.WITHDRAWN:
        raise Conflict("withdrawn_already", _("这份答复已经撤回。"))
    who = _who(official_id, row.organisation_id, now)
    _withdraw(row, who.label, who.actor, reason.strip(), now)


@transaction.atomic
def withdraw_unanswered(*, now: datetime) -> int:
    """Takes back what stands for an order whose answer the public is told no more: its rater took the rating back, it does
    not count, the rated objected where the rules hold it back meanwhile, or it is handled anew. How many.
    """
    standing = ReleasedAnswer.objects.exclude(state=Release.WITHDRAWN)
    orders = set(standing.values_list("order_id", flat=True))
    rows = standing.filter(order_id__in=orders - still_answered(orders)).order_by("id")
    # Whom somebody is working on is looked at again in a minute.
    gone = list(rows.select_for_update(skip_locked=True))
    for row in gone:
        # Why, is said where it is shown (`publication.words.withdrawn`): none of it is somebody's own words.
        _withdraw(row, "", _SYSTEM, "", now)
    return len(gone)


def _less(proposed: Proposal, said: str, answer: str) -> tuple[str, str]:
    """The two texts, with what was taken away shown. Raises Invalid."""
    kept_said, kept_answer = taken_away(proposed.said, said), taken_away(proposed.answer, answer)
    problems = [
        Problem(
            name, "added", _("只能删去文字，不能增加或者改写。请删去要隐去的部分，删去的地方会自动标出。")
        )
        for name, kept in (("said", kept_said), ("answer", kept_answer))
        if kept is None
    ]
    if kept_answer is not None and not answer.strip():
        problems.append(Problem("answer", "empty", _("答复全部删去，就没有可以公开的内容了。")))
    if problems or kept_said is None or kept_answer is None:
        raise Invalid(problems)
    return kept_said, kept_answer


def _row(answer_id: UUID) -> ReleasedAnswer | None:
    return ReleasedAnswer.objects.select_for_update().filter(pk=answer_id).first()


def _missing() -> NotFound:
    return NotFound("answer", _("没有这份待公开的答复，或者它不属于您负责的单位。"))


def _who(official_id: UUID, unit: int, now: datetime) -> officials.OfficialView:
    who = officials.acting(
        official_id=official_id,
        permission=Permission.RELEASE_ANSWERS,
        on=local_day(now),
        organisation_id=unit,
    )
    if who is None:
        raise _missing()
    return who


def _withdraw(row: ReleasedAnswer, by: str, actor: str, reason: str, now: datetime) -> None:
    row.state, row.withdrawn_by, row.withdrawn_at, row.reason = Release.WITHDRAWN, by, now, reason
    row.said = row.answer = ""
    row.save()
    _record(row, "publication.answer_withdrawn", actor, now)


def _record(row: ReleasedAnswer, act: str, actor: str, now: datetime) -> None:
    """The row of the trail: by the number that the public knows, and nothing of what was said."""
    audit.record(
        now=now,
        actor=actor,
        act=act,
        subject=row.number,
        clause=row.clause,
        detail={"digest": row.digest, "was_public": row.released_at is not None},
    )
