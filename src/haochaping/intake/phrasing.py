"""Which words of a record may lie open, once for all records that say them: those that the registry has itself.

The vault stores them as phrases. A name where it does not belong - of a person in the name of a project - is none of the
registry's, and stays sealed with its record.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from haochaping.cases.rules import CODES, Record
from haochaping.identity.packing import PHRASED, Numbered, Phrase
from haochaping.identity.records import PhraseBook, phrase_text
from haochaping.registry.directory import Directory

_NAMES: Final = frozenset({"orgName", "proDepart", "projectName", "taskName"})
_STAFF: Final = "proManager"
_STAFF_CODE: Final = "proManagerNo"
# Sets of values that are looked at once; a city has some ten thousand windows and items, and what is unique comes on top.
_MOST: Final = 100_000

# What a record says of each of PHRASED, in the order of the fields.
_Said = tuple[str | None, ...]


class Phrasing:
    """What of the records of a call are phrases, by one edition of the registry."""

    def __init__(self, directory: Directory) -> None:
        self.directory = directory
        self._words = directory.words()
        self._texts: list[dict[_Said, tuple[str, frozenset[str]]]] = [{} for _ in PHRASED]

    def texts(self, records: Iterable[Record]) -> set[str]:
        """All phrases of these records."""
        return {text for record in records for text, _ in self._of(record)}

    def numbered(self, record: Record, book: PhraseBook) -> Sequence[Numbered]:
        """The phrases of a record as far as they are stored."""
        return [book.numbered(text, fields) for text, fields in self._of(record)]

    def _of(self, record: Record) -> list[tuple[str, frozenset[str]]]:
        get, found = record.get, []
        for fields, known in zip(PHRASED, self._texts, strict=True):
            said = tuple(map(get, fields))
            one = known.get(said)
            if one is None:
                if len(known) >= _MOST:
                    known.clear()
                phrase = self._public(fields, said)
                one = known[said] = phrase_text(phrase), frozenset(phrase)
            found.append(one)
        return found

    def _public(self, fields: Sequence[str], said: _Said) -> Phrase:
        """What the registry has of it, or the convention as a code."""
        record = {field: value for field, value in zip(fields, said, strict=True) if value is not None}
        return {field: value for field, value in record.items() if self._is_public(field, value, record)}

    def _is_public(self, field: str, value: str, record: Record) -> bool:
        words = self._words
        if (codes := CODES.get(field)) is not None:
            return value in codes
        if field == _STAFF:
            return (record.get(_STAFF_CODE, ""), value) in words.staff
        return value in (words.names if field in _NAMES else words.codes)


class PhrasingKeeper:
    """The phrasing by the edition of the registry in use."""

    def __init__(self) -> None:
        self._phrasing: Phrasing | None = None

    def by(self, directory: Directory) -> Phrasing:
        """Made anew with another edition; kept as long as it is the same."""
        if self._phrasing is None or self._phrasing.directory is not directory:
            self._phrasing = Phrasing(directory)
        return self._phrasing
