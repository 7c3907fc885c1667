"""A load generator that is cheap enough not to be what is measured: requests made beforehand, plain sockets, one wait for
all that are ready.

Every answer is read whole and checked: its status, and that it holds what it should.
"""

import heapq
import re
import secrets
import select
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from urllib.parse import urlencode

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
    _drive(port, [stream])
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
    return _drive(port, [Stream(requests, expect, connections, rate)])[0]


def drive_together(port: int, *streams: Stream) -> list[Told]:
    """As `drive`, several kinds at the same time, until the first is through. Raises CouldNotRun likewise, and when
    another is through before it."""
    told = _drive(port, streams)
    if any(
        len(each.each) == len(stream.requests) for each, stream in zip(told[1:], streams[1:], strict=True)
    ):
        raise CouldNotRun("what was to be sent meanwhile came to its end too early")
    return told


def _drive(port: int, streams: Sequence[Stream]) -> list[Told]:
    """All of the first stream's requests, and of the others as many as come meanwhile."""
    with ExitStack() as stack:
        drivers: list[_Driver] = []
        lines: dict[int, tuple[_Driver, _Line]] = {}
        poller = stack.enter_context(select.epoll())
        for stream in streams:
            made = [_Line(port, stream) for _ in range(min(stream.connections, len(stream.requests)))]
            drivers.append(driver := _Driver(stream, len(made)))
            for line in made:
                stack.callback(line.close)
                lines[line.file] = (driver, line)
        for driver, line in lines.values():
            poller.register(line.file, select.EPOLLIN)
            driver.go_on(line)
        while any(driver.busy for driver in drivers):
            early = min((driver.early for driver in drivers if driver.waiting), default=None)
            wait = None if early is None else max(0.0, early - time.perf_counter())
            for file, _ in poller.poll(wait):
                driver, line = lines[file]
                if line.answered():
                    driver.told.each.append(line.took)
                    driver.go_on(line)
            if not drivers[0].busy:
                for driver in drivers[1:]:
                    driver.end()
            for driver in drivers:
                driver.send_due()
    return [driver.told for driver in drivers]


class _Driver:
    """What is to be sent of one stream: at fixed instants where it has a rate."""

    def __init__(self, stream: Stream, lines: int) -> None:
        self.told, self.busy = Told(), lines
        self.waiting: list[tuple[float, int, _Line, bytes]] = []
        self._begin = time.perf_counter()
        self._due = self._requests(stream)

    def _requests(self, stream: Stream) -> Iterator[tuple[float, bytes]]:
        for number, request in enumerate(stream.requests):
            yield (self._begin + number / stream.rate if stream.rate else 0.0), request

    @property
    def early(self) -> float:
        """When the first of those that wait is due."""
        return self.waiting[0][0]

    def go_on(self, line: "_Line") -> None:
        """Gives a free connection the next request, now or when it is due; the last one ends the stream's time."""
        found = next(self._due, None)
        if found is None:
            line.close()
            self.busy -= 1
            self.told.seconds = time.perf_counter() - self._begin
            return
        at, request = found
        if at > time.perf_counter():
            heapq.heappush(self.waiting, (at, line.file, line, request))
        else:
            line.send(at, request)

    def send_due(self) -> None:
        """What is due by now of what had to wait."""
        while self.waiting and self.early <= time.perf_counter():
            at, _, line, request = heapq.heappop(self.waiting)
            line.send(at, request)

    def end(self) -> None:
        """Nothing more is sent; what is under way is waited for."""
        self._due = iter(())
        while self.waiting:
            self.go_on(self.waiting.pop()[2])


class _Line:
    """One connection: a request, and its answer."""

    def __init__(self, port: int, stream: Stream) -> None:
        """Raises CouldNotRun where nobody listens."""
        try:
            self._socket = socket.create_connection((HOST, port))
        except OSError as problem:
            raise CouldNotRun(f"nobody listens at {HOST}:{port}: {problem}") from problem
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.file, self.took = self._socket.fileno(), 0.0
        self._status, self._within = b" %d " % stream.expect[0], stream.expect[1]
        self._keep, self._sent = stream.keep, b""
        self._came, self._whole, self._begin = b"", 0, 0.0

    def close(self) -> None:
        self._socket.close()

    def send(self, at: float, request: bytes) -> None:
        """`at`: when it was due, from which its answer is timed; 0 for now."""
        self._sent = request
        self._begin = at or time.perf_counter()
        self._socket.sendall(request)

    def answered(self) -> bool:
        """Reads what came; whether the answer is whole now, and took `took` seconds. Raises CouldNotRun for another answer
        than expected."""
        try:
            data = self._socket.recv(65536)
        except OSError as problem:
            raise CouldNotRun(f"a connection broke: {problem}") from problem
        if not data:
            raise CouldNotRun("a connection broke: closed by the door")
        self._came = came = self._came + data if self._came else data
        if not self._whole:
            end = came.find(b"\r\n\r\n")
            if end < 0:
                return False
            self._whole = end + 4 + _length(came[:end])
        if len(came) < self._whole:
            return False
        self.took = time.perf_counter() - self._begin
        if not came.startswith(self._status, 8) or self._within not in came:
            raise CouldNotRun(f"another answer than expected: {came[:300]!r}")
        if self._keep is not None:
            self._keep(self._sent, came)
        self._came, self._whole = b"", 0
        return True


def _length(head: bytes) -> int:
    """Of the body that follows a head. Raises CouldNotRun."""
    found = _LENGTH.search(head)
    if found is None:
        raise CouldNotRun(f"an answer that does not say how long it is: {head[:300]!r}")
    return int(found[1])
