"""How the door and a bulk process speak: one short message a call and one an answer, over a socket pair that keeps messages
apart; what is large goes with it as an open file, without a copy.
"""

import os
import socket
from collections.abc import Sequence
from typing import Final
from uuid import UUID

import msgspec

from haochaping.accounts.clients import Reach

_LONGEST: Final = 192 * 1024


class Asked(msgspec.Struct, array_like=True):
    """A call as it goes to a bulk process. What the client may still send is the door's business and stays there."""

    client: UUID
    key: str
    organisation: int
    platform: str
    rights: frozenset[str]
    reach: Reach
    listed: frozenset[int]
    dialect: UUID | None
    content_type: str
    encoding: str
    number: int = 0


class Told(msgspec.Struct, array_like=True):
    """An answer as it comes back, its body beside it. Status 0: an error of ours, which the process has logged.

    `number` is that of the call; 0 answers none: the process is ready.
    """

    status: int = 0
    content_type: str = ""
    headers: tuple[tuple[str, str], ...] = ()
    records: int = 0
    number: int = 0


def send(to: socket.socket, message: msgspec.Struct, files: Sequence[int] = ()) -> None:
    """Raises OSError when the other side has gone or does not listen."""
    socket.send_fds(to, [msgspec.json.encode(message)], files)


def receive(source: socket.socket) -> tuple[bytes, int | None]:
    """The next message and the file that came with it; b"" when the other side has gone. Raises BlockingIOError."""
    message, files, _, _ = socket.recv_fds(source, _LONGEST, 1)
    return message, files[0] if files else None


def written(body: bytes) -> int:
    """A file without a name that holds these bytes."""
    made = os.memfd_create("answer")
    with os.fdopen(made, "wb", closefd=False) as file:
        file.write(body)
    return made


def read_whole(descriptor: int) -> bytes:
    """What such a file holds; it is closed."""
    with os.fdopen(descriptor, "rb") as file:
        file.seek(0)
        return file.read()
