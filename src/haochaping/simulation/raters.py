"""Many raters at once, over HTTP as a browser would, for trials."""

import asyncio
import secrets
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlencode


@dataclass(slots=True)
class Outcome:
    """Answers by status code, seconds that each took, and which submissions were acknowledged (201 or 200)."""

    statuses: dict[int, int] = field(default_factory=dict)
    seconds: list[float] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)
    broken: int = 0

    def percentile(self, share: float) -> float:
        """The time in seconds within which that share of the answers came."""
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(len(ordered) * share))] if ordered else 0.0


def form(level: int, submission: str) -> bytes:
    """What the page of the citizen sends."""
    fields = {"satisfaction": str(level), "named": "0", "submission": submission}
    if level <= 2:
        fields["writingEvaluation"] = "材料清单与现场要求不一致"
    return urlencode(fields).encode()


async def post(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, path: str, body: bytes) -> int:
    """One POST on a kept connection; the status. Raises OSError or asyncio.IncompleteReadError when it breaks."""
    head = (
        f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    writer.write(head.encode() + body)
    answer = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").lower()
    length = int(answer.split("content-length:")[1].split("\r\n")[0])
    await reader.readexactly(length)
    return int(answer.split(" ", 2)[1])


async def rate_all(port: int, tokens: Sequence[str], *, connections: int, level: int = 5) -> Outcome:
    """Rates each token once over that many kept connections. A connection that breaks is made again; when nobody listens
    any more, its rater goes home and what it had in hand counts as broken."""
    outcome = Outcome()
    waiting = iter(tokens)
    await asyncio.gather(*(_rater(port, waiting, outcome, level) for _ in range(connections)))
    return outcome


async def _rater(port: int, tokens: Iterator[str], outcome: Outcome, level: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for token in tokens:
            submission = secrets.token_hex(16)
            begin = time.perf_counter()
            try:
                status = await post(reader, writer, f"/r/{token}", form(level, submission))
            except (OSError, asyncio.IncompleteReadError):
                outcome.broken += 1
                writer.close()
                try:
                    reader, writer = await asyncio.open_connection("127.0.0.1", port)
                except OSError:
                    return
                continue
            outcome.seconds.append(time.perf_counter() - begin)
            outcome.statuses[status] = outcome.statuses.get(status, 0) + 1
            if status in (200, 201):
                outcome.acknowledged.append(token)
    finally:
        writer.close()
