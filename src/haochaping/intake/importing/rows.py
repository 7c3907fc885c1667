"""From a record of the file to one that can be judged, by the API's own reader; corrected rows are made whole first."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Final

import msgspec

from haochaping.cases.rules import flattened
from haochaping.foundation.errors import Problem
from haochaping.intake import bulk
from haochaping.intake.bulk import Reported
from haochaping.intake.dialects import Dialect
from haochaping.intake.importing.hiding import restored
from haochaping.intake.importing.raw import Raw

# The columns of ours in an error file. No field of a record begins like this.
MARK: Final = "#"
LINE, VERDICT, FIELD, CODE, MESSAGE, SEALED = "#line", "#verdict", "#field", "#code", "#message", "#sealed"
LEADING: Final = (LINE, VERDICT, FIELD, CODE, MESSAGE)

_decoder = msgspec.json.Decoder(float_hook=Decimal)


@dataclass(frozen=True, slots=True)
class Row:
    """One record as it is judged, and what it was read from: the cells of a table, or the text of a JSON record. `lost` are
    the fields in which something stands that is not among these."""

    reported: Reported
    cells: Mapping[str, str] = field(default_factory=dict, repr=False)
    text: bytes = field(default=b"", repr=False)
    lost: frozenset[str] = frozenset()

    def sent(self) -> tuple[Mapping[str, str], frozenset[str]]:
        """The fields as the sender wrote them, and those that cannot be brought into texts."""
        if self.cells or not self.text:
            return self.cells, self.lost
        fields, faults = _fields(self.text)
        return fields, self.lost | _fields_of(faults)


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads by one dialect; `key` is that of the digest. `corrected`: the file is an error file of ours that comes back."""

    key: bytes
    dialect: Dialect | None
    corrected: bool

    def row(self, raw: Raw) -> Row:
        """The record of one line, with everything that is wrong with it. Raises nothing."""
        if self.corrected:
            return self._made_whole(raw)
        text = raw.text or msgspec.json.encode(raw.cells)
        found = bulk.reported(raw.line, text, self.key, self.dialect)
        return Row(_with(found, raw.problems), raw.cells, raw.text, _fields_of(raw.problems))

    def _made_whole(self, raw: Raw) -> Row:
        """A corrected row without the columns of ours, what was left masked filled in again."""
        sent, faults = (raw.cells, []) if raw.cells else _fields(raw.text)
        if not sent:
            # Not to be read as fields at all: the API's reader says why.
            return Row(_with(bulk.reported(raw.line, raw.text, self.key, self.dialect), raw.problems))
        own = {name: value for name, value in sent.items() if not name.startswith(MARK)}
        whole, masked = restored(own, sent.get(LINE, ""), sent.get(SEALED, ""))
        found = bulk.reported(raw.line, msgspec.json.encode(whole), self.key, self.dialect)
        problems = [*raw.problems, *faults, *masked]
        return Row(_with(found, problems), whole, lost=_fields_of(problems))


def is_ours(raw: Raw) -> bool:
    """Whether the first record of a file is one of an error file of ours."""
    names = raw.cells or _fields(raw.text)[0]
    return {LINE, VERDICT} <= names.keys()


def _with(found: Reported, problems: Sequence[Problem]) -> Reported:
    """The record with problems of the line, of which those that follow from them are left out."""
    if not problems:
        return found
    told = {each.field for each in problems}
    rest = [each for each in found.problems if "" not in told and each.field not in told]
    return replace(found, record={}, problems=(*problems, *rest), text="", digest=b"")


def _fields_of(problems: Sequence[Problem]) -> frozenset[str]:
    return frozenset(each.field for each in problems if each.field)


def _fields(text: bytes) -> tuple[dict[str, str], list[Problem]]:
    """The fields of a JSON record that can be brought into texts, and what is wrong with others; nothing of no record."""
    try:
        value = _decoder.decode(text)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError, ArithmeticError):
        return {}, []
    return flattened(value)
