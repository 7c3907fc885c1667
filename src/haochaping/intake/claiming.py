"""A call takes the claims that it may write to, all at once and before anything else: a rating copies either all of the old
or all of the new, and no two who write wait for each other in a circle."""

from typing import TYPE_CHECKING

from haochaping.cases import waiting
from haochaping.intake.judging import Writes

if TYPE_CHECKING:
    import asyncpg
    from asyncpg.pool import PoolConnectionProxy

    Connection = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]


async def hold_claims(connection: "Connection", platform: str, writes: Writes) -> None:
    """Until the end of the transaction that stores the call; after `units.take`, before `store`.

    Whoever rates just now has the claim: he is waited for, and then it is his.
    """
    own = {each.claim_id for each in writes.moved.values()}
    own |= {each.unit_id for each in writes.accepted.values() if each.settled and each.unit_id is not None}
    if own or writes.stirred:
        await connection.execute(waiting.HOLD, platform, list(own), list(writes.stirred))
