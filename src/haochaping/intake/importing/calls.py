"""The calls of an import: each judged and stored by the API's own function, one transaction each, and done once.

The audit row of a call is written with it, under a name that only this call of this import has. So whoever was killed, or
lost the database, learns from the trail whether the call was stored, however little of its answer arrived.
"""

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from haochaping.audit.fragments import INSERT_ENTRY, SELECT_DETAIL
from haochaping.cases.fragments import TAKE_TURN
from haochaping.foundation.ids import new_id
from haochaping.intake.bulk import Reported
from haochaping.intake.failures import Failure, failure_of
from haochaping.intake.importing.refusals import Stopped
from haochaping.intake.judging import Judged
from haochaping.intake.occasions import judge_and_store
from haochaping.intake.services import Services
from haochaping.intake.signature import Client

if TYPE_CHECKING:
    import asyncpg
    from asyncpg.pool import PoolConnectionProxy

PAUSES: Final = (1.0, 2.0, 5.0)
Result = TypeVar("Result")


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a call: the counts by verdict as they were stored, and the verdict of each record."""

    counts: Mapping[str, int]
    judged: Sequence[Judged]


@dataclass(frozen=True, slots=True)
class Desk:
    """Who judges for an import: `client` reports, `run` is the import's own number. `patience`: for how many seconds a
    database that is away is waited for. `say` tells the operator."""

    services: Services
    client: Client
    run: str
    begun: datetime
    patience: float
    say: Callable[[str], None]

    async def stored(self, call: int, reported: Sequence[Reported], *, doubtful: bool) -> Answer:
        """The answer of this call, which is stored once and no more. `doubtful`: it may have been stored before.

        Raises Stopped when the database stays away, or cannot hold a record.
        """

        async def act(again: bool) -> Answer:
            if (doubtful or again) and (counts := await self._stored_before(call)) is not None:
                return Answer(counts, await self._judged_and_undone(reported))
            judged = await judge_and_store(self._as_call(call), reported, self.services)
            return Answer(counted(judged), judged)

        return await self._patiently(act)

    async def only_judged(self, reported: Sequence[Reported]) -> Answer:
        """The verdicts that these records would get now; nothing is kept. Raises Stopped."""

        async def act(_: bool) -> Answer:
            judged = await self._judged_and_undone(reported)
            return Answer(counted(judged), judged)

        return await self._patiently(act)

    async def record(self, act: str, detail: Mapping[str, object]) -> None:
        """One audit row about the import as a whole. Raises Stopped."""
        now = self.services.now()
        row = (new_id(now), now, "command line", act, f"import {self.run}", "done", "", json.dumps(detail))

        async def write(_: bool) -> None:
            async with self.services.pool.acquire() as connection:
                await connection.execute(INSERT_ENTRY, *row)

        await self._patiently(write)

    async def _patiently(self, act: Callable[[bool], Awaitable[Result]]) -> Result:
        """Does it, again and again while the database is away; `act` is told whether it was tried before. Raises Stopped."""
        waited, pauses = 0.0, iter(PAUSES)
        while True:
            try:
                return await act(waited > 0)
            except Exception as error:
                # Never the message: it may quote a record.
                kind = type(error).__name__
                if failure_of(error) is Failure.ROW:
                    raise Stopped(f"The database cannot hold what stands there ({kind}).") from None
                if waited >= self.patience:
                    raise Stopped(f"The database took nothing for {waited:.0f} s ({kind}).") from None
            pause = min(next(pauses, PAUSES[-1]), self.patience - waited)
            self.say(f"The database takes nothing ({kind}): trying again in {pause:.0f} s.")
            await asyncio.sleep(pause)
            waited += pause

    async def _judged_and_undone(self, reported: Sequence[Reported]) -> list[Judged]:
        pool = cast("asyncpg.Pool[asyncpg.Record]", _Undone(self.services.pool))
        return await judge_and_store(self.client, reported, replace(self.services, pool=pool))

    def _as_call(self, call: int) -> Client:
        """The client as the audit trail is to name it: no key was used, and this was one call of one import."""
        return replace(self.client, key_id=f"{self.client.id} import {self.run}/{call}")

    async def _stored_before(self, call: int) -> Mapping[str, int] | None:
        """The counts of a call that was stored; None when it was not."""
        async with self.services.pool.acquire() as connection:
            # The server may still be at the call of a command that was killed: its turn ends when that is decided.
            await connection.execute(TAKE_TURN, self.client.platform)
            actor = f"client {self._as_call(call).key_id}"
            detail = await connection.fetchval(
                SELECT_DETAIL, f"platform {self.client.platform}", self.begun, actor
            )
        return cast("Mapping[str, int]", json.loads(detail)) if detail is not None else None


def counted(judged: Sequence[Judged]) -> Mapping[str, int]:
    """How many of each verdict."""
    return Counter(str(each.verdict) for each in judged)


class _Undone:
    """The pool for judging only: whatever is done on a connection of it is rolled back."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool

    @asynccontextmanager
    async def acquire(self) -> "AsyncIterator[PoolConnectionProxy[asyncpg.Record]]":
        async with self._pool.acquire() as connection:
            transaction: Any = connection.transaction()
            await transaction.start()
            try:
                yield connection
            finally:
                await transaction.rollback()
