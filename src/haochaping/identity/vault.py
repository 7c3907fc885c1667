"""The vault's seals: SM4-GCM per field, one data key a year, each seal bound to its row and column.

No Django here: the door, the jobs and the commands use the same vault. Keys lie in identity_datakey, wrapped
under a master key; a process opens each once and keeps it.
"""

import os
import re
import unicodedata
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Protocol
from uuid import UUID

from haochaping.foundation.clock import local_day
from haochaping.foundation.keys import read_ring
from haochaping.foundation.masters import MasterUnknown, Ring
from haochaping.foundation.sealing import KEY_SIZE, Sealer, hmac_sm3, seal, unseal
from haochaping.identity.fragments import (
    HOLD_CURRENT_KEY,
    INSERT_FIRST_KEY,
    SELECT_CURRENT_KEY,
    SELECT_FREE_ID,
)

DATA: Final = "data"
INDEX: Final = "index"
SEALED: Final = ("name", "document", "phone", "record")
# Index keys belong to no year: what was reported last year is still to be found.
ALL_YEARS: Final = 0
# Of a blind index. With the byte of its length it fills one word of an index's entry; eight would take two.
_BLIND: Final = 7
_PASSED_OVER = str.maketrans("", "", " \t\r\n-‐-―－·•‧・.．()（）\u200b\u200c\u200d\u2060\ufeff")
_WITH_COUNTRY = re.compile(r"(?:\+|00)?86(1\d{10})")


class KeyUnknown(LookupError):
    """What was sealed names a data key that this process has not opened: load it first."""


class Connection(Protocol):
    """As much of an asyncpg connection as the vault needs."""

    async def execute(self, query: str, *arguments: Any) -> str: ...
    async def fetchrow(self, query: str, *arguments: Any) -> Any: ...
    async def fetchval(self, query: str, *arguments: Any) -> Any: ...


@dataclass(frozen=True, slots=True)
class KeysInUse:
    """The ids of the keys that new rows are written with: `data` seals, `index` makes blind indexes."""

    data: int
    index: int


def key_year(now: datetime) -> int:
    """The local year whose data key seals what comes in now."""
    return local_day(now).year


class RowSealer:
    """Seals fields of many rows of identity_vaultrecord under one key, as `Vault.seal` does one. For one thread."""

    def __init__(self, seal: Sealer) -> None:
        self._seal = seal
        self._places = {column: _place_of(column) for column in SEALED}

    def __call__(self, row: UUID, fields: Iterable[tuple[str, str | bytes | None]]) -> list[bytes | None]:
        """Each field (column of SEALED and text, or bytes) sealed in its place; nothing of what is empty."""
        name, seal, places = row.bytes, self._seal, self._places
        return [seal(_plain(said), places[column] + name) if said else None for column, said in fields]


