"""Whole records out of the vault for those who speak to PostgreSQL without Django; the phrases that they share."""

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final
from uuid import UUID

import msgspec

from haochaping.identity.fragments import (
    INSERT_PHRASES,
    SELECT_PHRASES,
    SELECT_PHRASES_BY_TEXT,
    SELECT_SEALED_RECORDS,
)
from haochaping.identity.packing import UNSTORED, Numbered, Phrase, phrases_of, unpacked
from haochaping.identity.vault import Vault

if TYPE_CHECKING:
    import asyncpg
    from asyncpg.pool import PoolConnectionProxy

    Connection = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]

# Longer ones are spelled out: an entry of an index has 2,704 bytes.
_LONGEST: Final = 2_000
_NOTHING: Final = "{}"
_encoder = msgspec.json.Encoder(order="sorted")


def phrase_text(phrase: Phrase) -> str:
    """The one writing of a phrase."""
    return _encoder.encode(phrase).decode()


class PhraseBook:
    """The phrases that this process has met, by text and by number. A phrase never changes, and none is taken away."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}
        self._phrases: dict[int, Phrase] = {}

    def numbered(self, text: str, fields: frozenset[str]) -> Numbered:
        """A phrase, that tells of these fields, by its number; UNSTORED where this process does not know it to be stored."""
        number = self._numbers.get(text)
        return UNSTORED if number is None else (number, fields)

    async def prepare(self, connection: "Connection", texts: Collection[str]) -> None:
        """Sees that these phrases are stored and known; outside any transaction, so that nobody waits for another's. Raises
        what asyncpg raises."""
        wanted = sorted(each for each in {*texts} - self._numbers.keys() if _fits(each))
        if not wanted:
            return
        found = await connection.fetch(SELECT_PHRASES_BY_TEXT, wanted)
        if len(found) < len(wanted):
            await connection.execute(INSERT_PHRASES, sorted({*wanted} - {row["text"] for row in found}))
            found = await connection.fetch(SELECT_PHRASES_BY_TEXT, wanted)
        self._learn(found)

    async def phrases(self, connection: "Connection", numbers: Collection[int]) -> Mapping[int, Phrase]:
        """What stands under these numbers, and more."""
        if missing := {*numbers} - self._phrases.keys():
            self._learn(await connection.fetch(SELECT_PHRASES, sorted(missing)))
        return self._phrases

    def _learn(self, rows: Sequence[Any]) -> None:
        for row in rows:
            self._numbers[row["text"]] = row["id"]
            self._phrases[row["id"]] = msgspec.json.decode(row["text"], type=dict[str, str])


async def opened_records(
    connection: "Connection", vault: Vault, book: PhraseBook, ids: Collection[UUID]
) -> dict[UUID, dict[str, str]]:
    """Vault record id → what was reported, fields by name; what the vault does not hold is left out.

    Raises MasterUnknown and SealBroken as the vault does.
    """
    rows = {row["id"]: row for row in await connection.fetch(SELECT_SEALED_RECORDS, list(ids))}
    plain: dict[UUID, bytes] = {}
    for row_id, row in rows.items():
        vault.learn(row["key_id"], row["wrapped"], row["wrapped_by"])
        plain[row_id] = vault.open_bytes(row["record"], row=row_id, column="record", key_id=row["key_id"])
    numbers = {number for each in plain.values() for number in phrases_of(each) if number}
    phrases = await book.phrases(connection, numbers)
    found = {}
    for row_id, row in rows.items():

        def column(name: str, row: Any = row) -> str:
            return vault.open(row[name], row=row["id"], column=name, key_id=row["key_id"])

        found[row_id] = unpacked(plain[row_id], column, phrases)
    return found


def _fits(text: str) -> bool:
    return text != _NOTHING and len(text.encode()) <= _LONGEST
