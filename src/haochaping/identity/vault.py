"""The vault's seals: SM4-GCM per field, one data key a year, each seal bound to its row and column.

No Django here: the door, the jobs and the commands use the same vault. Data keys lie in identity_datakey,
wrapped under a key derived from the master key; a process opens each once and keeps it.
"""

import os
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Protocol
from uuid import UUID

from haochaping.foundation.clock import local_day
from haochaping.foundation.keys import key_for
from haochaping.foundation.sealing import KEY_SIZE, hmac_sm3, seal, unseal
from haochaping.identity.fragments import INSERT_DATA_KEY, SELECT_DATA_KEY, SELECT_DATA_KEYS

_PASSED_OVER = str.maketrans("", "", " \t-‐-―－·•‧・.．()（）")


class KeyUnknown(LookupError):
    """What was sealed names a data key that this process has not opened: load it first."""


class Connection(Protocol):
    """As much of an asyncpg connection as the vault needs."""

    async def execute(self, query: str, *arguments: Any) -> str: ...
    async def fetch(self, query: str, *arguments: Any) -> list[Any]: ...
    async def fetchrow(self, query: str, *arguments: Any) -> Any: ...


def key_id_at(now: datetime) -> int:
    """The data key of an instant: one for each local year, named by the year."""
    return local_day(now).year


class Vault:
    """Seals and opens fields under data keys that were opened before; makes blind indexes.

    `wrapping` and `blinding` are 16-byte keys, by default those of this installation.
    """

    def __init__(self, *, wrapping: bytes | None = None, blinding: bytes | None = None) -> None:
        self._wrapping = wrapping if wrapping is not None else key_for("vault kek")
        self._blinding = blinding if blinding is not None else key_for("blind index")
        self._data_keys: dict[int, bytes] = {}

    def knows(self, key_id: int) -> bool:
        """Whether the data key is open in this process."""
        return key_id in self._data_keys

    def wrap_new(self, key_id: int) -> bytes:
        """A fresh data key, wrapped; it is not used before it was stored and read back."""
        return seal(self._wrapping, os.urandom(KEY_SIZE), _key_place(key_id))

    def learn(self, key_id: int, wrapped: bytes) -> None:
        """Opens a stored data key. Raises SealBroken when it was wrapped under another master key."""
        self._data_keys[key_id] = unseal(self._wrapping, wrapped, _key_place(key_id))

    def seal(self, text: str, *, row: UUID, column: str, key_id: int) -> bytes:
        """`text` sealed for one column of one row of identity_vaultrecord. Raises KeyUnknown."""
        return seal(self._key(key_id), text.encode(), _place(row, column))

    def open(self, sealed: bytes, *, row: UUID, column: str, key_id: int) -> str:
        """What `seal` closed. Raises SealBroken, also for another row or column, and KeyUnknown."""
        return unseal(self._key(key_id), bytes(sealed), _place(row, column)).decode()

    def blind(self, kind: str, value: str) -> bytes:
        """A keyed hash (32 bytes) of the normalised value for look-up; `kind` is name, document or phone."""
        return hmac_sm3(self._blinding, f"{kind}:{normalised(value)}".encode())

    async def prepare(self, connection: Connection, now: datetime) -> int:
        """The id of the data key of `now`, opened; made when the year has none yet.

        Two processes agree: whoever inserts first wins, and both read what is stored.
        """
        key_id = key_id_at(now)
        if not self.knows(key_id):
            await connection.execute(INSERT_DATA_KEY, key_id, key_id, self.wrap_new(key_id), now)
            row = await connection.fetchrow(SELECT_DATA_KEY, key_id)
            self.learn(key_id, row["wrapped"])
        return key_id

    async def prepare_to_open(self, connection: Connection, key_ids: Sequence[int]) -> None:
        """Opens those of the data keys that are not open yet."""
        missing = [key_id for key_id in set(key_ids) if not self.knows(key_id)]
        if missing:
            for row in await connection.fetch(SELECT_DATA_KEYS, missing):
                self.learn(row["id"], row["wrapped"])

    def _key(self, key_id: int) -> bytes:
        if key_id not in self._data_keys:
            raise KeyUnknown(key_id)
        return self._data_keys[key_id]


def normalised(value: str) -> str:
    """One form for one value: full-width narrowed, upper case, without blanks, hyphens and dots."""
    return unicodedata.normalize("NFKC", value).upper().translate(_PASSED_OVER)


def _place(row: UUID, column: str) -> bytes:
    return b"identity_vaultrecord." + column.encode() + b":" + row.bytes


def _key_place(key_id: int) -> bytes:
    return f"identity_datakey:{key_id}".encode()