class Vault:
    """Seals and opens fields under keys that were opened before; makes blind indexes.

    `read` gives the master keys, by default those of this installation; they are read again when a key turns
    up that was wrapped by one unknown so far.
    """

    def __init__(self, *, read: Callable[[], Ring] = read_ring) -> None:
        self._read = read
        self._ring = read()
        self._keys: dict[int, bytes] = {}
        self._made: set[int] = set()

    def knows(self, key_id: int) -> bool:
        """Whether the key is open in this process."""
        return key_id in self._keys

    def wrap_new(self, key_id: int) -> tuple[bytes, str]:
        """A fresh key, wrapped, and the master key's fingerprint; not used before it was stored and read back."""
        self._ring = self._read()
        return self._ring.wrap(os.urandom(KEY_SIZE), key_place(key_id))

    def learn(self, key_id: int, wrapped: bytes, wrapped_by: str) -> None:
        """Opens a stored key, once. Raises MasterUnknown without its master key, SealBroken when it is not as it was."""
        if key_id in self._keys:
            return
        try:
            key = self._ring.unwrap(wrapped, key_place(key_id), wrapped_by)
        except MasterUnknown:
            self._ring = self._read()
            key = self._ring.unwrap(wrapped, key_place(key_id), wrapped_by)
        self._keys[key_id] = key

    def seal(self, said: str | bytes, *, row: UUID, column: str, key_id: int) -> bytes:
        """A text, or bytes, sealed for one column of one row of identity_vaultrecord. Raises KeyUnknown."""
        return seal(self._key(key_id), _plain(said), _place(row, column))

    def open(self, sealed: bytes, *, row: UUID, column: str, key_id: int) -> str:
        """The text that `seal` closed. Raises SealBroken, also for another row or column, and KeyUnknown."""
        return self.open_bytes(sealed, row=row, column=column, key_id=key_id).decode()

    def open_bytes(self, sealed: bytes, *, row: UUID, column: str, key_id: int) -> bytes:
        """Likewise, the bytes."""
        return unseal(self._key(key_id), bytes(sealed), _place(row, column))

    def sealer(self, key_id: int) -> "RowSealer":
        """For many rows at once. Raises KeyUnknown."""
        return RowSealer(Sealer(self._key(key_id)))

    def blind(self, kind: str, value: str, *, key_id: int) -> bytes:
        """The first bytes of a keyed hash of the normalised value, for look-up; `kind` is name, document or phone. Two
        values may share them: what is found is opened and looked at. Raises KeyUnknown.
        """
        return self.blind_as_before(kind, value, key_id=key_id)[:_BLIND]

    def blind_as_before(self, kind: str, value: str, *, key_id: int) -> bytes:
        """The whole hash (32 bytes), under which rows lie that were not sealed anew since."""
        return hmac_sm3(self._key(key_id), f"{kind}:{normalised(kind, value)}".encode())

    async def prepare(self, connection: Connection, now: datetime) -> None:
        """Sees that there are a data key for the year of `now` and an index key; outside any transaction.

        Two processes agree: whoever inserts first wins, and both read what is stored.
        """
        year = key_year(now)
        if year in self._made:
            return
        for kind, of in ((DATA, year), (INDEX, ALL_YEARS)):
            while await connection.fetchrow(SELECT_CURRENT_KEY, kind, of) is None:
                key_id = await connection.fetchval(SELECT_FREE_ID)
                wrapped, by = self.wrap_new(key_id)
                await connection.execute(INSERT_FIRST_KEY, key_id, kind, of, wrapped, by, now)
        self._made.add(year)

    async def hold(self, connection: Connection, now: datetime) -> KeysInUse:
        """The keys to write with, opened, and kept from being destroyed until the end of the caller's transaction.

        `prepare` must have been called. Keys change while processes run, so every transaction asks.
        """
        return KeysInUse(
            await self._held(connection, DATA, key_year(now)), await self._held(connection, INDEX, ALL_YEARS)
        )

    async def _held(self, connection: Connection, kind: str, year: int) -> int:
        # Nothing comes back when the key was destroyed while we waited for it: then there is a newer one.
        while (row := await connection.fetchrow(HOLD_CURRENT_KEY, kind, year)) is None:
            if await connection.fetchrow(SELECT_CURRENT_KEY, kind, year) is None:
                raise KeyUnknown(f"{kind} {year}")
        key_id: int = row["id"]
        self.learn(key_id, row["wrapped"], row["wrapped_by"])
        return key_id

    def _key(self, key_id: int) -> bytes:
        if key_id not in self._keys:
            raise KeyUnknown(key_id)
        return self._keys[key_id]


def normalised(kind: str, value: str) -> str:
    """One form for one value: full-width narrowed, upper case, without blanks, hyphens and dots; a phone without +86."""
    plain = unicodedata.normalize("NFKC", value).upper()
    if not plain.isalnum():  # what is passed over is neither
        plain = plain.translate(_PASSED_OVER)
    if kind == "phone" and (found := _WITH_COUNTRY.fullmatch(plain)):
        return found.group(1)
    return plain


def _plain(said: str | bytes) -> bytes:
    return said.encode() if isinstance(said, str) else said


def key_place(key_id: int) -> bytes:
    """What a wrapped key is bound to."""
    return f"identity_datakey:{key_id}".encode()


def _place(row: UUID, column: str) -> bytes:
    return _place_of(column) + row.bytes


def _place_of(column: str) -> bytes:
    return b"identity_vaultrecord." + column.encode() + b":"
