"""Where the master key comes from: the environment, or the file that `up` made in the data directory."""

import base64
import binascii
import os
from functools import cache
from pathlib import Path

from haochaping.foundation.sealing import derive

MASTER_SIZE = 32


class KeyMissing(Exception):
    """No usable master key: without it nothing that was sealed can be read, so nothing starts."""


def _decoded(text: str, source: str) -> bytes:
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except binascii.Error as error:
        raise KeyMissing(f"{source} is not base64: put back the key that was saved") from error
    if len(key) != MASTER_SIZE:
        raise KeyMissing(
            f"{source} holds {len(key)} bytes, not {MASTER_SIZE}: put back the key that was saved"
        )
    return key


def read_master_key(environment: dict[str, str] | None = None) -> bytes:
    """32 bytes out of HAOCHAPING_MASTER_KEY (base64) or HAOCHAPING_DATA/keys/master.key. Raises KeyMissing."""
    values = os.environ if environment is None else environment
    if text := values.get("HAOCHAPING_MASTER_KEY"):
        return _decoded(text, "HAOCHAPING_MASTER_KEY")
    if not (data := values.get("HAOCHAPING_DATA")):
        raise KeyMissing(
            "neither HAOCHAPING_MASTER_KEY nor HAOCHAPING_DATA is set: start with ./haochaping up"
        )
    path = Path(data) / "keys" / "master.key"
    if not path.exists():
        raise KeyMissing(
            f"{path} is missing: put back the key that was saved, or start with a new data directory"
        )
    return _decoded(path.read_text(), str(path))


@cache
def master_key() -> bytes:
    """The master key of this process, read once."""
    return read_master_key()


@cache
def key_for(purpose: str) -> bytes:
    """The 16-byte key of this process for one purpose, such as "rating token"."""
    return derive(master_key(), purpose)
