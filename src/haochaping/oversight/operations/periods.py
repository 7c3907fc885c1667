"""The periods of which samples are drawn, and their seeds: fixed and made known by digest before anybody knows the frame."""

import os
from datetime import datetime
from typing import Final

from django.db import transaction

from haochaping.audit import operations as audit
from haochaping.foundation.clock import local_day
from haochaping.foundation.ids import new_id
from haochaping.foundation.keys import key_for
from haochaping.foundation.sealing import seal, unseal
from haochaping.oversight.drawing import MONTHS, Period, commitment, period_of
from haochaping.oversight.models import RevisitPeriod

_SYSTEM: Final = "system"
_SEED_BYTES: Final = 32


@transaction.atomic
def fix_seeds(*, now: datetime) -> int:
    """Fixes a seed for the month, quarter and year of today and for the next ones; how many were new."""
    before = RevisitPeriod.objects.count()
    for kind in MONTHS:
        current = period_of(kind, local_day(now))
        ensure_period(current, now)
        ensure_period(current.following(), now)
    return RevisitPeriod.objects.count() - before


def ensure_period(period: Period, now: datetime) -> RevisitPeriod:
    """The period's row, locked; with a new seed and the audit row that makes its digest known where there was none.

    The seed stays sealed until the draw: who knew it earlier could tell which orders will be drawn, by their numbers.
    """
    row_id, seed = new_id(now), os.urandom(_SEED_BYTES)
    committed = commitment(seed)
    found, new = RevisitPeriod.objects.select_for_update().get_or_create(
        kind=period.kind,
        first_day=period.first,
        defaults={
            "id": row_id,
            "last_day": period.last,
            "seed": seal(key_for("revisit seed"), seed, _place(row_id.bytes)),
            "commitment": committed,
            "seed_at": now,
        },
    )
    if new:
        audit.record(
            now=now,
            actor=_SYSTEM,
            act="revisit.seed",
            subject=f"revisits:{period.kind}:{period.first.isoformat()}",
            detail={"sha256": committed},
        )
    return found


def seed_of(period: RevisitPeriod) -> bytes:
    """The seed, opened for the draw. Raises SealBroken when it was altered."""
    return unseal(key_for("revisit seed"), bytes(period.seed), _place(period.id.bytes))


def _place(row: bytes) -> bytes:
    return b"oversight_revisitperiod.seed:" + row
