"""Who works on a data directory now: file locks, which the kernel takes back from whoever dies."""

import fcntl
import json
import os
from pathlib import Path


class Lock:
    """A lock on one file; the holder leaves a few words about himself in it for the others.

    Given back when closed or when the process ends, however it ends; children do not inherit it.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)

    def take(self, *, shared: bool = False, wait: bool = False) -> bool:
        """Whether the lock is ours now. With `wait` it always is, sooner or later."""
        mode = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
        try:
            fcntl.flock(self._descriptor, mode if wait else mode | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True

    def describe(self, **words: str | int) -> None:
        """Writes what others may read about the holder; nothing when there are no words."""
        os.ftruncate(self._descriptor, 0)
        os.pwrite(self._descriptor, json.dumps(words).encode() if words else b"", 0)

    def description(self) -> dict[str, str | int]:
        """What the present holder, or one that died, wrote; empty when nothing is there."""
        try:
            found = json.loads(os.pread(self._descriptor, 4096, 0) or b"{}")
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}

    def close(self) -> None:
        os.close(self._descriptor)
