"""Occasions that are rated as one: they take one claim and hand out one address, whichever of them is reported first.

Before a call is stored its units are looked up; afterwards it is settled who stands for each of them. An occasion that is
the only one of its unit goes the way of all others.
"""

import asyncio
import json
from collections.abc import Callable, Sequence
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Final, NamedTuple
from uuid import UUID

from haochaping.cases import fragments as cases
from haochaping.cases import waiting
from haochaping.cases.recount import Counted, Standing, counted
from haochaping.cases.units import Counting, Member, Standard, member, settled, standing_for
from haochaping.intake.counting import OccasionCounts, Where
from haochaping.intake.judging import Accepted, Judged, Writes, addressed
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.units import Unit
from haochaping.registry.directory import Directory

if TYPE_CHECKING:
    import asyncpg
    from asyncpg.pool import PoolConnectionProxy

    Connection = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]

_MOVE: Final = waiting.move("${}".format)
_NOTHING: Final = Counting(0, (), late=False)


async def take(connection: "Connection", platform: str, writes: Writes) -> None:
    """Finds the claims of the units that the call's new occasions belong to; a new unit is claimed by its first.

    In the transaction that stores the call, under its platform's turn.
    """
    members: dict[tuple[bool, str, str], list[UUID]] = {}
    for occasion_id, new in writes.accepted.items():
        if isinstance(new.place.unit, Unit):
            members.setdefault(_key(new, new.place.unit), []).append(occasion_id)
    if not members:
        return
    first = [each[0] for each in members.values()]
    columns = [list(column) for column in zip(*members, strict=True)]
    for row in await connection.fetch(cases.TAKE_UNITS, platform, *columns, first):
        together = members[row["grouped"], row["number"], row["part"]]
        for occasion_id in together:
            new = writes.accepted[occasion_id]
            new.unit_id = row["id"]
            if len(together) > 1 or row["id"] != occasion_id:
                new.settled, new.offered = True, False


async def settle(
    connection: "Connection",
    writes: Writes,
    judged: Sequence[Judged],
    *,
    directory: Directory,
    rulebook: Rulebook,
    now: datetime,
) -> list[Judged]:
    """Settles who stands for each unit to which the stored call has added; the answers, with the units' addresses.

    What is rated, defaulted or closed already stays as it is. In the same transaction, which holds the claims.
    """
    touched = sorted(
        {new.unit_id for new in writes.accepted.values() if new.settled and new.unit_id is not None}
    )
    if not touched:
        return list(judged)
    rows = await connection.fetch(waiting.SELECT_MEMBERS, touched)

    def work() -> list[_Unit]:
        def count(each: Standing) -> Counted | None:
            return counted(each, directory, rulebook, known_at=now, now=now)

        units = groupby(map(member, rows), lambda each: each.occasion.id)
        return [_unit(unit_id, list(members), count, now) for unit_id, members in units]

    # In a thread, as the judging is.
    units = await asyncio.to_thread(work)
    await _store(connection, [each for each in units if each.after is not None], now)
    offered = {each.id for each in units if each.offered}
    await connection.execute(waiting.OFFER, list(offered))
    for new in writes.accepted.values():
        new.offered = new.offered or new.unit_id in offered
    return [_answered(each, writes) for each in judged]


class _Unit(NamedTuple):
    """`before`: who stood for it, None for a new one; `after`: who does now, None where nothing changes. `offered`: there is
    an address to rate it, or was."""

    id: UUID
    before: Member | None
    after: Standard | None
    offered: bool


def _unit(
    unit_id: UUID, members: list[Member], count: Callable[[Standing], Counted | None], now: datetime
) -> _Unit:
    before = standing_for(members)
    if before is not None and not before.counting.late:
        claim = before.occasion.claim
        if claim is None or claim.instants.closed(now) or claim.instants.defaulted(now):
            return _Unit(unit_id, before, None, offered=True)  # over, if only its sweep is behind
    after = settled(members, count, now=now)
    waited_for = before is not None and not before.counting.late
    if after is None or (waited_for and after.counting.late):
        return _Unit(unit_id, before, None, offered=waited_for)
    if before is not None and (before.occasion.occasion_id, before.counting) == (
        after.member.occasion.occasion_id,
        after.counting,
    ):
        return _Unit(unit_id, before, None, offered=waited_for)
    return _Unit(unit_id, before, after, offered=not after.counting.late)


async def _store(connection: "Connection", units: Sequence[_Unit], now: datetime) -> None:
    counting: dict[UUID, tuple[Counting, str | None]] = {}
    counts = OccasionCounts()
    opened, moved = [], []
    for unit_id, before, after, _ in units:
        if after is None:
            continue
        facts, label = after.member.occasion, after.counted.profile.label
        if before is not None:
            counting[before.occasion.occasion_id] = _NOTHING, None
            _count(counts, before, before.counting, sign=-1)
        counting[facts.occasion_id] = after.counting, label
        _count(counts, after.member, after.counting)
        row = waiting.row(unit_id, after.counted.instants, now, facts.occasion_id)
        if after.counting.late:
            continue
        if before is None or before.counting.late:
            opened.append(row)
        elif before.occasion.occasion_id != facts.occasion_id:
            moved.append((row, label))
    if not counting:
        return
    await connection.execute(
        waiting.COUNT_OCCASIONS,
        list(counting),
        [each.weight for each, _ in counting.values()],
        [json.dumps(each.shared_with) for each, _ in counting.values()],
        [each.late for each, _ in counting.values()],
        [label for _, label in counting.values()],
    )
    if opened:
        await connection.copy_records_to_table(waiting.TABLE, columns=list(waiting.ROW), records=opened)
    if moved:
        await connection.execute(_MOVE, *waiting.moves(moved))
    await counts.append(connection)


def _count(counts: OccasionCounts, member: Member, counting: Counting, *, sign: int = 1) -> None:
    """What a member that stands for its unit adds to the counts."""
    facts = member.occasion.facts
    where = Where(
        *(facts.organisation_id, facts.service_day),
        *(facts.hall_id, member.window_id, facts.item_id, member.staff_id),
    )
    counts.add(where, counting.weight, late=counting.late, shared_with=counting.shared_with, sign=sign)


def _answered(judged: Judged, writes: Writes) -> Judged:
    new = writes.accepted.get(judged.occasion_id) if judged.occasion_id else None
    if new is None or not new.settled or new.unit_id is None:
        return judged
    return addressed(judged, new.unit_id, new.offered)


def _key(new: Accepted, unit: Unit) -> tuple[bool, str, str]:
    return unit.grouped, new.record["groupNo"] if unit.grouped else new.key[0], unit.part
