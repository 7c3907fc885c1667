"""Between the door and PostgreSQL: passes everything on, but loses the server's answer to some commits and hangs up."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

SOCKET = ".s.PGSQL.5432"
# As the writer introduces itself, and what its statement answers of a rating that is new.
WRITER: Final = b"haochaping writer"
NEW: Final = b"created"
# Types of messages (PostgreSQL: Frontend/Backend Protocol): a row, and the server being done with a commit behind it.
ROW, READY = b"D", b"Z"
PIECE = 65536


class Wire:
    """`cut`: how many commits were not told to the door. Every second commit of new ratings is, up to `most`."""

    def __init__(self, server: Path, most: int) -> None:
        self._server = server
        self.most = most
        self._commits = 0
        self.cut = 0

    async def serve(self, from_door: asyncio.StreamReader, to_door: asyncio.StreamWriter) -> None:
        """One connection of the door's."""
        from_server, to_server = await asyncio.open_unix_connection(str(self._server))
        try:
            start = await _start(from_door)
            to_server.write(start)
            answers = self._answers(from_server) if WRITER in start else _pieces(from_server)
            done, pending = await asyncio.wait(
                [asyncio.ensure_future(_pass(_pieces(from_door), to_server)),
                 asyncio.ensure_future(_pass(answers, to_door))],
                return_when=asyncio.FIRST_COMPLETED,
            )  # fmt: skip
            for each in pending:
                each.cancel()
            await asyncio.gather(*done, *pending, return_exceptions=True)
        except asyncio.IncompleteReadError:
            return
        finally:
            to_server.close()
            to_door.close()

    async def _answers(self, from_server: asyncio.StreamReader) -> AsyncIterator[bytes]:
        """What the server says; rows are held back until it is ready again, and then come or never do."""
        rows: list[bytes] = []
        while True:
            try:
                kind, size = await from_server.readexactly(1), await from_server.readexactly(4)
                message = kind + size + await from_server.readexactly(int.from_bytes(size) - 4)
            except asyncio.IncompleteReadError:
                return
            if kind != ROW and not rows:
                yield message
                continue
            rows.append(message)
            if kind == READY:
                if self._loses(b"".join(rows)):
                    return
                yield b"".join(rows)
                rows = []

    def _loses(self, answer: bytes) -> bool:
        if NEW not in answer or self.cut >= self.most:
            return False
        self._commits += 1
        lost = self._commits % 2 == 1
        self.cut += lost
        return lost


@contextmanager
def wire(server: Path, folder: Path, *, most: int) -> Iterator[Wire]:
    """Listens in `folder` as the server in the folder `server` does. In a thread: who starts the door waits for it."""
    made = Wire(server / SOCKET, most)
    loop = asyncio.new_event_loop()
    listening = loop.run_until_complete(asyncio.start_unix_server(made.serve, str(folder / SOCKET)))
    thread = threading.Thread(target=loop.run_forever, name="wire", daemon=True)
    thread.start()
    try:
        yield made
    finally:
        loop.call_soon_threadsafe(listening.close)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()


async def _start(reader: asyncio.StreamReader) -> bytes:
    """The first message, which has no type."""
    size = await reader.readexactly(4)
    return size + await reader.readexactly(int.from_bytes(size) - 4)


async def _pieces(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    with suppress(OSError):
        while piece := await reader.read(PIECE):
            yield piece


async def _pass(pieces: AsyncIterator[bytes], writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        async for piece in pieces:
            writer.write(piece)
            await writer.drain()
