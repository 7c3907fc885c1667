"""Business systems that send call after call until somebody dies, and then again what nobody answered."""

import asyncio
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import msgspec

from drills.killing.calls import Call, Key
from haochaping.cli.figures import CouldNotRun
from haochaping.cli.stage import HOST
from haochaping.foundation.clock import now
from haochaping.simulation.reporters import answer, signed

HEALED_WITHIN = 60.0
ANSWERED_WITHIN = 90.0


@dataclass(slots=True)
class Sender:
    """One platform's client. `open` is the call that nobody answered, `acknowledged` the keys that were answered for since
    the last look."""

    platform: str
    key: str
    secret: str
    stream: Iterator[Call]
    open: Call | None = None
    sent: list[Call] = field(default_factory=list)
    acknowledged: list[Key] = field(default_factory=list)
    wrong: int = 0

    async def send_until(
        self, port: int, stop: asyncio.Event, stored: Callable[["Sender", Call], None]
    ) -> None:
        """Sends until told to stop, or until a call is not answered: that one is `open` then. `stored` hears of every
        call that was."""
        with suppress(OSError, asyncio.IncompleteReadError):
            reader, writer = await asyncio.open_connection(HOST, port)
            try:
                while not stop.is_set():
                    self.open = next(self.stream)
                    self.sent.append(self.open)
                    verdicts = await self._verdicts(reader, writer, self.open)
                    if verdicts is None:
                        return
                    stored(self, self.open)
                    self._close(self.open, verdicts, self.open.due)
            finally:
                writer.close()

    async def heal(self, port: int, due: Sequence[str]) -> None:
        """Sends the open call again until it is answered. Raises CouldNotRun when nobody answers for a minute."""
        call, limit = self.open, time.monotonic() + HEALED_WITHIN
        while call is not None:
            with suppress(OSError, asyncio.IncompleteReadError):
                reader, writer = await asyncio.open_connection(HOST, port)
                try:
                    verdicts = await self._verdicts(reader, writer, call)
                finally:
                    writer.close()
                if verdicts is not None:
                    self._close(call, verdicts, due)
                    return
            if time.monotonic() > limit:
                raise CouldNotRun("nobody answered a call that was sent again for a minute")
            await asyncio.sleep(0.2)

    def _close(self, call: Call, verdicts: Sequence[str], due: Sequence[str]) -> None:
        """The open call was answered; `due` is what it should have been answered."""
        self.acknowledged += call.keys
        self.wrong += sum(found != wanted for found, wanted in zip(verdicts, due, strict=True))
        self.open = None

    async def _verdicts(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, call: Call
    ) -> list[str] | None:
        """Line by line; None when the answer says that nobody knows (503). Raises CouldNotRun for any other refusal."""
        async with asyncio.timeout(ANSWERED_WITHIN):
            writer.write(signed(self.key, self.secret, call.body, now=now()))
            await writer.drain()
            status, body = await answer(reader)
        if status == 503:
            return None
        if status != 200:
            raise CouldNotRun(f"a call was answered {status}: {body[:300]!r}")
        found: dict[str, Any] = msgspec.json.decode(body)
        return [each["verdict"] for each in found["results"]]
