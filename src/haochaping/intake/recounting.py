"""A later result, delivery or corrected window moves the limits of what is known already: in the call that reports it."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from haochaping.cases import waiting
from haochaping.cases.recount import Counted, Standing, counted, standing
from haochaping.intake.judging import Writes
from haochaping.policy.rulebook import Rulebook
from haochaping.registry.directory import Directory
from haochaping.tallies.fragments import Fact, append
from haochaping.tallies.rules import Correction

if TYPE_CHECKING:
    import asyncpg
    from asyncpg.pool import PoolConnectionProxy

    Connection = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]

_MOVE: Final = waiting.move("${}".format)
_LATE, _IN_TIME = Correction.LATE_AFTER_ALL, Correction.IN_TIME_AFTER_ALL
_TOO_LATE: Final = append(Fact("told", "occasions", -1, why=_LATE), Fact("told", "late", why=_LATE))
_ANEW: Final = append(Fact("told", "occasions", why=_IN_TIME), Fact("told", "late", -1, why=_IN_TIME))
_CLOSE: Final = f"WITH {waiting.CLOSE_AS_LATE} {_TOO_LATE}"
_REOPEN: Final = f"WITH {waiting.REOPEN} {_ANEW}"

# By claim: the occasion, what the rules make of it now, and as of which report.
_Found = dict[UUID, tuple[Standing, Counted, datetime]]


@dataclass(slots=True)
class _Changes:
    """What moves, what was reported too late after all, what begins anew."""

    moved: _Found = field(default_factory=dict)
    late: _Found = field(default_factory=dict)
    anew: _Found = field(default_factory=dict)


async def recount(
    connection: "Connection",
    platform: str,
    writes: Writes,
    *,
    directory: Directory,
    rulebook: Rulebook,
    now: datetime,
) -> None:
    """Counts anew what a stored call may have moved, in the caller's transaction, which holds the platform's turn and the
    claims.

    Where the end has passed before this report came in, it came too late (迟报): nobody is defaulted for it. Where a late
    occasion begins anew, it can be rated after all. What was rated keeps its rating.
    """
    corrected = [occasion_id for occasion_id, moved in writes.moved.items() if moved.served_by]
    if not writes.stirred and not corrected:
        return
    rows = await connection.fetch(waiting.SELECT_STIRRED, platform, list(writes.stirred), corrected)

    def work() -> _Changes:
        return _changes(
            [standing(row) for row in rows],
            lambda each, known_at: counted(each, directory, rulebook, known_at=known_at, now=now),
            now,
        )

    # In a thread, as the judging is: ten thousand results at once must not hold up the citizens' pages.
    await _store(connection, await asyncio.to_thread(work))


def _changes(
    occasions: Sequence[Standing], count: Callable[[Standing, datetime], Counted | None], now: datetime
) -> _Changes:
    changes = _Changes()
    for each in occasions:
        if each.claim is None:
            found = count(each, now)
            if found is not None and not found.instants.closed(now):
                changes.anew[each.id] = each, found, now
            continue
        instants, known_at = each.claim
        if instants.defaulted(now):
            continue  # silence has counted; only its sweep is behind
        found = count(each, known_at)
        if found is None or found.instants == instants:
            continue
        if found.instants.default() != instants.default():
            # What is new about the default is known only now: it cannot have come before.
            found, known_at = count(each, now) or found, now
        # A window that had closed in its time stays as it was; one that turns out to be over was reported too late.
        too_late = found.instants.closed(now) and not instants.closed(now)
        (changes.late if too_late else changes.moved)[each.id] = each, found, known_at
    return changes


async def _store(connection: "Connection", changes: _Changes) -> None:
    """Only what nobody has rated meanwhile: the others' claims are gone."""
    ids = [*changes.moved, *changes.late]
    held = {row["id"] for row in await connection.fetch(waiting.LOCK, ids)} if ids else set()
    moved = [each for each in _rows(changes.moved) if each[0][0] in held]
    if moved:
        await connection.execute(_MOVE, *waiting.moves(moved))
    if changes.late:
        await connection.execute(_CLOSE, *_named(changes.late))
    if changes.anew:
        await connection.execute(_REOPEN, *_named(changes.anew))
        await connection.copy_records_to_table(
            waiting.TABLE, columns=list(waiting.ROW), records=[row for row, _ in _rows(changes.anew)]
        )


def _rows(found: _Found) -> list[tuple[tuple[object, ...], str]]:
    return [
        (waiting.row(each.id, new.instants, known_at, each.occasion_id), new.profile.label)
        for each, new, known_at in found.values()
    ]


def _named(found: _Found) -> tuple[list[UUID], list[UUID], list[str]]:
    subjects = [each.occasion_id for each, _, _ in found.values()]
    return list(found), subjects, [new.profile.label for _, new, _ in found.values()]
