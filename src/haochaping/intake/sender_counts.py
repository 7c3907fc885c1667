"""What a call adds to its sender's figures: verdicts by day, and where the item library says otherwise."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from haochaping.cases import fragments as cases
from haochaping.cases.facts import Facts
from haochaping.cases.verdicts import Verdict
from haochaping.foundation.clock import local_day
from haochaping.intake.judging import Judged, Writes
from haochaping.registry.directory import Directory

if TYPE_CHECKING:
    import asyncpg
    from asyncpg.pool import PoolConnectionProxy

    Connection = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]

# In the order of the statement's parameters.
_VERDICTS = (
    Verdict.REJECTED,
    Verdict.REPEATED,
    Verdict.UPDATED,
    Verdict.CONFLICTING,
    Verdict.QUARANTINED,
    Verdict.ACCEPTED,
)


class _Difference(NamedTuple):
    kind: str
    item_id: int
    organisation_id: int
    division_id: int


async def count(
    connection: "Connection",
    platform: str,
    judged: Sequence[Judged],
    writes: Writes,
    directory: Directory,
    now: datetime,
    *,
    called: bool = True,
) -> None:
    """Adds a call to the sender's day, or a release (not `called`); in the caller's transaction, under the platform's turn.

    What a release comes too late for was late at the desk: that is not the sender's 迟报.
    """
    found = Counter(each.verdict for each in judged)
    late = sum(new.late for new in writes.accepted.values()) if called else 0
    numbers = [found[verdict] for verdict in _VERDICTS]
    await connection.execute(cases.COUNT_SENDER_DAY, platform, local_day(now), int(called), *numbers, late)
    differences: Counter[_Difference] = Counter()
    for facts, number in Counter([new.place.facts for new in writes.accepted.values()]).items():
        for difference in _differences(facts, directory):
            differences[difference] += number
    if differences:
        columns = zip(*differences, strict=True)
        await connection.execute(
            cases.COUNT_DIFFERENCES,
            platform,
            local_day(now),
            *(list(column) for column in columns),
            list(differences.values()),
        )


def _differences(facts: Facts, directory: Directory) -> list[_Difference]:
    """The library gives the item to another organisation; the organisation sits in another division. Both as of the day
    of the service."""
    item = directory.item_by_id(facts.item_id, facts.service_day) if facts.item_id is not None else None
    organisation = directory.organisation_by_id(facts.organisation_id, facts.service_day)
    found = []
    if item is not None and item.organisation_id != facts.organisation_id:
        found.append(_Difference("department", item.id, facts.organisation_id, facts.division_id))
    if item is not None and organisation is not None and organisation.division_id != facts.division_id:
        found.append(_Difference("division", item.id, facts.organisation_id, facts.division_id))
    return found
