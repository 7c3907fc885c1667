"""One address before several doors, as nginx is in production (`proxy_next_upstream error http_503 non_idempotent`).

Whom one door does not answer is sent on to the next: that is safe for ratings, which carry their submission.
"""

import asyncio
from collections.abc import Sequence

from drills.rating.saying import Broken
from haochaping.cli.stage import HOST

AWAY = b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
ANSWERED_WITHIN = 60.0


class Front:
    """`sent_on`: how many requests one door did not answer, or not now."""

    def __init__(self, doors: Sequence[int]) -> None:
        self._doors = list(doors)
        self.sent_on = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One client's connection with one request."""
        try:
            writer.write(await self._answer(await _message(reader)))
            await writer.drain()
        except Broken:
            return
        finally:
            writer.close()

    async def _answer(self, request: bytes) -> bytes:
        answer = AWAY
        # Each door takes its turn to be the first.
        self._doors.append(self._doors.pop(0))
        for door in tuple(self._doors):
            try:
                async with asyncio.timeout(ANSWERED_WITHIN):
                    answer = await _asked(door, request)
            except Broken:
                self.sent_on += 1
                continue
            if not answer.startswith(b"HTTP/1.1 503"):
                return answer
            self.sent_on += 1
        return answer


async def _asked(door: int, request: bytes) -> bytes:
    reader, writer = await asyncio.open_connection(HOST, door)
    try:
        writer.write(request)
        return await _message(reader)
    finally:
        writer.close()


async def _message(reader: asyncio.StreamReader) -> bytes:
    """A request or an answer with its body. Raises what Broken names."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().split(b"content-length:")[1].split(b"\r\n")[0])
    return head + await reader.readexactly(length)
