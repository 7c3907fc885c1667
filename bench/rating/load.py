"""A load generator that is cheap enough not to be what is measured: requests made beforehand, one object a connection.

Every answer is read whole and checked: its status, and that it holds what it should.
"""

import asyncio
import re
import secrets
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from urllib.parse import urlencode

import uvloop

from haochaping.cli.figures import CouldNotRun

HOST = "127.0.0.1"
# What answers a page that can be rated.
FORM = (200, b'name="submission"')
_LENGTH = re.compile(rb"\r\ncontent-length: (\d+)", re.IGNORECASE)
_KEPT = re.compile(rb'<input type="hidden" name="(submission|opened|seen)" value="([^"]*)">')
_HEAD = (
    "{} {} HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/html\r\nAccept-Language: zh-CN,zh;q=0.9\r\n"
    "User-Agent: Mozilla/5.0 (Linux; Android 13) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36\r\n"
)


def get(path: str) -> bytes:
    """A page, as a browser asks for it."""
    return (_HEAD.format("GET", path) + "\r\n").encode()


def post(path: str, body: bytes, kind: str) -> bytes:
    """A form or a JSON object, as a browser or a device sends it."""
    head = _HEAD.format("POST", path) + f"Content-Type: {kind}\r\nContent-Length: {len(body)}\r\n\r\n"
    return head.encode() + body


def form(token: str, kept: Mapping[str, str] | None = None) -> bytes:
    """The citizen's form with the top level chosen and nothing written. `kept`: what the page had in it, as `opened` finds
    it; without it, of somebody who never opened one."""
    fields = kept or {"submission": secrets.token_hex(16), "opened": "1764479000000.0123456789abcdef"}
    said = {"groups": "chosen", "satisfaction": "5", "writingEvaluation": "", "named": "0"}
    return post(f"/r/{token}", urlencode({**fields, **said}).encode(), "application/x-www-form-urlencoded")


def opened(port: int, tokens: Sequence[str], *, connections: int) -> list[bytes]:
    """The form of each token, filled in by somebody who has just opened its page. Raises CouldNotRun as `drive`."""
    found: dict[bytes, dict[str, str]] = {}

    def keep(request: bytes, answer: bytes) -> None:
        found[request] = {name.decode(): value.decode() for name, value in _KEPT.findall(answer)}

    asked = {token: get(f"/r/{token}") for token in tokens}
    stream = Stream([*asked.values()], FORM, connections, keep=keep)
    uvloop.run(_drive(port, stream, asyncio.Event()))
    return [form(token, found[asked[token]]) for token in tokens]


def device(token: str) -> bytes:
    """The same by the interface for devices."""
    body = f'{{"satisfaction":"5","named":"0","submission":"{secrets.token_hex(16)}"}}'
    return post(f"/api/v1/ratings/{token}", body.encode(), "application/json")


@dataclass(slots=True)
class Told:
    """What came back: how long each answer took, and over all; in seconds."""

    seconds: float = 0.0
    each: list[float] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.each) / self.seconds

    def percentile(self, share: float) -> float:
        """Milliseconds within which that share of the answers came."""
        return sorted(self.each)[min(len(self.each) - 1, int(len(self.each) * share))] * 1000


@dataclass(frozen=True, slots=True)
class Stream:
    """Requests of one kind, as `drive` takes them; `keep` is given each with its answer."""

    requests: Sequence[bytes]
    expect: tuple[int, bytes]
    connections: int
    rate: float = 0.0
    keep: Callable[[bytes, bytes], None] | None = None


def drive(
    port: int, requests: Sequence[bytes], *, expect: tuple[int, bytes], connections: int, rate: float = 0.0
) -> Told:
    """Sends each request once over that many kept connections and checks every answer: its status, and that the bytes are
    in it. With `rate` requests are due at fixed instants, and who has to wait for a connection is measured as waiting.

    Raises CouldNotRun when an answer is another one, or a connection breaks.
    """
    return uvloop.run(_drive(port, Stream(requests, expect, connections, rate), asyncio.Event()))


