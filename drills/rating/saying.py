"""A citizen's rating as it is sent, by form or as JSON, and sent again until it is answered."""

import asyncio
import json
import re
import secrets
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import NamedTuple

from haochaping.cli.figures import CouldNotRun
from haochaping.cli.stage import HOST
from haochaping.intake.arrivals import HEADER, MARK
from haochaping.simulation.raters import form
from haochaping.simulation.reporters import whole_answer

TOLD = (200, 201)
AGAIN = 503
ANSWERED_WITHIN = 60.0
PAUSE = 0.1
MARKED = re.compile(f'name="received" value="({MARK})"')
CODES = re.compile(rb'class="code">([^<]+)<')

Receipt = tuple[str, str]
Broken = (OSError, asyncio.IncompleteReadError, TimeoutError)


@dataclass(slots=True)
class Said:
    """One rating, the same submission however often it is sent. `receipt`: number and secret that it was answered first;
    `mark`: what it was given to be sent back."""

    token: str
    level: int = 5
    by_form: bool = False
    submission: str = field(default_factory=lambda: secrets.token_hex(16))
    receipt: Receipt | None = None
    mark: str = ""

    def request(self) -> bytes:
        """As a browser sends it, or a device."""
        more = ""
        if self.by_form:
            path, kind = f"/r/{self.token}", "application/x-www-form-urlencoded"
            body = (
                form(self.level, self.submission) + (f"&received={self.mark}" if self.mark else "").encode()
            )
        else:
            path, kind = f"/api/v1/ratings/{self.token}", "application/json"
            said = {"satisfaction": self.level, "named": False, "submission": self.submission}
            body = json.dumps(said | {"writingEvaluation": "等了很久" if self.level <= 2 else ""}).encode()
            more = f"{HEADER}: {self.mark}\r\n" if self.mark else ""
        head = (
            f"POST {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        )
        return f"{head}{more}\r\n".encode() + body


class Answer(NamedTuple):
    """`at` on the monotonic clock, `seconds` after it was sent."""

    status: int
    at: float
    seconds: float


@dataclass(slots=True)
class Tally:
    """What was answered; how often nothing was, and how often another receipt than before."""

    answers: list[Answer] = field(default_factory=list)
    broken: int = 0
    otherwise: int = 0

    @property
    def statuses(self) -> Counter[int]:
        """How many answers by status."""
        return Counter(each.status for each in self.answers)

    def refused(self) -> int:
        """Answers that are neither a receipt nor the wish to try again later."""
        return sum(count for status, count in self.statuses.items() if status not in (*TOLD, AGAIN))

    def book(self, said: Said, status: int, body: bytes, begun: float) -> None:
        """One answer, now, to what was sent then."""
        at = time.monotonic()
        self.answers.append(Answer(status, at, at - begun))
        if status in TOLD:
            told = receipt_of(body, by_form=said.by_form)
            self.otherwise += said.receipt not in (None, told)
            said.receipt = said.receipt or told


def both_ways(tokens: Sequence[str], *, level: int = 5) -> list[Said]:
    """A rating for each, by form and as JSON in turn."""
    return [Said(token, level, by_form=bool(place % 2)) for place, token in enumerate(tokens)]


def receipt_of(body: bytes, *, by_form: bool) -> Receipt:
    """Number and secret out of a page or of JSON."""
    if by_form:
        number, secret = CODES.findall(body)
        return number.decode(), secret.decode()
    found = json.loads(body)["receipt"]
    return found["number"], found["secret"]


async def say_all(
    port: int,
    said: Sequence[Said],
    tally: Tally,
    *,
    connections: int,
    stop: asyncio.Event | None = None,
    answered: Callable[[], None] = lambda: None,
) -> None:
    """Sends each once over that many kept connections, until told to stop; `answered` hears of every answer. A rater whose
    connection breaks makes it again, and goes home when nobody listens any more."""
    waiting = iter(said)
    await asyncio.gather(
        *(_rater(port, waiting, tally, stop or asyncio.Event(), answered) for _ in range(connections))
    )


async def _rater(
    port: int, waiting: Iterator[Said], tally: Tally, stop: asyncio.Event, answered: Callable[[], None]
) -> None:
    with suppress(OSError):
        reader, writer = await asyncio.open_connection(HOST, port)
        try:
            for each in waiting:
                try:
                    await say(reader, writer, each, tally)
                    answered()
                except Broken:
                    tally.broken += 1
                    writer.close()
                    reader, writer = await asyncio.open_connection(HOST, port)
                if stop.is_set():
                    return
        finally:
            writer.close()


async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, said: Said, tally: Tally) -> int:
    """Sends it once on this connection; the status. Raises what Broken names."""
    begun = time.monotonic()
    writer.write(said.request())
    async with asyncio.timeout(ANSWERED_WITHIN):
        status, headers, body = await whole_answer(reader)
    if status == AGAIN:
        found = MARKED.search(body.decode()) if said.by_form else None
        said.mark = found[1] if found else headers.get(HEADER.lower(), said.mark)
    tally.book(said, status, body, begun)
    return status


async def until_told(
    port: int, said: Sequence[Said], tally: Tally, *, connections: int, patience: float = 60.0
) -> None:
    """Sends again what has no receipt, until all have one. Raises CouldNotRun when some get none for so many seconds."""
    limit = time.monotonic() + patience
    while waiting := [each for each in said if each.receipt is None]:
        if time.monotonic() > limit:
            raise CouldNotRun(f"{len(waiting)} ratings were not taken: {dict(tally.statuses)}")
        await say_all(port, waiting, tally, connections=min(connections, len(waiting)))
        await asyncio.sleep(PAUSE)
