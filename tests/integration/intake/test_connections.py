"""Clients that never come to the point, on real sockets."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from haochaping.foundation.clock import now
from haochaping.intake import connections
from haochaping.intake.door import Door
from tests.integration.intake.test_door import ROUTES, no_services, serving

Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]
PIECE = b"x" * 16_384


@pytest.fixture
async def line() -> AsyncIterator[Streams]:
    async with serving(Door(ROUTES, no_services, now=now)) as url:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
        yield reader, writer
        writer.close()


async def poured(line: Streams, beginning: bytes, piece: bytes) -> tuple[int, bytes]:
    """Sends `piece` again and again until the connection ends, at most 32 MB; how much, and what came back."""
    reader, writer = line
    writer.write(beginning)
    sent = 0
    answer = b""
    try:
        while sent < 32_000_000:
            writer.write(piece)
            await writer.drain()
            sent += len(piece)
        answer = await reader.read()
    except ConnectionError:
        pass
    return sent, answer


@pytest.mark.parametrize(
    ("beginning", "piece"),
    [
        (b"GET /privacy HTTP/1.1\r\n", b"X-Filler: " + PIECE + b"\r\n"),
        (b"GET /privacy HTTP/1.1\r\nX-Filler: ", PIECE),
        (b"GET /", PIECE),
        (
            b"POST /broken HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n",
            b"X-Filler: " + PIECE + b"\r\n",
        ),
    ],
    ids=["headers", "one header", "address", "trailers"],
)
async def test_what_never_ends_is_not_kept(line: Streams, beginning: bytes, piece: bytes) -> None:
    sent, _ = await poured(line, beginning, piece)
    # What the kernel's buffers took does not count against the door.
    assert sent < 16_000_000


async def test_who_sends_too_long_a_head_is_told(line: Streams) -> None:
    reader, writer = line
    writer.write(b"GET /privacy HTTP/1.1\r\nX-Filler: " + b"x" * connections.HEAD_BYTES)
    await writer.drain()
    await asyncio.sleep(0.05)
    writer.write(PIECE)
    assert (await reader.readline()).startswith(b"HTTP/1.1 431 ")


@pytest.mark.parametrize(
    "begun", [b"", b"GET /privacy HTTP/1.1\r\nHost: x\r\n"], ids=["silent", "half a head"]
)
async def test_who_does_not_come_to_the_point_is_let_go(
    begun: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.2)
    async with serving(Door(ROUTES, no_services, now=now)) as url:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
        writer.write(begun)
        async with asyncio.timeout(3):
            assert await reader.read() == b""
        writer.close()


async def test_a_whole_head_may_be_followed_by_a_slow_body_and_by_another_request(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(connections, "HEAD_SECONDS", 0.3)
    async with serving(Door(ROUTES, no_services, now=now)) as url:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
        for _ in range(2):
            writer.write(b"POST /r/aBc HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab")
            await asyncio.sleep(0.5)
            writer.write(b"cd")
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200 ")
            length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
            assert b'"body": 4' in await reader.readexactly(length)
        writer.close()
