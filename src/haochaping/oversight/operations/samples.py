"""Samples are drawn when their period is over: all of a period at once, and once."""

import os
from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from haochaping.audit import operations as audit
from haochaping.foundation import base32
from haochaping.foundation.clock import local_day
from haochaping.foundation.ids import new_id
from haochaping.oversight.drawing import ALGORITHM, drawn, frame, size
from haochaping.oversight.models import RevisitCandidate, RevisitPeriod, RevisitSample
from haochaping.oversight.operations.duties import SYSTEM, make_revisit
from haochaping.oversight.operations.periods import seed_of
from haochaping.oversight.revisiting import terms_kept
from haochaping.policy.counting import Due
from haochaping.registry import queries as registry

_PREFIX: Final = "HF"
_NUMBER_BYTES: Final = 5


def draw_samples(*, now: datetime) -> int:
    """Draws all samples of every period that is over; how many there were. Call it after `assess_answered`."""
    over = RevisitPeriod.objects.filter(closed_at__isnull=True, last_day__lt=local_day(now))
    return sum(_draw_period(pk, now) for pk in over.order_by("last_day", "kind").values_list("pk", flat=True))


@transaction.atomic
def _draw_period(pk: UUID, now: datetime) -> int:
    """With the lock of the period: nobody enters its frame meanwhile, and a second worker finds it closed."""
    period = RevisitPeriod.objects.select_for_update().get(pk=pk)
    if period.closed_at is not None:
        return 0
    groups: dict[tuple[int, str, str], list[RevisitCandidate]] = {}
    for each in period.candidates.order_by("number"):
        groups.setdefault((each.scope_id, each.rule, each.version), []).append(each)
    seed = seed_of(period)
    for group in groups.values():
        _draw(period, seed, group, now)
    period.closed_at = now
    period.save(update_fields=["closed_at"])
    return len(groups)


def _draw(period: RevisitPeriod, seed: bytes, group: Sequence[RevisitCandidate], now: datetime) -> None:
    first, terms = group[0], terms_kept(group[0].terms)
    scope = registry.organisation(first.scope_id, local_day(now))
    code = scope.credit_code if scope else ""
    of = frame(first.rule, code, period.first_day, [each.number for each in group])
    chosen = drawn(seed, of, size(terms.share, terms.least, len(of.numbers)))
    by_number = {each.number: each for each in group}
    sample = RevisitSample.objects.create(
        id=new_id(now),
        number=_PREFIX + base32.encode(os.urandom(_NUMBER_BYTES)),
        period=period,
        scope_id=first.scope_id,
        scope=code,
        rule=first.rule,
        version=first.version,
        terms=terms.kept(),
        algorithm=ALGORITHM,
        seed=seed.hex(),
        frame=list(of.numbers),
        frame_digest=of.digest(),
        drawn=list(chosen),
        anonymous=sum(not by_number[number].named for number in chosen),
        drawn_at=now,
    )
    audit.record(
        now=now,
        actor=SYSTEM,
        act="revisit.draw",
        subject=f"sample:{sample.number}",
        clause=terms.clause[:200],
        detail={"frame": len(of.numbers), "drawn": len(chosen), "sha256": sample.frame_digest},
    )
    for number in chosen:
        each = by_number[number]
        due = Due(each.due_at, None, each.due_provisional) if each.due_at else None
        make_revisit(each, [terms], occasion=sample.number, due=due, now=now)
