"""Instants that are counted anew: from a later result, a corrected window, a new calendar or rule.

Pure. By the facts that are kept of the occasion, through the very functions that counted them first.
"""

from collections.abc import Iterable
from datetime import datetime
from itertools import accumulate
from typing import Any, Final, NamedTuple
from uuid import UUID

from haochaping.cases.facts import Facts, occasion_of
from haochaping.cases.instants import Instants, Progress, derive, until_after
from haochaping.foundation.clock import local_day
from haochaping.policy.counting import Due
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook
from haochaping.registry.situations import Situations

_PARTS: Final = (Facts._fields, ("status", "accepted_at", "result_at", "delivered_at"), Instants._fields)
_ENDS: Final = tuple(accumulate(map(len, _PARTS)))
_SPANS: Final = tuple(zip((0, *_ENDS), _ENDS, strict=False))

# Of an occasion `o` with its case `c` and, where it is waited for, its claim `w` or that of its unit: what `standing` reads.
COLUMNS: Final = ", ".join(
    (
        "coalesce(o.unit_id, o.id) AS claim_id, o.id, o.service_at, w.known_at",
        *(f"{table}.{name}" for table, names in zip("ocw", _PARTS, strict=True) for name in names),
    )
)


class Claim(NamedTuple):
    """What is stored of an occasion that is waited for. `known_at`: when the report came in that says so."""

    instants: Instants
    known_at: datetime


class Standing(NamedTuple):
    """An occasion as it stands. `id` is that of its claim: its own, or its unit's, for which it stands then. `claim` is None
    where it is not waited for: reported late, or over."""

    id: UUID
    occasion_id: UUID
    service_at: datetime
    facts: Facts
    progress: Progress
    claim: Claim | None


class Counted(NamedTuple):
    """What the rules of now make of it."""

    profile: Profile
    instants: Instants


def standing(row: Iterable[Any]) -> Standing:
    """A row of COLUMNS, of asyncpg or of a cursor."""
    claim_id, occasion_id, service_at, known_at, *parts = row
    facts, progress, instants = (parts[begin:end] for begin, end in _SPANS)
    claim = Claim(Instants(*instants), known_at) if known_at is not None else None
    return Standing(claim_id, occasion_id, service_at, Facts(*facts), Progress(*progress), claim)


def counted(
    occasion: Standing, registry: Situations, rulebook: Rulebook, *, known_at: datetime, now: datetime
) -> Counted | None:
    """Its instants by the rules of `now`, as of a report that came in at `known_at`; None where no rule applies to it any
    more."""
    try:
        profile, events = _governed(occasion, registry, rulebook, now)
        return Counted(profile, derive(profile, events, known_at=known_at))
    except LookupError:
        return None


def counted_after(
    occasion: Standing, registry: Situations, rulebook: Rulebook, *, default_at: datetime, now: datetime
) -> Due | None:
    """Until when a rating may follow a default that was taken; None for ever, or where no rule applies any more."""
    try:
        profile, events = _governed(occasion, registry, rulebook, now)
        return until_after(profile, events, Due(default_at, None, provisional=False))
    except LookupError:
        return None


def _governed(
    occasion: Standing, registry: Situations, rulebook: Rulebook, now: datetime
) -> tuple[Profile, dict[str, datetime]]:
    seen = occasion_of(occasion.facts, registry)
    if seen is None:
        raise LookupError("the division was never in the registry")
    # The case's own day: what is kept with the occasion follows it only at the end of a call.
    seen = seen._replace(accepted_day=occasion.progress.accepted_day)
    return seen.rules(rulebook, step=local_day(now)), occasion.progress.events(occasion.service_at)
