"""A business system that reports over HTTP, with its key, for trials."""

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from haochaping.intake.signing import signed_headers

HOST = "127.0.0.1"
PATH = "/api/v1/occasions"
_FORM = "application/x-ndjson"


@dataclass(slots=True)
class Answers:
    """What calls were answered: status codes, verdicts over all records, and the addresses for raters."""

    statuses: Counter[int] = field(default_factory=Counter)
    verdicts: Counter[str] = field(default_factory=Counter)


class _Results(msgspec.Struct):
    """As much of an answer as is counted here."""

    counts: dict[str, int] = {}


def signed(key: str, secret: str, body: bytes, *, now: datetime, encoding: str = "") -> bytes:
    """One call, head and body, as it goes over the wire."""
    lines = [
        f"POST {PATH} HTTP/1.1",
        f"Host: {HOST}",
        f"Content-Type: {_FORM}",
        f"Content-Length: {len(body)}",
        *(f"{name}: {value}" for name, value in signed_headers(key, secret, PATH, body, now=now).items()),
    ]
    if encoding:
        lines.append(f"Content-Encoding: {encoding}")
    return "\r\n".join((*lines, "", "")).encode() + body


async def report_all(
    port: int, key: str, secret: str, bodies: Sequence[bytes], *, clock: Callable[[], datetime]
) -> Answers:
    """Sends the bodies one after the other on one connection. Raises OSError or asyncio.IncompleteReadError."""
    answers = Answers()
    reader, writer = await asyncio.open_connection(HOST, port)
    try:
        for body in bodies:
            writer.write(signed(key, secret, body, now=clock()))
            await writer.drain()
            status, told = await answer(reader)
            answers.statuses[status] += 1
            answers.verdicts.update(msgspec.json.decode(told, type=_Results).counts)
    finally:
        writer.close()
    return answers


async def answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    """Status and body of the next answer on a connection. Raises asyncio.IncompleteReadError."""
    status, _, body = await whole_answer(reader)
    return status, body


async def whole_answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    """Status, headers (names in lower case) and body. Raises asyncio.IncompleteReadError."""
    first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").rstrip().split("\r\n")
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return int(first.split(" ", 2)[1]), headers, await reader.readexactly(int(headers["content-length"]))
