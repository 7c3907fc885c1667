"""Reading rule files, and how what is wrong with them is told."""

import os
import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from stat import S_ISREG

from haochaping.policy.toml_hints import hint

RULES_DIR = Path(__file__).resolve().parents[3] / "rules"
OPERATOR_RULES = "HAOCHAPING_RULES_DIR"
# A profile that uses every dimension has some 40 KiB.
LARGEST_FILE = 1024 * 1024


def operator_rules() -> tuple[Path, ...]:
    """The operator's own directory of rules, where HAOCHAPING_RULES_DIR names one."""
    named = os.environ.get(OPERATOR_RULES)
    return (Path(named),) if named else ()


@dataclass(frozen=True, slots=True)
class Mistake:
    """What is wrong at a place: file, line (0: not known), key ("" for the whole file), and what was expected."""

    file: str
    key: str
    problem: str
    line: int = 0

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return f"{place}: {self.key}: {self.problem}" if self.key else f"{place}: {self.problem}"


class RulesError(Exception):
    """Rule files cannot be used. Names all `mistakes`; `file`, `key` and `problem` are those of the first one."""

    def __init__(self, file: str, key: str, problem: str, *, line: int = 0) -> None:
        self.mistakes: tuple[Mistake, ...] = (Mistake(file, key, problem, line),)
        super().__init__(str(self.mistakes[0]))
        self.file = file
        self.key = key
        self.problem = problem

    @classmethod
    def of(cls, mistakes: Sequence[Mistake]) -> "RulesError":
        """One error for all mistakes, at least one."""
        first = mistakes[0]
        error = cls(first.file, first.key, first.problem, line=first.line)
        error.mistakes = tuple(mistakes)
        error.args = ("\n".join(map(str, mistakes)),)
        return error


def read_content(path: Path, *, root: Path) -> tuple[dict[str, object], str]:
    """What a TOML file holds - numbers with a point exact -, and its text. `root` shortens the name in errors.

    Raises RulesError when the file cannot be read, is not UTF-8 or not TOML.
    """
    file = path.relative_to(root).as_posix()
    text = _text(path, file)
    try:
        return tomllib.loads(text, parse_float=Decimal), text
    except tomllib.TOMLDecodeError as problem:
        found = re.search(r"at line (\d+)", str(problem))
        lines = text.splitlines() or [""]
        line = int(found[1]) if found else len(lines)
        said = hint(str(problem), lines[min(line, len(lines)) - 1])
        words = f"is not valid TOML: {problem}{f'; {said}' if said else ''}"
        raise RulesError(file, "", words, line=line) from problem
    except ValueError as problem:
        # Python refuses to read whole numbers of thousands of digits.
        long = re.search(r"\d{1000}", text)
        line = text.count("\n", 0, long.start()) + 1 if long else 0
        raise RulesError(file, "", "holds a number of thousands of digits", line=line) from problem
    except RecursionError as problem:
        raise RulesError(file, "", "is nested too deeply") from problem


def _text(path: Path, file: str) -> str:
    try:
        found = path.stat()
        if not S_ISREG(found.st_mode):
            raise RulesError(file, "", "is no file; expected a text in TOML")
        if found.st_size > LARGEST_FILE:
            raise RulesError(file, "", f"is larger than {LARGEST_FILE // 1024} KiB; a profile has some 20")
        raw = path.read_bytes()
    except OSError as problem:
        raise RulesError(file, "", f"cannot be read ({problem.strerror})") from problem
    try:
        return raw.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as problem:
        line = raw.count(b"\n", 0, problem.start) + 1
        raise RulesError(file, "", "is not UTF-8 text; save it as UTF-8", line=line) from problem
