"""DuckDB, for the length of one piece of work: in memory, of which it may take so much, and nothing in reach but the folder
it is given. It is imported here alone, and only when something is asked or exported: 28 MB and a fourteenth of a second.
"""

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from django.utils.translation import gettext as _

from haochaping.analysis.shelf import unreadable
from haochaping.foundation.errors import Refused

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

MEMORY: Final = "512MB"
THREADS: Final = 1
# A question that takes longer is broken off.
SECONDS: Final = 20
_CLOSED: Final = {
    "autoinstall_known_extensions": False,
    "autoload_known_extensions": False,
    "allow_community_extensions": False,
}


class TooLong(Refused):
    """The question was broken off, or another one before it took too long."""


class Unreadable(Refused):
    """What the question is about cannot be read."""


# One question at a time in a process: each may take the memory it is given.
_turn: Final = threading.Lock()


@contextmanager
def turn(*, seconds: float = SECONDS) -> Iterator[None]:
    """Within this block nobody else in this process asks. Raises TooLong when that does not come to be in these seconds."""
    if not _turn.acquire(timeout=seconds):
        raise TooLong("busy", _("正在回答别的问题，请过一会儿再查询。"))
    try:
        yield
    finally:
        _turn.release()


@contextmanager
def opened(
    folder: Path, *, stream: str | None = None, spills: bool = False, memory: str = MEMORY
) -> Iterator["DuckDBPyConnection"]:
    """A database of its own in which nothing can be reached but what lies in the folder, and the path of a `stream`. With
    `spills` it sorts on the disk, in the folder, what the memory does not hold. No extension is loaded, and nobody changes
    these settings afterwards."""
    import duckdb

    connection = duckdb.connect(":memory:", config={**_CLOSED, "memory_limit": memory, "threads": THREADS})
    try:
        connection.execute("SET temp_directory = ?", [str(folder / "spilled") if spills else ""])
        connection.execute("SET allowed_directories = ?", [[str(folder)]])
        connection.execute("SET allowed_paths = ?", [[stream] if stream else []])
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        yield connection
    finally:
        connection.close()


def asked(
    connection: "DuckDBPyConnection", statement: str, values: Sequence[object], *, seconds: float = SECONDS
) -> list[tuple[Any, ...]]:
    """All rows of the answer. Raises TooLong when they take longer than these seconds, Unreadable for a file that is none of
    ours any more."""
    import duckdb

    timer = threading.Timer(seconds, connection.interrupt)
    timer.start()
    try:
        return connection.execute(statement, list(values)).fetchall()
    except (duckdb.InterruptException, duckdb.OutOfMemoryException):
        raise TooLong(
            "too_long", _("这个问题需要的时间或者内存太多。请缩小月份范围，或者少选一个条件。")
        ) from None
    except (duckdb.IOException, duckdb.InvalidInputException):
        raise Unreadable("unreadable", unreadable()) from None
    finally:
        timer.cancel()
