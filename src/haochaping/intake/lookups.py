"""What is asked of an occasion that somebody rates, for many at once: questions gather while the last ones are answered,
so that a crowd costs the database one statement a round trip and not one a person.
"""

import asyncio
import logging
import uuid
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Final

from haochaping.foundation.clock import microseconds
from haochaping.intake.asking import asking
from haochaping.intake.whereabouts import whereabouts
from haochaping.ratings.fragments import OPEN_OCCASIONS

if TYPE_CHECKING:
    import asyncpg

_PATIENCE_SECONDS: Final = 5
_AT_ONCE: Final = 500
_MOST_WAITING: Final = 2000

log = logging.getLogger(__name__)

Question = tuple[uuid.UUID, datetime]
_Asked = tuple[Question, "asyncio.Future[asyncpg.Record | None]"]


class NotAnswered(OSError):
    """The database did not say in time, or more is asked than it can answer: try again in a moment."""


class Lookups:
    """The questions of one process, one statement at a time. Made and used inside one event loop."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]") -> None:
        self._pool = pool
        self._waiting: list[_Asked] = []
        self._task: asyncio.Task[None] | None = None

    async def occasion(self, occasion_id: uuid.UUID, at: datetime) -> "asyncpg.Record | None":
        """The row of OPEN_OCCASIONS as of that instant; None for an id that was never accepted.

        Raises NotAnswered.
        """
        if len(self._waiting) >= _MOST_WAITING:
            raise NotAnswered
        future: asyncio.Future[asyncpg.Record | None] = asyncio.get_running_loop().create_future()
        self._waiting.append(((occasion_id, at), future))
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run(), name="lookups")
        return await future

    async def _run(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting[:_AT_ONCE], self._waiting[_AT_ONCE:]
            rows = None
            try:
                rows = await self._answers([question for question, _ in batch])
            except Exception as problem:
                log.warning("asking for %d occasions failed: %s", len(batch), whereabouts(problem))
                # Who queued meanwhile is told as well: behind a frozen server nobody waits longer than the first did.
                batch, self._waiting = batch + self._waiting, []
            finally:
                _tell(batch, rows)

    async def _answers(self, questions: Sequence[Question]) -> "list[asyncpg.Record | None]":
        ids = b"".join([occasion.bytes for occasion, _ in questions])
        instants = ",".join([str(microseconds(at)) for _, at in questions])
        async with asking(self._pool, seconds=_PATIENCE_SECONDS) as connection:
            found = {row["n"]: row for row in await connection.fetch(OPEN_OCCASIONS, ids, instants)}
        return [found.get(number) for number in range(1, len(questions) + 1)]


def _tell(batch: Sequence[_Asked], rows: "Sequence[asyncpg.Record | None] | None") -> None:
    for place, (_, future) in enumerate(batch):
        if future.done():
            continue
        if rows is None:
            future.set_exception(NotAnswered())
        else:
            future.set_result(rows[place])
