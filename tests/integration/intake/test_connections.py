"""Clients that never come to the point, on real sockets."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from haochaping.foundation.clock import now
from haochaping.intake import connections
from haochaping.intake.door import Door
from tests.integration.intake.test_door import GUARDED, ROUTES, no_services, serving

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


WHOLE = b"POST /r/aBc HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nabcd"


async def answer_of(reader: asyncio.StreamReader) -> tuple[bytes, bytes]:
    """Head (without its date) and body."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = int(head.lower().partition(b"content-length: ")[2].split(b"\r\n")[0])
    lines = (each for each in head.split(b"\r\n") if not each.startswith(b"date:"))
    return b"\r\n".join(lines), await reader.readexactly(length)


@pytest.mark.parametrize("cut", [1, 30, len(WHOLE) - 2])
async def test_what_comes_in_pieces_is_answered_as_what_comes_whole(line: Streams, cut: int) -> None:
    reader, writer = line
    writer.write(WHOLE)
    whole = await answer_of(reader)
    writer.write(WHOLE[:cut])
    await asyncio.sleep(0.05)
    writer.write(WHOLE[cut:])
    in_pieces = await answer_of(reader)
    assert whole[1] == in_pieces[1]
    assert sorted(whole[0].split(b"\r\n")) == sorted(in_pieces[0].split(b"\r\n"))


async def test_requests_that_come_together_are_answered_in_their_order(line: Streams) -> None:
    reader, writer = line
    long_way = b"GET /r/%61 HTTP/1.1\r\nHost: x\r\n\r\n"
    writer.write(WHOLE + WHOLE.replace(b"aBc", b"two") + long_way + WHOLE.replace(b"aBc", b"four"))
    bodies = [(await answer_of(reader))[1] for _ in range(4)]
    assert [body.split(b'"')[3] for body in bodies] == [b"aBc", b"two", b"a", b"four"]


async def test_a_last_request_ends_the_connection(line: Streams) -> None:
    reader, writer = line
    writer.write(WHOLE.replace(b"Host: x", b"Connection: close"))
    head, _ = await answer_of(reader)
    assert b"connection: close" in head
    assert await reader.read() == b""


async def test_who_hangs_up_at_once_disturbs_nobody(line: Streams) -> None:
    _, gone = line
    gone.write(WHOLE)
    gone.transport.abort()
    reader, writer = await asyncio.open_connection(*gone.get_extra_info("peername"))
    writer.write(WHOLE)
    assert b'"body": 4' in (await answer_of(reader))[1]
    writer.close()


async def test_whom_the_route_does_not_admit_is_turned_away_whole_or_not() -> None:
    async with serving(Door((GUARDED,), no_services, now=now)) as url:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(url.rpartition(":")[2]))
        for name, status in ((b"Host: x", b"401"), (b"X-Name: a", b"200")):
            writer.write(WHOLE.replace(b"/r/aBc", b"/guarded").replace(b"Host: x", name))
            head, _ = await answer_of(reader)
            assert head.split(b" ")[1] == status
        writer.close()
