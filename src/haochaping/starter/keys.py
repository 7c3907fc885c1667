"""The keys of one data directory: made once, never made anew over data that need the old ones."""

import base64
import os
import secrets
from pathlib import Path

from haochaping.starter.progress import StartError

MASTER = "master.key"
DATABASE = "postgres.key"


def ensure_keys(keys: Path, *, data_exist: bool) -> None:
    """Makes the master key (32 bytes, base64) when it is missing; every other key is derived from it.

    Raises StartError when it is missing although data exist: nothing sealed could be read again.
    """
    _ensure(keys / MASTER, base64.b64encode(secrets.token_bytes(32)).decode(), data_exist=data_exist)


def ensure_database_password(keys: Path, *, data_exist: bool) -> str:
    """The password of our own PostgreSQL; raises StartError when it is lost although the database exists."""
    return _ensure(keys / DATABASE, secrets.token_hex(24), data_exist=data_exist)


def _ensure(path: Path, fresh: str, *, data_exist: bool) -> str:
    if path.exists():
        return path.read_text().strip()
    if data_exist:
        raise StartError(
            f"{path} is missing, but the data that need it exist. Put back the key that was saved, "
            "or start with a new --data directory. No new key was made: it would not open the old data."
        )
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(fresh + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(unfinished, path)  # unlike a rename, this never replaces the key of a faster start
    except FileExistsError:
        return path.read_text().strip()
    finally:
        unfinished.unlink()
    return fresh
