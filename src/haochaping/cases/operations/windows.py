"""Writes to the claims of occasions that are not the fast door's: instants that are counted anew."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from haochaping.cases import waiting
from haochaping.cases.instants import Instants
from haochaping.cases.recount import COLUMNS, Claim, Counted, Standing, counted, standing
from haochaping.policy.rulebook import Rulebook
from haochaping.registry import queries as registry
from haochaping.registry.directory import Directory

Instant = tuple[datetime | None, bool]
Move = tuple[date, str, str, Instant, Instant]

KINDS: Final = ("window", "default", "after_default")
_NEVER: Final = datetime.max.replace(tzinfo=UTC)
_AT_ONCE: Final = 5_000

_NEXT: Final = f"""
SELECT {COLUMNS}
FROM cases_waiting AS w JOIN cases_serviceoccasion AS o ON o.id = coalesce(w.subject_id, w.id)
JOIN cases_case AS c ON c.id = o.case_id
WHERE w.id > %s ORDER BY w.id LIMIT %s
"""  # noqa: S608  (names of columns)

# In the order of the ids, as door and sweep take them: neither waits for the other in a circle.
_HOLD: Final = f"""
SELECT {", ".join(waiting.ROW)} FROM cases_waiting WHERE id = ANY(%s) ORDER BY id FOR UPDATE
"""  # noqa: S608  (names of columns)
_MOVE: Final = waiting.move(lambda _: "%s")


@dataclass(frozen=True, slots=True)
class InstantMoved:
    """`number` open occasions of one division and service day of which one instant is another now, or settled.

    `kind`: "window" closes, "default" (silence counts), "after_default" (a rating may follow it until then). None: no such
    instant - not laid down, or its event has not happened.
    """

    kind: str
    division: str
    service_day: date
    number: int
    old: datetime | None
    old_provisional: bool
    new: datetime | None
    new_provisional: bool


@transaction.atomic
def recount_waiting(*, rulebook: Rulebook, now: datetime) -> tuple[InstantMoved, ...]:
    """Counts the instants of every open occasion anew and stores what differs; old and new of what moved.

    By the facts that are kept of each, through what the door counted them by, as of the day of `now` where the rules want
    to be asked as of the day of looking. What the door or a citizen takes meanwhile
    is left to them. Again, it moves nothing.
    """
    directory, moved, last = registry.directory(), Counter[Move](), UUID(int=0)
    while occasions := list(_next(last)):
        last = occasions[-1].id
        for each, claim, new in _stored(list(_found(occasions, directory, rulebook, now))):
            moved.update(_moves(each, claim.instants, new.instants, directory))
    return listed(moved)


def listed(moved: Counter[Move]) -> tuple[InstantMoved, ...]:
    """By service day, division, kind and time."""

    def order(item: tuple[Move, int]) -> tuple[object, ...]:
        (day, code, kind, (old, _), (new, _)), _ = item
        return day, code, KINDS.index(kind), old or _NEVER, new or _NEVER

    return tuple(
        InstantMoved(kind, code, day, number, *old, *new)
        for (day, code, kind, old, new), number in sorted(moved.items(), key=order)
    )


def _next(after: UUID) -> Iterator[Standing]:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [after, _AT_ONCE])
        yield from map(standing, cursor.fetchall())


def _found(
    occasions: Iterable[Standing], directory: Directory, rulebook: Rulebook, now: datetime
) -> Iterator[tuple[Standing, Claim, Counted]]:
    """Those that the rules of now count differently, as of the report by which they were counted before."""
    for each in occasions:
        if each.claim is not None:
            new = counted(each, directory, rulebook, known_at=each.claim.known_at, now=now)
            if new is not None and new.instants != each.claim.instants:
                yield each, each.claim, new


def _stored(found: list[tuple[Standing, Claim, Counted]]) -> list[tuple[Standing, Claim, Counted]]:
    """Stores those whose row is still as it was read."""
    if not found:
        return []
    with connection.cursor() as cursor:
        cursor.execute(_HOLD, [[each.id for each, _, _ in found]])
        held = {row[0]: row for row in cursor.fetchall()}
        kept = [
            (each, claim, new)
            for each, claim, new in found
            if held.get(each.id) == waiting.row(each.id, claim.instants, claim.known_at, each.occasion_id)
        ]
        if kept:
            rows = (
                (waiting.row(each.id, new.instants, claim.known_at, each.occasion_id), new.profile.label)
                for each, claim, new in kept
            )
            cursor.execute(_MOVE, waiting.moves(rows))
    return kept


def _moves(each: Standing, old: Instants, new: Instants, directory: Directory) -> Iterator[Move]:
    """What differs, by kind."""
    day = each.facts.service_day
    division = directory.division_by_id(each.facts.division_id, day)
    sides = (
        (old.window(), new.window(), False),
        (old.default(), new.default(), old.silence_level != new.silence_level),
        (old.after(), new.after(), _follows(old) != _follows(new)),
    )
    for kind, (before, after, otherwise) in zip(KINDS, sides, strict=True):
        if otherwise or before != after:
            yield day, division.code if division else "", kind, before, after


def _follows(instants: Instants) -> tuple[bool, bool]:
    return instants.after_default, instants.default_stays
