"""A large body on its way in: written down as it comes, hashed as it comes, and handed to another process without a copy."""

import os
from mmap import ACCESS_READ, mmap
from types import TracebackType
from typing import Protocol

from haochaping.intake.inflating import Body


class Digest(Protocol):
    """A hash that is still being made, as hashlib makes them."""

    def update(self, data: bytes, /) -> None: ...
    def hexdigest(self) -> str: ...


class Spool:
    """Memory of the system's, in a file without a name or a place on a disk, which goes when nobody has it open."""

    def __init__(self, digest: Digest) -> None:
        self.size = 0
        self._digest = digest
        self._file = os.fdopen(os.memfd_create("body"), "w+b", buffering=0)

    def __enter__(self) -> "Spool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, problem: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def write(self, chunk: bytes) -> None:
        """The next bytes of the body."""
        self._digest.update(chunk)
        self.size += len(chunk)
        left = memoryview(chunk)
        while left:
            left = left[self._file.write(left) :]

    def hexdigest(self) -> str:
        """Of all bytes so far, by the algorithm that the request names."""
        return self._digest.hexdigest()

    def fileno(self) -> int:
        return self._file.fileno()


def spooled(descriptor: int) -> Body:
    """What a spool holds, in place; it stays after the spool was closed."""
    size = os.fstat(descriptor).st_size
    return mmap(descriptor, size, access=ACCESS_READ) if size else b""
