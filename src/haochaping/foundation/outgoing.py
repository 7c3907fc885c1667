"""One HTTP call to somebody else: with an end in sight, and never led on to another address."""

import http.client
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import SplitResult, urlsplit

from haochaping.foundation.deadline import ends_after

SECONDS: Final = 10.0
# However slowly a peer drips.
IN_ALL: Final = 30.0
_LONGEST_ANSWER: Final = 1024 * 1024


class NoAnswer(Exception):
    """Nothing that could be read came back. `reason` is one word and quotes nothing of the call."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Answer:
    """Status, headers with lower-case names, and the body, which is at most one megabyte long."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def checked_address(address: str) -> SplitResult:
    """An address of http or https with a host, taken apart. Raises ValueError for any other, and for one with a password."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.password:
        raise ValueError("not an http or https address, or one that holds a password")
    parts.port  # noqa: B018  (raises ValueError where it is no number)
    return parts


def call(
    method: str,
    address: str,
    *,
    headers: Mapping[str, str] | None = None,
    body: bytes = b"",
    seconds: float = SECONDS,
    in_all: float = IN_ALL,
) -> Answer:
    """Sends one request and reads its answer; so many seconds for each step, and for all of it. A redirection is an answer
    like any other, and no proxy is asked for. Raises NoAnswer, and ValueError for what is no address."""
    parts = checked_address(address)
    connection = _connection(parts, seconds)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    held: socket.socket | None = None
    try:
        with ends_after(in_all, lambda: held) as ended:
            connection.connect()
            held = connection.sock  # an answer that ends with the connection takes it along
            connection.request(method, target, body=body or None, headers=dict(headers or {}))
            response = connection.getresponse()
            read = response.read(_LONGEST_ANSWER + 1)
    except (OSError, http.client.HTTPException) as error:
        raise NoAnswer(type(error).__name__) from None
    finally:
        connection.close()
    if ended.is_set():
        raise NoAnswer("TooSlow")
    if len(read) > _LONGEST_ANSWER:
        raise NoAnswer("AnswerTooLong")
    named = {name.lower(): value for name, value in response.getheaders()}
    return Answer(response.status, named, read)


def _connection(parts: SplitResult, seconds: float) -> http.client.HTTPConnection:
    host = parts.hostname or ""
    if parts.scheme == "http":
        return http.client.HTTPConnection(host, parts.port, timeout=seconds)
    return http.client.HTTPSConnection(
        host, parts.port, timeout=seconds, context=ssl.create_default_context()
    )
