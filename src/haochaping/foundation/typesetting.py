"""Documents as PDF, each set by a process that ends with it: whoever asks keeps neither typst nor its fonts in memory."""

import asyncio
import json
import logging
import os
import sys
from collections.abc import Mapping
from typing import Any, Final

from haochaping.foundation.typesetter import CANNOT_BE_SET

_log = logging.getLogger(__name__)

_PROGRAM: Final = ("-P", "-m", "haochaping.foundation.typesetter")
# A slip takes a fifth of a second; who takes so long hangs.
_LONGEST: Final = 20.0
# The program needs none of our settings, and must not have our secrets.
_NEEDED: Final = ("PATH", "PYTHONPATH", "LD_LIBRARY_PATH", "LANG")


class CannotBeSet(Exception):
    """The document has a character of which the font has no glyph, or its source is wrong: it comes out no better again."""


class Busy(Exception):
    """So many wait already, or the program did not get through: later it may."""


class Typesetter:
    """`at_once` processes at a time; `most` documents, those that wait included, are taken on."""

    def __init__(self, *, at_once: int = 1, most: int = 8) -> None:
        self._places = asyncio.Semaphore(at_once)
        self._most = most
        self._taken = 0

    async def pdf(self, source: str, said: Mapping[str, Any]) -> bytes:
        """The PDF of a typst source with what it says, JSON in its input `said`. Raises CannotBeSet and Busy."""
        if self._taken >= self._most:
            raise Busy
        self._taken += 1
        try:
            async with self._places, asyncio.timeout(_LONGEST):
                return await _set(json.dumps({"source": source, "said": said}).encode())
        except (TimeoutError, OSError) as error:
            _log.error("a document was not set (%s)", type(error).__name__)
            raise Busy from error
        finally:
            self._taken -= 1


def bare_environment() -> dict[str, str]:
    """What a program that sets documents is given of our environment."""
    return {name: os.environ[name] for name in _NEEDED if name in os.environ}


async def _set(asked: bytes) -> bytes:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        *_PROGRAM,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
        env=bare_environment(),
    )
    try:
        made, _ = await process.communicate(asked)
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    if process.returncode == CANNOT_BE_SET:
        raise CannotBeSet
    if process.returncode != 0:
        raise OSError(f"the program ended with {process.returncode}")
    return made
