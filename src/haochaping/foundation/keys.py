"""Where keys come from: the environment, systemd's credentials, the files that `up` made in the data directory, or
hardware.

A key's text is `MASTER`, `MASTER.ROOT` or, with hardware, `.ROOT`: base64 of the master key and of the root
secret that it wraps. Without a root of its own the master key is the root (docs/identity.md).
"""

import base64
import binascii
import importlib
import os
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from haochaping.foundation.masters import MASTER_SIZE, HeldMaster, Master, Ring
from haochaping.foundation.sealing import SealBroken, derive

FILE = "master.key"
# As LoadCredential= of our units names it: a copy that only the process sees, of a file that only root can read.
CREDENTIAL = "haochaping.master.key"
RETIRED = "retired"


class KeyMissing(Exception):
    """No usable master key: without it nothing that was sealed can be read, so nothing starts."""


def read_ring(environment: Mapping[str, str] | None = None) -> Ring:
    """The master keys, read now. Raises KeyMissing.

    HAOCHAPING_MASTER_KEY is the text of the current key, HAOCHAPING_OLD_MASTER_KEYS those of earlier ones; else the
    credential holds the current one and on further lines earlier ones; else they are the files of HAOCHAPING_DATA/keys.
    HAOCHAPING_MASTER_MODULE names a Python module with
    `masters(environment)`, the current master first: then only the root comes from the text.
    """
    values = os.environ if environment is None else environment
    text, source, old = _texts(values)
    root = text.strip().partition(".")[2]
    sealed_root = _bytes(root, source) if root else None
    if module := values.get("HAOCHAPING_MASTER_MODULE"):
        if sealed_root is None:
            raise KeyMissing(f"{source} holds no root secret: make one with ./haochaping keys new")
        current, *others = masters_of(module, values)
        return Ring(current, tuple(others), sealed_root)
    retired = [held(each, where) for each, where in old]
    return Ring(held(text, source), tuple(retired), sealed_root)


def masters_of(module: str, environment: Mapping[str, str]) -> Sequence[Master]:
    """The master keys that a module gives, the current one first. Raises KeyMissing when there is none."""
    try:
        found: Sequence[Master] = importlib.import_module(module).masters(environment)
    except (ImportError, AttributeError) as error:
        raise KeyMissing(
            f"HAOCHAPING_MASTER_MODULE: {module} with masters() was not found ({error})"
        ) from error
    if not found:
        raise KeyMissing(f"HAOCHAPING_MASTER_MODULE: {module} gave no master key")
    return found


def held(text: str, source: str) -> HeldMaster:
    """The master key of a key's text. Raises KeyMissing with `source` in its words."""
    key = _bytes(text.strip().partition(".")[0], source)
    if len(key) != MASTER_SIZE:
        raise KeyMissing(
            f"{source} holds {len(key)} bytes, not {MASTER_SIZE}: put back the key that was saved"
        )
    return HeldMaster(key)


def written(ring: Ring) -> str:
    """The text that `read_ring` reads this ring's current key from."""
    current = ring.current
    master = base64.b64encode(current.secret).decode() if isinstance(current, HeldMaster) else ""
    return master + ("." + base64.b64encode(ring.sealed_root).decode() if ring.sealed_root else "")


def credential_of(environment: Mapping[str, str]) -> Path | None:
    """The file of the master key that systemd handed over; None when it did not."""
    folder = environment.get("CREDENTIALS_DIRECTORY")
    path = Path(folder) / CREDENTIAL if folder else None
    return path if path is not None and path.exists() else None


def _texts(values: Mapping[str, str]) -> tuple[str, str, list[tuple[str, str]]]:
    """Text and source of the current key, and of each retired one."""
    if text := values.get("HAOCHAPING_MASTER_KEY"):
        old = values.get("HAOCHAPING_OLD_MASTER_KEYS", "").split()
        return text, "HAOCHAPING_MASTER_KEY", [(each, "HAOCHAPING_OLD_MASTER_KEYS") for each in old]
    if (credential := credential_of(values)) is not None:
        text, *earlier = credential.read_text().split() or [""]
        return text, str(credential), [(each, str(credential)) for each in earlier]
    if not (data := values.get("HAOCHAPING_DATA")):
        raise KeyMissing(
            "neither HAOCHAPING_MASTER_KEY nor HAOCHAPING_DATA is set: start with ./haochaping up"
        )
    path = Path(data) / "keys" / FILE
    if not path.exists():
        raise KeyMissing(
            f"{path} is missing: put back the key that was saved, or start with a new data directory"
        )
    files = sorted((path.parent / RETIRED).glob("*.key"))
    return path.read_text(), str(path), [(each.read_text(), str(each)) for each in files]


def _bytes(text: str, source: str) -> bytes:
    try:
        return base64.b64decode(text.strip(), validate=True)
    except binascii.Error as error:
        raise KeyMissing(f"{source} is not base64: put back the key that was saved") from error


@cache
def root_secret() -> bytes:
    """The root of this process's keys, read once: it does not change with the master key. Raises KeyMissing."""
    try:
        return read_ring().root()
    except SealBroken as error:
        raise KeyMissing(
            "the root secret was wrapped by another master key: put back the key that was saved"
        ) from error


@cache
def key_for(purpose: str) -> bytes:
    """The 16-byte key of this process for one purpose, such as "rating token"."""
    return derive(root_secret(), purpose)
