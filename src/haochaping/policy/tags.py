"""The national dictionary of rating tags: `rules/tags/rating_tags.csv`."""

import csv
from dataclasses import dataclass
from pathlib import Path

from haochaping.policy.sources import RULES_DIR, RulesError

_FILE = "tags/rating_tags.csv"
_COLUMNS = ["code", "level", "version", "kind", "status", "name"]
_KINDS = {"base", "extended"}
_STATES = {"in_use", "retired"}


@dataclass(frozen=True, slots=True)
class Tag:
    """`code` as senders write it, the level it goes with (5..1), and whether it may still be offered."""

    code: str
    level: int
    version: int
    kind: str
    in_use: bool
    name: str


class Tags:
    """The dictionary, immutable. Retired tags are decoded in old data, never offered."""

    def __init__(self, tags: tuple[Tag, ...]) -> None:
        self._by_code = {tag.code: tag for tag in tags}
        self._offered: dict[tuple[int, int], tuple[Tag, ...]] = {}
        for tag in tags:
            if tag.in_use:
                key = tag.level, tag.version
                self._offered[key] = (*self._offered.get(key, ()), tag)

    @classmethod
    def load(cls, rules_dir: Path | None = None) -> "Tags":
        """Reads the dictionary. Raises RulesError naming file, line and what is wrong."""
        path = (rules_dir or RULES_DIR) / _FILE
        try:
            rows = list(csv.reader(path.read_text(encoding="utf-8-sig").splitlines()))
        except OSError as problem:
            raise RulesError(_FILE, "", f"cannot be read ({problem.strerror})") from problem
        except UnicodeDecodeError as problem:
            raise RulesError(_FILE, "", "is not UTF-8 text; save it as UTF-8") from problem
        if not rows or rows[0] != _COLUMNS:
            raise RulesError(_FILE, "line 1", f"expected the columns {','.join(_COLUMNS)}")
        tags: dict[str, Tag] = {}
        for number, row in enumerate(rows[1:], start=2):
            tag = _read_row(row, number)
            if tag.code in tags:
                raise RulesError(_FILE, f"line {number}", f"the code {tag.code} is given twice")
            tags[tag.code] = tag
        return cls(tuple(tags.values()))

    def offered(self, level: int, version: int = 2) -> tuple[Tag, ...]:
        """The tags to offer at a level, in the order of the dictionary; empty when there are none."""
        return self._offered.get((level, version), ())

    def decode(self, code: str) -> Tag | None:
        """The tag of a code, retired ones too; None when the dictionary has no such code."""
        return self._by_code.get(code)


def _read_row(row: list[str], number: int) -> Tag:
    place = f"line {number}"
    if len(row) != len(_COLUMNS):
        raise RulesError(_FILE, place, f"expected {len(_COLUMNS)} columns, found {len(row)}")
    code, level, version, kind, status, name = (cell.strip() for cell in row)
    numbers_ok = all(cell.isascii() and cell.isdigit() for cell in (code, level, version))
    if not (numbers_ok and 1 <= int(level) <= 5 and kind in _KINDS and status in _STATES and name):
        raise RulesError(
            _FILE, place, f"{','.join(row)!r} is no tag: code, level 1..5, version, kind, status, name"
        )
    return Tag(code, int(level), int(version), kind, status == "in_use", name)
