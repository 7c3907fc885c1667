"""The keys of one data directory: made once, never made anew over data that need the old ones."""

import base64
import os
import secrets
from pathlib import Path

from haochaping.starter.progress import StartError

MASTER = "master.key"
DATABASE = "postgres.key"


def ensure_keys(keys: Path, *, needed_by: str | None) -> None:
    """Makes the master key (32 bytes, base64) when it is missing; every other key is derived from it.

    `needed_by` names data that exist already and were sealed with it. Then a missing key raises StartError:
    a new one would not open them.
    """
    _ensure(keys / MASTER, base64.b64encode(secrets.token_bytes(32)).decode(), needed_by)


def ensure_database_password(keys: Path, *, needed_by: str | None) -> str:
    """The password of our own PostgreSQL; raises StartError when it is lost although the database exists."""
    return _ensure(keys / DATABASE, secrets.token_hex(24), needed_by)


def _ensure(path: Path, fresh: str, needed_by: str | None) -> str:
    if path.exists():
        return path.read_text().strip()
    if needed_by is not None:
        raise StartError(
            f"{path} is missing, and {needed_by} needs it. Put back the key that was saved, or start with "
            "a new --data directory. No new key was made: it would not open the old data."
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
