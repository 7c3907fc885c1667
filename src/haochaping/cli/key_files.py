"""The master key's files in the data directory: the current one, and the retired ones beside it."""

import base64
import os
import secrets
from pathlib import Path

from haochaping.foundation.keys import FILE, RETIRED, written
from haochaping.foundation.masters import MASTER_SIZE, HeldMaster, Ring


def fresh_master() -> HeldMaster:
    """A new master key out of the system's random numbers."""
    return HeldMaster(secrets.token_bytes(MASTER_SIZE))


def succeed(keys: Path, ring: Ring) -> Ring:
    """The ring after a new master key took the place of the current one in the folder `keys`.

    The old key is kept first, so that at no moment something is sealed under a key that is nowhere.
    """
    old = ring.current
    if not isinstance(old, HeldMaster):
        raise TypeError("a master key in hardware has no file")
    successor = ring.succeeded_by(fresh_master())
    kept = keys / RETIRED
    kept.mkdir(mode=0o700, exist_ok=True)
    _write(kept / f"{old.fingerprint}.key", base64.b64encode(old.secret).decode())
    _write(keys / FILE, written(successor))
    return successor


def _write(path: Path, text: str) -> None:
    """The whole file or the one that was there before, on the disk when this returns."""
    unfinished = path.with_name(f".{path.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text + "\n")
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
