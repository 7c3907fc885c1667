"""Reading rule files strictly: what is missing, of the wrong kind or unknown is named by file and key."""

import os
import re
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from stat import S_ISREG

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


class Section:
    """One table of a rule file. Each key is taken once by its kind; `finish` refuses what nobody took. What is not as it
    should be raises RulesError with file and key."""

    def __init__(self, content: dict[str, object], *, file: str, key: str = "") -> None:
        self._content = content
        self._known: set[str] = set()
        self.file = file
        self.key = key

    def place(self, name: str) -> str:
        """The full key of `name` in this table, as an error names it: `window[0].value.n`."""
        return f"{self.key}.{name}" if self.key else name

    def error(self, name: str, problem: str) -> RulesError:
        """The error to raise about the key `name` of this table ("" for the table itself)."""
        return RulesError(self.file, self.place(name) if name else self.key, problem)

    def __contains__(self, name: str) -> bool:
        return name in self._content

    def names(self) -> Iterator[str]:
        """The keys that are there, in the order of the file."""
        return iter(self._content)

    def _take(self, name: str, kind: type, expected: str) -> object:
        self._known.add(name)
        if name not in self._content:
            raise self.error(name, f"is missing; expected {expected}")
        found = self._content[name]
        # bool is an int and datetime a date to Python, not to a lawyer: the exact type is asked for.
        if type(found) is not kind:
            raise self.error(name, f"expected {expected}, found {found!r}")
        return found

    def text(self, name: str) -> str:
        """A text that is not empty."""
        found = str(self._take(name, str, "a text")).strip()
        if not found:
            raise self.error(name, "must not be empty")
        return found

    def optional_text(self, name: str) -> str | None:
        """A text, or None when the key is absent."""
        self._known.add(name)
        return self.text(name) if name in self else None

    def integer(self, name: str, *, least: int, most: int) -> int:
        """A whole number within both bounds."""
        found = self._take(name, int, "a whole number")
        assert isinstance(found, int)  # noqa: S101 - narrows the type for the checker
        if not least <= found <= most:
            raise self.error(name, f"{found} is not between {least} and {most}")
        return found

    def day(self, name: str) -> date:
        """A date without a time, written 2020-06-02."""
        found = self._take(name, date, "a date such as 2020-06-02")
        assert isinstance(found, date)  # noqa: S101 - narrows the type for the checker
        return found

    def optional_day(self, name: str) -> date | None:
        """A date, or None when the key is absent."""
        self._known.add(name)
        return self.day(name) if name in self else None

    def days(self, name: str) -> tuple[date, ...]:
        """A list of dates; empty when the key is absent."""
        self._known.add(name)
        found = self._list(name) if name in self else []
        for day in found:
            if not isinstance(day, date) or isinstance(day, datetime):
                raise self.error(name, f"expected dates such as 2020-06-02, found {day!r}")
        return tuple(day for day in found if isinstance(day, date))

    def _list(self, name: str) -> list[object]:
        found = self._take(name, list, "a list")
        assert isinstance(found, list)  # noqa: S101 - narrows the type for the checker
        return found

    def section(self, name: str) -> "Section":
        """A table inside this one."""
        found = self._take(name, dict, "a table")
        assert isinstance(found, dict)  # noqa: S101 - narrows the type for the checker
        return Section(found, file=self.file, key=self.place(name))

    def sections(self, name: str) -> list["Section"]:
        """A list of tables, at least one."""
        found = self._list(name)
        if not found:
            raise self.error(name, "expected at least one entry")
        tables = []
        for index, each in enumerate(found):
            if not isinstance(each, dict):
                raise self.error(f"{name}[{index}]", f"expected a table, found {each!r}")
            tables.append(Section(each, file=self.file, key=f"{self.place(name)}[{index}]"))
        return tables

    def finish(self) -> None:
        """Raises RulesError for the first key that nobody asked for, with the nearest one that exists."""
        for name in self._content:
            if name not in self._known:
                near = get_close_matches(name, sorted(self._known), n=1)
                hint = f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted(self._known))}"
                raise self.error(name, f"unknown key; {hint}")


def read_toml(path: Path, *, root: Path) -> Section:
    """The whole file as one table; numbers with a point stay exact. `root` shortens the name in errors.

    Raises RulesError when the file cannot be read, is not UTF-8 or not TOML.
    """
    content, _ = read_content(path, root=root)
    return Section(content, file=path.relative_to(root).as_posix())


def read_content(path: Path, *, root: Path) -> tuple[dict[str, object], str]:
    """What a TOML file holds, and its text. Raises RulesError as `read_toml` does."""
    file = path.relative_to(root).as_posix()
    text = _text(path, file)
    try:
        return tomllib.loads(text, parse_float=Decimal), text
    except tomllib.TOMLDecodeError as problem:
        found = re.search(r"at line (\d+)", str(problem))
        line = int(found[1]) if found else len(text.splitlines())
        raise RulesError(file, "", f"is not valid TOML: {problem}", line=line) from problem
    except ValueError as problem:
        # Python refuses to read a number of thousands of digits.
        raise RulesError(file, "", f"is not valid TOML: {problem}") from problem
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
