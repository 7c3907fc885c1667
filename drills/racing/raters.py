"""Ratings handed to writers, as two doors have them."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import datetime
from itertools import islice
from typing import TypeVar
from uuid import UUID

from haochaping.foundation import clock
from haochaping.intake.submission import Kind, Submission
from haochaping.intake.writer import Limits, Writer
from haochaping.ratings.receipt import receipt_keys
from haochaping.ratings.rules import RatingContent

QR_CHANNEL = 3
LEVEL = 5
AT_ONCE = 32
# A busy machine is no reason to send anybody away: who wins is the question here.
PATIENT = Limits(answer=120.0, statement=60.0, reconnect=60.0)

_Item = TypeVar("_Item")


@asynccontextmanager
async def writers(dsn: str) -> AsyncIterator[tuple[Writer, Writer]]:
    """Two, each with a connection of its own."""
    async with AsyncExitStack() as stack:
        pair = [Writer(dsn, keys=receipt_keys(), now=clock.now, limits=PATIENT) for _ in range(2)]
        for each in pair:
            stack.push_async_callback(each.close)
        yield pair[0], pair[1]


async def rated(writer: Writer, occasion_id: UUID, received_at: datetime) -> Kind:
    """What became of a new submission of level 5."""
    content = RatingContent(
        level=LEVEL, bad=False, tags=(), text="", named=False, submission=secrets.token_bytes(16)
    )
    outcome = await writer.submit(
        Submission(occasion_id, content, "trial", channel=QR_CHANNEL, received_at=received_at)
    )
    return outcome.kind


async def each_of(items: Iterable[_Item], act: Callable[[_Item], Awaitable[None]]) -> None:
    """So many at once as there is a crowd at a counter, in this order."""
    waiting = iter(items)

    async def one() -> None:
        for item in waiting:
            await act(item)

    await asyncio.gather(*(one() for _ in range(AT_ONCE)))


def parts(items: Sequence[_Item], size: int) -> Iterable[list[_Item]]:
    """The items in turn, so many at a time."""
    rest = iter(items)
    while part := list(islice(rest, size)):
        yield part