def drive_together(port: int, *streams: Stream) -> list[Told]:
    """As `drive`, several kinds at the same time, until the first is through. Raises CouldNotRun likewise, and when
    another is through before it."""
    return uvloop.run(_drive_together(port, streams))


async def _drive_together(port: int, streams: Sequence[Stream]) -> list[Told]:
    over = asyncio.Event()
    first, *others = [asyncio.ensure_future(_drive(port, each, over)) for each in streams]
    first.add_done_callback(lambda _: over.set())
    told = await asyncio.gather(first, *others)
    if any(
        len(each.each) == len(stream.requests) for each, stream in zip(told[1:], streams[1:], strict=True)
    ):
        raise CouldNotRun("what was to be sent meanwhile came to its end too early")
    return told


async def _drive(port: int, stream: Stream, over: asyncio.Event) -> Told:
    """All of its requests, or until it is `over`."""
    loop, told = asyncio.get_running_loop(), Told()
    begin = time.perf_counter()
    due = takewhile(lambda _: not over.is_set(), _due(stream.requests, begin, stream.rate))
    lines = [
        _Line(due, stream, told.each, loop.create_future())
        for _ in range(min(stream.connections, len(stream.requests)))
    ]
    for line in lines:
        await loop.create_connection(lambda line=line: line, HOST, port)
    await asyncio.gather(*(line.done for line in lines))
    told.seconds = time.perf_counter() - begin
    return told


def _due(requests: Sequence[bytes], begin: float, rate: float) -> Iterator[tuple[float, bytes]]:
    for number, request in enumerate(requests):
        yield (begin + number / rate if rate else 0.0), request


def _length(head: bytes) -> int:
    """Of the body that follows a head. Raises CouldNotRun."""
    found = _LENGTH.search(head)
    if found is None:
        raise CouldNotRun(f"an answer that does not say how long it is: {head[:300]!r}")
    return int(found[1])


class _Line(asyncio.Protocol):
    """One connection: takes the next request when the last one is answered."""

    def __init__(
        self,
        due: Iterator[tuple[float, bytes]],
        stream: Stream,
        each: list[float],
        done: "asyncio.Future[None]",
    ) -> None:
        self._due, self._each, self.done = due, each, done
        self._status, self._within = b" %d " % stream.expect[0], stream.expect[1]
        self._keep, self._sent = stream.keep, b""
        self._came, self._whole, self._begin = b"", 0, 0.0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._transport = transport
        self._next()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self.done.done():
            self.done.set_exception(CouldNotRun(f"a connection broke: {exc or 'closed by the door'}"))

    def data_received(self, data: bytes) -> None:
        self._came = came = self._came + data if self._came else data
        if not self._whole:
            end = came.find(b"\r\n\r\n")
            if end < 0:
                return
            self._whole = end + 4 + _length(came[:end])
        if len(came) < self._whole:
            return
        self._each.append(time.perf_counter() - self._begin)
        if not came.startswith(self._status, 8) or self._within not in came:
            self.done.set_exception(CouldNotRun(f"another answer than expected: {came[:300]!r}"))
            self._transport.close()
            return
        if self._keep is not None:
            self._keep(self._sent, came)
        self._came, self._whole = b"", 0
        self._next()

    def _next(self) -> None:
        found = next(self._due, None)
        if found is None:
            self.done.set_result(None)
            self._transport.close()
            return
        at, request = found
        early = at - time.perf_counter() if at else 0.0
        if early > 0:
            asyncio.get_running_loop().call_later(early, self._send, at, request)
        else:
            self._send(at, request)

    def _send(self, at: float, request: bytes) -> None:
        self._sent = request
        self._begin = at or time.perf_counter()
        self._transport.write(request)
