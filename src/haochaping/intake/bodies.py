"""Reads request bodies within limits of size and time, so that nobody fills the memory or holds a place."""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import Final

from haochaping.intake.http import Receive

PATIENCE_SECONDS: Final = 30.0
# Who sends a large body gets longer, in proportion to what has arrived: half a megabit a second is enough.
SLOWEST_BYTES_A_SECOND: Final = 64 * 1024
_DISCARDED_BYTES: Final = 64 * 1024 * 1024
_DISCARD_SECONDS: Final = 10.0
# Every request has as much room as a citizen's form needs, however full it is.
ALWAYS_ROOM: Final = 64 * 1024


class BodyTooLarge(Exception):
    """Longer than the route takes."""


class BodyTooSlow(Exception):
    """Did not arrive in time."""


class NoRoom(Exception):
    """Too many large bodies are held already; in a moment there is room again."""


class ClientGone(Exception):
    """The client hung up; nobody waits for an answer."""


class Room:
    """How much all bodies under way may take together, `most` bytes, not counting the first 64 KB of each."""

    def __init__(self, most: int) -> None:
        self.free = most

    @contextmanager
    def share(self) -> Iterator["Share"]:
        """One request's share, given back when the request is over: its body is held until then."""
        share = Share(self)
        try:
            yield share
        finally:
            self.free += share.taken


class Share:
    """What one request holds of a Room."""

    def __init__(self, room: Room) -> None:
        self._room = room
        self.taken = 0

    def grow_to(self, size: int) -> None:
        """Room for a body that has grown to `size` bytes. Raises NoRoom."""
        more = max(0, size - ALWAYS_ROOM) - self.taken
        if more > self._room.free:
            raise NoRoom
        self._room.free -= more
        self.taken += more


def declared_length(headers: Mapping[str, str]) -> int | None:
    """Content-Length, when there is a sensible one."""
    text = headers.get("content-length", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None


async def read_body(
    receive: Receive,
    headers: Mapping[str, str],
    *,
    limit: int,
    share: Share | None = None,
    patience: float = PATIENCE_SECONDS,
    into: Callable[[bytes], object] | None = None,
) -> bytes:
    """The whole body; nothing when it goes `into` something else as it comes. Raises BodyTooLarge as soon as it is known,
    BodyTooSlow, NoRoom, ClientGone."""
    if (declared_length(headers) or 0) > limit:
        raise BodyTooLarge
    loop = asyncio.get_running_loop()
    started = loop.time()
    chunks: list[bytes] = []
    put = into or chunks.append
    size = 0
    while True:
        try:
            async with asyncio.timeout_at(started + patience + size / SLOWEST_BYTES_A_SECOND):
                message = await receive()
        except TimeoutError:
            raise BodyTooSlow from None
        if message["type"] == "http.disconnect":
            raise ClientGone
        chunk = message.get("body", b"")
        size += len(chunk)
        if size > limit:
            raise BodyTooLarge
        if share is not None:
            share.grow_to(size)
        put(chunk)
        if not message.get("more_body", False):
            return b"".join(chunks)


async def discard_body(receive: Receive) -> None:
    """Reads on for a while after the answer is out: a connection closed on a client that still sends is
    reset, and the client never sees why it was refused."""
    size = 0
    try:
        async with asyncio.timeout(_DISCARD_SECONDS):
            while size < _DISCARDED_BYTES:
                message = await receive()
                size += len(message.get("body", b""))
                if message["type"] == "http.disconnect" or not message.get("more_body", False):
                    return
    except TimeoutError:
        return
