"""Group commit: one writer per process. A batch forms while the last one commits, without a timer; nobody is
answered before the commit."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

import asyncpg

from haochaping.intake.failures import Failure, failure_of
from haochaping.intake.metrics import DoorMetrics
from haochaping.intake.statement import STORE_RATINGS, Fate, Prepared, arguments, prepare
from haochaping.intake.submission import (
    DatabaseAway,
    Kind,
    NotStored,
    Outcome,
    QueueFull,
    RowRefused,
    Submission,
)
from haochaping.ratings.receipt import ReceiptKeys

if TYPE_CHECKING:
    Connection = asyncpg.Connection[asyncpg.Record]

__all__ = [
    "DatabaseAway",
    "Kind",
    "Limits",
    "NotStored",
    "Outcome",
    "QueueFull",
    "RowRefused",
    "Submission",
    "Writer",
]

log = logging.getLogger(__name__)

# Every access is by key. On tables that have just been filled and not been analysed, a plan that was made
# when they were empty would read them whole; and compiling a statement of two milliseconds takes a hundred. One plan does
# for batches of any length: left alone, PostgreSQL plans each anew because it knows how long its arrays are.
PLANNING: Final = {"enable_seqscan": "off", "jit": "off", "plan_cache_mode": "force_generic_plan"}
# The claim is made for READ COMMITTED, whatever the server's default is.
_SETTINGS = {
    "application_name": "haochaping writer",
    "default_transaction_isolation": "read committed",
    # Who is told "stored" is told so of what survives a crash, whatever the server's default is.
    "synchronous_commit": "on",
    **PLANNING,
}
_OUTCOMES = {
    Fate.CREATED.value: Kind.CREATED,
    Fate.SAME.value: Kind.SAME,
    Fate.GONE.value: Kind.GONE,
    Fate.CHANGED.value: Kind.CHANGED,
}
_WITH_RECEIPT = frozenset({Kind.CREATED, Kind.SAME})


@dataclass(frozen=True, slots=True)
class Limits:
    """`queue` and `batch` in ratings, all else in seconds: how long a person waits (`answer`), a statement
    may take, a lost database is sought again for one batch, what still waits is stored at the end (`drain`),
    and the pause before the next try."""

    queue: int = 2000
    batch: int = 500
    answer: float = 8.0
    statement: float = 5.0
    reconnect: float = 4.0
    drain: float = 5.0
    pause: float = 0.01
    longest_pause: float = 0.5


@dataclass(slots=True, eq=False)
class _Entry:
    """A rating that waits for its commit, until `by` on the loop's clock; whoever waits for it may have given up meanwhile
    (future done)."""

    prepared: Prepared
    future: "asyncio.Future[Outcome]"
    by: float

    def answer(self, outcome: Outcome) -> None:
        if not self.future.done():
            self.future.set_result(outcome)

    def refuse(self, reason: NotStored) -> None:
        if not self.future.done():
            self.future.set_exception(reason)


class Writer:
    """Stores ratings over one connection of its own. Made and used inside one event loop."""

    def __init__(
        self,
        dsn: str,
        *,
        keys: ReceiptKeys,
        now: Callable[[], datetime],
        limits: Limits | None = None,
        metrics: DoorMetrics | None = None,
    ) -> None:
        self._dsn = dsn
        self._keys = keys
        self._now = now
        self._limits = limits or Limits()
        self._metrics = metrics or DoorMetrics()
        self._queue: deque[_Entry] = deque()
        self._metrics.queue.set_function(self._queue.__len__)
        self._in_flight: list[_Entry] = []
        self._wake = asyncio.Event()
        self._watch: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._connection: Connection | None = None
        self._closing = False

    async def submit(self, submission: Submission) -> Outcome:
        """What became of the rating, told after the commit.

        Raises QueueFull, DatabaseAway (both: 503 with Retry-After) or RowRefused (an error of ours).
        """
        channel, level = submission.channel, submission.content.level
        try:
            outcome = await self._submit(submission)
        except NotStored as problem:
            self._metrics.not_stored(problem, channel, level)
            raise
        self._metrics.outcome(outcome.kind, channel, level)
        return outcome

    async def _submit(self, submission: Submission) -> Outcome:
        if self._closing or len(self._queue) >= self._limits.queue:
            raise QueueFull
        # Python 3.11 asks the kernel for the process each time it is asked for the loop: a fiftieth of a rating.
        loop = self._loop = self._loop or asyncio.get_running_loop()
        entry = _Entry(
            prepare(submission, self._keys), loop.create_future(), by=loop.time() + self._limits.answer
        )
        self._queue.append(entry)
        self._wake.set()
        self._ensure_task()
        if self._watch is None:
            self._watch = loop.call_at(entry.by, self._let_go)
        return await entry.future

    def _let_go(self) -> None:
        """Refuses whoever has waited long enough; one look for all, when the first one's time is up."""
        self._watch = None
        loop = asyncio.get_running_loop()
        waiting = [entry for entry in (*self._in_flight, *self._queue) if not entry.future.done()]
        now = loop.time()
        for entry in waiting:
            if entry.by <= now:
                entry.refuse(DatabaseAway())
        if later := [entry.by for entry in waiting if entry.by > now]:
            self._watch = loop.call_at(min(later), self._let_go)

    async def close(self) -> None:
        """Takes nothing more, stores what still waits, within the drain limit; what is left is refused."""
        self._closing = True
        self._wake.set()
        if self._watch is not None:
            self._watch.cancel()
        if self._task is not None:
            with suppress(TimeoutError):
                async with asyncio.timeout(self._limits.drain):
                    await asyncio.gather(self._task, return_exceptions=True)
        for entry in (*self._in_flight, *self._queue):
            entry.refuse(DatabaseAway())
        self._queue.clear()
        if self._connection is not None:
            with suppress(Exception):
                await self._connection.close(timeout=1)
        self._drop_connection()

    def _ensure_task(self) -> None:
        if self._task is None or self._task.done():
            self._task = asyncio.get_running_loop().create_task(self._run(), name="rating writer")
            self._task.add_done_callback(self._ended)

    def _ended(self, task: "asyncio.Task[None]") -> None:
        """A writer that died is started again: those whose rating it held learn that nothing is certain."""
        if not task.cancelled() and (problem := task.exception()) is not None:
            log.error("the rating writer died (%s) and is started again", type(problem).__name__)
        for entry in self._in_flight:
            entry.refuse(DatabaseAway())
        self._in_flight = []
        self._drop_connection()
        if self._queue and not self._closing:
            self._ensure_task()

    async def _run(self) -> None:
        while True:
            await self._wake.wait()
            self._in_flight = self._form_batch()
            if self._in_flight:
                await self._store(self._in_flight)
                self._in_flight = []
            elif self._closing:
                return
            else:
                self._wake.clear()

    def _form_batch(self) -> list[_Entry]:
        batch: list[_Entry] = []
        while self._queue and len(batch) < self._limits.batch:
            entry = self._queue.popleft()
            if not entry.future.done():
                batch.append(entry)
        return batch

    async def _store(self, batch: Sequence[_Entry]) -> None:
        """Stores a batch or refuses it; a row that the database cannot take is found by halving."""
        match await self._try(batch):
            case None:
                return
            case Failure.ROW if len(batch) > 1:
                middle = len(batch) // 2
                await self._store(batch[:middle])
                await self._store(batch[middle:])
            case Failure.ROW:
                batch[0].refuse(RowRefused())
            case _:
                for entry in batch:
                    entry.refuse(DatabaseAway())

    async def _try(self, batch: Sequence[_Entry]) -> Failure | None:
        """None when the batch is stored and answered. After contention once more; without a database again
        and again until the limit: a batch whose answer was lost is recognised by its submissions."""
        loop = asyncio.get_running_loop()
        give_up, pause, contended = loop.time() + self._limits.reconnect, self._limits.pause, False
        while True:
            try:
                await self._execute(batch)
            except Exception as problem:
                failure = failure_of(problem)
                log.warning(
                    "storing %d ratings failed: %s (%s)", len(batch), type(problem).__name__, failure.value
                )
                if failure is Failure.ROW or (failure is Failure.CONTENTION and contended):
                    return failure
                contended = contended or failure is Failure.CONTENTION
                if failure is Failure.AWAY:
                    self._drop_connection()
                if loop.time() >= give_up:
                    return Failure.AWAY
                await asyncio.sleep(pause)
                pause = min(2 * pause, self._limits.longest_pause)
            else:
                return None

    async def _execute(self, batch: Sequence[_Entry]) -> None:
        connection = await self._connected()
        begin = time.perf_counter()
        rows = await connection.fetch(
            STORE_RATINGS,
            *arguments([entry.prepared for entry in batch], self._now()),
            timeout=self._limits.statement,
        )
        self._metrics.stored(len(batch), time.perf_counter() - begin)
        contended = []
        for entry, row in zip(batch, rows, strict=True):
            if (kind := _OUTCOMES.get(row["fate"])) is None:
                contended.append(entry)
            else:
                entry.answer(Outcome(kind, entry.prepared.receipt if kind in _WITH_RECEIPT else None))
        if contended:
            # Whoever holds the claim is about to commit: a fresh statement will see what came of it.
            self._queue.extendleft(reversed(contended))
            if len(contended) == len(batch):
                await asyncio.sleep(self._limits.pause)

    async def _connected(self) -> "Connection":
        if self._connection is None or self._connection.is_closed():
            try:
                self._connection = await asyncpg.connect(
                    self._dsn, timeout=self._limits.statement, server_settings=_SETTINGS
                )
            except Exception as problem:
                # Whatever it is, no row is to blame for it.
                raise DatabaseAway from problem
        return self._connection

    def _drop_connection(self) -> None:
        if self._connection is not None:
            self._connection.terminate()
            self._connection = None
