"""The processes in which calls are read, judged and stored, seen from the door: out of the citizens' way, on every core.

Large calls have a process for each core, one call at a time; small ones a process of their own, so that nobody with twenty
records waits behind ten thousand. A process is started at the first call for it, started again when it ends unasked, and
ends by itself when the door does.
"""

import asyncio
import contextlib
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from typing import Final

import msgspec

from haochaping.intake.handover import Asked, Told, read_whole, receive, send

log = logging.getLogger(__name__)

# Some 80 records; compressed, it may be more than it looks.
SMALL: Final = 64 * 1024
SMALL_COMPRESSED: Final = 8 * 1024
SMALL_AT_ONCE: Final = 8
# Of large calls: the citizens, and who waits for a small call, come first where processors are short.
_NICENESS: Final = 5
_PAUSE: Final = 0.5
_LONGEST_PAUSE: Final = 30.0
# Every statement of a call has a limit of its own, far below: who takes longer hangs.
_LONGEST_CALL: Final = 300.0
# What they work on when the door ends has had the server's grace already.
_PARTING: Final = 1.5
_PROGRAM: Final = (sys.executable, "-P", "-m", "haochaping.config.bulk")


class ProcessGone(Exception):
    """The process ended before it answered: whether the call was stored is not known."""


class CallFailed(Exception):
    """An error of ours in the other process, which has logged it."""


class BulkProcess:
    """One process and the calls that it works on. Made and used inside one event loop."""

    def __init__(self, environment: Mapping[str, str], niceness: int) -> None:
        self._environment = environment
        self._niceness = niceness
        self._process: subprocess.Popen[bytes] | None = None
        self._socket: socket.socket | None = None
        self._waiting: dict[int, asyncio.Future[tuple[Told, bytes]]] = {}
        self._number = 0
        self._pause = _PAUSE
        self._again: asyncio.TimerHandle | None = None
        self._closing = False

    @property
    def under_way(self) -> int:
        """How many calls it works on."""
        return len(self._waiting)

    @property
    def broken(self) -> bool:
        """Whether it ended unasked and has not come back."""
        return self._pause > _PAUSE

    async def answer(self, asked: Asked, body: int) -> tuple[Told, bytes]:
        """What the call with this open body is answered. Raises ProcessGone and CallFailed."""
        self._number += 1
        number = asked.number = self._number
        future = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            if self._socket is None and self._again is None:
                self._start()
            send(self._open(), asked, [body])
            async with asyncio.timeout(_LONGEST_CALL):
                told, answer = await future
        except TimeoutError:
            if self._process is not None:
                self._process.kill()
            raise ProcessGone from None
        except OSError:
            raise ProcessGone from None
        finally:
            self._waiting.pop(number, None)
        if told.status == 0:
            raise CallFailed
        return told, answer

    async def close(self) -> None:
        """Lets it finish what it works on, for a while."""
        self._closing = True
        if self._again is not None:
            self._again.cancel()
        process = self._process
        if process is None or self._socket is None:
            return
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_WR)
        try:
            await asyncio.to_thread(process.wait, _PARTING)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        self._forget()

    def _start(self) -> None:
        """Raises OSError when the system has no room for another process."""
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        with theirs:
            try:
                self._process = subprocess.Popen(
                    (*_PROGRAM, str(theirs.fileno()), str(self._niceness)),
                    stdin=subprocess.DEVNULL,
                    env={**os.environ, **self._environment},
                    pass_fds=(theirs.fileno(),),
                )
            except OSError:
                ours.close()
                raise
        self._socket = ours
        asyncio.get_running_loop().add_reader(ours.fileno(), self._readable)

    def _open(self) -> socket.socket:
        if self._socket is None:
            raise ProcessGone
        return self._socket

    def _readable(self) -> None:
        try:
            message, file = receive(self._open())
        except BlockingIOError:
            return
        except OSError:
            message, file = b"", None
        if not message:
            self._gone()
            return
        told = msgspec.json.decode(message, type=Told)
        body = b"" if file is None else read_whole(file)
        self._pause = _PAUSE
        future = self._waiting.get(told.number)
        if future is not None and not future.done():
            future.set_result((told, body))

    def _gone(self) -> None:
        self._forget()
        if self._closing:
            return
        log.error("a bulk process ended unasked; it is started again in %g s", self._pause)
        self._again = asyncio.get_running_loop().call_later(self._pause, self._start_again)
        self._pause = min(self._pause * 2, _LONGEST_PAUSE)

    def _start_again(self) -> None:
        self._again = None
        try:
            self._start()
        except OSError:
            self._gone()

    def _forget(self) -> None:
        if self._socket is not None:
            asyncio.get_running_loop().remove_reader(self._socket.fileno())
            self._socket.close()
            self._socket = None
        if self._process is not None:
            # It closed its side or was killed: either way it is over in no time.
            self._process.kill()
            self._process.wait()
            self._process = None
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(ProcessGone())


class _Lane:
    """Processes for calls of one kind, `each` working on so many at once."""

    def __init__(self, environment: Mapping[str, str], number: int, each: int, niceness: int = 0) -> None:
        self.processes = [BulkProcess(environment, niceness) for _ in range(number)]
        self._places = asyncio.Semaphore(number * each)

    async def answer(self, asked: Asked, body: int) -> tuple[Told, bytes]:
        async with self._places:
            return await min(self.processes, key=lambda each: (each.broken, each.under_way)).answer(
                asked, body
            )


class Processes:
    """All bulk processes of one door. `environment` is added to this process's own."""

    def __init__(self, environment: Mapping[str, str] | None = None, *, cores: int | None = None) -> None:
        added = environment or {}
        self._large = _Lane(added, cores or len(os.sched_getaffinity(0)), 1, _NICENESS)
        self._small = _Lane(added, 1, SMALL_AT_ONCE)

    async def answer(self, asked: Asked, body: int, size: int) -> tuple[Told, bytes]:
        """What the call with this open body is answered, when its turn has come. Raises ProcessGone and CallFailed."""
        small = size <= (SMALL_COMPRESSED if asked.encoding else SMALL)
        return await (self._small if small else self._large).answer(asked, body)

    def broken(self) -> int:
        """How many have ended unasked and not come back."""
        return sum(each.broken for each in self._all())

    async def close(self) -> None:
        """Ends them all, each after what it works on."""
        await asyncio.gather(*(each.close() for each in self._all()))

    def _all(self) -> list[BulkProcess]:
        return [*self._large.processes, *self._small.processes]
