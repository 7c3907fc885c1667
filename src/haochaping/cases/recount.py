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
from haochaping.policy.counting import Due
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook
from haochaping.registry.situations import Situations

_PARTS: Final = (Facts._fields, ("status", "accepted_at", "result_at", "delivered_at"), Instants._fields)
_ENDS: Final = tuple(accumulate(map(len, _PARTS)))
_SPANS: Final = tuple(zip((0, *_ENDS), _ENDS, strict=False))

# Of an occasion `o` with its case `c` and, where it is waited for, its claim `w`: what `standing` reads.
COLUMNS: Final = ", ".join(
    (
        "o.id, o.service_at, w.known_at",
        *(f"{table}.{name}" for table, names in zip("ocw", _PARTS, strict=True) for name in names),
    )
)


class Claim(NamedTuple):
    """What is stored of an occasion that is waited for. `known_at`: when the report came in that says so."""

    instants: Instants
    known_at: datetime


class Standing(NamedTuple):
    """An occasion as it stands. `claim` is None where it is not waited for: reported late, or over."""

    id: UUID
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
    occasion_id, service_at, known_at, *parts = row
    facts, progress, instants = (parts[begin:end] for begin, end in _SPANS)
    claim = Claim(Instants(*instants), known_at) if known_at is not None else None
    return Standing(occasion_id, service_at, Facts(*facts), Progress(*progress), claim)


def counted(
    occasion: Standing, registry: Situations, rulebook: Rulebook, *, known_at: datetime
) -> Counted | None:
    """Its instants by these rules, as of a report that came in then; None where no rule applies to it any more."""
    try:
        profile, events = _governed(occasion, registry, rulebook)
        return Counted(profile, derive(profile, events, known_at=known_at))
    except LookupError:
        return None


def counted_after(
    occasion: Standing, registry: Situations, rulebook: Rulebook, *, default_at: datetime
) -> Due | None:
    """Until when a rating may follow a default that was taken; None for ever, or where no rule applies any more."""
    try:
        profile, events = _governed(occasion, registry, rulebook)
        return until_after(profile, events, Due(default_at, None, provisional=False))
    except LookupError:
        return None


def _governed(
    occasion: Standing, registry: Situations, rulebook: Rulebook
) -> tuple[Profile, dict[str, datetime]]:
    seen = occasion_of(occasion.facts, registry)
    if seen is None:
        raise LookupError("the division was never in the registry")
    profile = rulebook.rules(seen, occasion.facts.service_day)
    return profile, occasion.progress.events(occasion.service_at)
