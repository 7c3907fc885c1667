"""Reading a value by its shape: every mistake is collected with its place, none hides another."""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, Final

from haochaping.foundation.clock import CN
from haochaping.policy.shapes import Key, Kind, OneOf, keys, kind_of
from haochaping.policy.sources import Mistake


class _Wrong:
    """Stands for a value that could not be read; what is wrong with it is among the mistakes."""


WRONG: Final[Any] = _Wrong()
_MOST_DIGITS: Final = 15
_NUMBER: Final = re.compile(r"(-?\d{1,9}(?:\.\d{1,9})?)([%％]?)")
_DATED: Final = re.compile(r"\d{4}-\d\d-\d\d|\d\d:\d\d:\d\d")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_EXPECTED: Final = {
    bool: "true or false",
    int: "a whole number",
    Decimal: "a number",
    str: "a text",
    date: "a date such as 2020-06-02",
    time: "a time such as 17:00:00",
    datetime: "a time such as 2020-06-08 10:00:00",
}


class Reader:
    """Reads one file's content; `mistakes` are in the order of the reading."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._noted: dict[Mistake, None] = {}

    def wrong(self, key: str, problem: str) -> None:
        """Notes a mistake, once."""
        self._noted[Mistake(self.file, key, problem)] = None

    @property
    def mistakes(self) -> list[Mistake]:
        """All that were noted."""
        return list(self._noted)

    def value(self, kind: Kind, raw: object, key: str) -> Any:
        """The value of a kind, or WRONG."""
        if kind.item is not None:
            return self._list(kind, raw, key)
        if is_dataclass(kind.base):
            return self.table(kind.base, raw, key)
        found = self._plain(kind, raw, key)
        if found is WRONG:
            return WRONG
        problem = _unfit(kind, found)
        if problem:
            self.wrong(key, problem)
            return WRONG
        return found

    def _list(self, kind: Kind, raw: object, key: str) -> Any:
        item = kind.item
        if item is None or not isinstance(raw, list):
            if kind.loose and item is not None:
                found = self.value(item, raw, key)
                return WRONG if found is WRONG else (found,)
            alone = isinstance(raw, str | int) and item is not None and type(raw) is item.base
            written = f"; write [{json.dumps(raw, ensure_ascii=False)}]" if alone else ""
            self.wrong(key, f"expected a list, found {shown(raw)}{written}")
            return WRONG
        if not raw:
            self.wrong(key, "expected a list of at least one entry")
            return WRONG
        read = [self.value(item, each, f"{key}[{index}]") for index, each in enumerate(raw)]
        if any(each is WRONG for each in read):
            return WRONG
        if not is_dataclass(item.base):
            for index, each in enumerate(read):
                if each in read[:index]:
                    self.wrong(f"{key}[{index}]", f"{each} is given twice")
        return tuple(read)

    def _plain(self, kind: Kind, raw: object, key: str) -> Any:
        if kind.base is Decimal and type(raw) is int:
            return Decimal(raw)
        if kind.base is datetime and isinstance(raw, date):
            return self._moment(raw, key)
        # bool is an int and datetime a date to Python, not to a lawyer: the exact type is asked for.
        if type(raw) is not kind.base or (isinstance(raw, Decimal) and not raw.is_finite()):
            self.wrong(key, f"expected {_EXPECTED[kind.base]}, found {shown(raw)}{_unquoted(kind, raw)}")
            return WRONG
        if isinstance(raw, Decimal) and raw and abs(raw.adjusted()) > _MOST_DIGITS:
            self.wrong(
                key, f"{raw} is beyond all measure; expected a number of at most {_MOST_DIGITS} digits"
            )
            return WRONG
        return self._text(raw, key) if isinstance(raw, str) else raw

    def _moment(self, raw: date, key: str) -> Any:
        """A local time, aware; a date alone is 00:00 of that day."""
        found = raw if isinstance(raw, datetime) else datetime.combine(raw, time())
        if found.tzinfo is not None:
            self.wrong(key, "is a local time of Asia/Shanghai: write no time zone")
            return WRONG
        return found.replace(tzinfo=CN)

    def _text(self, raw: str, key: str) -> Any:
        if not raw.strip():
            self.wrong(key, "must not be empty")
            return WRONG
        if _CONTROL.search(raw):
            # Written as \\u0000; no database and no page can hold it.
            self.wrong(key, "holds a control character; take it out")
            return WRONG
        return raw.strip()

    def table(self, shape: type, raw: object, key: str) -> Any:
        """A shape's table, or WRONG."""
        if not isinstance(raw, dict):
            self.wrong(key, f"expected a table, found {shown(raw)}")
            return WRONG
        known = keys(shape)
        given: dict[str, Any] = {}
        for each in known:
            if each.name in raw:
                given[each.attribute] = self.value(each.kind, raw[each.name], _under(key, each.name))
            elif each.required:
                self.wrong(_under(key, each.name), f"is missing; expected {expected(each)}")
                given[each.attribute] = WRONG
        self._others(shape, raw, known, key)
        if any(value is WRONG for value in given.values()):
            return WRONG
        made = shape(**given)
        return WRONG if self.check(made, key) else made

    def _others(self, shape: type, raw: dict[str, object], known: Sequence[Key], key: str) -> None:
        """Keys that are not declared: unknown ones, unless the shape takes `extra` ones of a kind."""
        extra = getattr(shape, "extra", None)
        if extra is None:
            self._unknown(raw, known, key)
        elif extra is not Any:
            for name in raw:
                self.value(kind_of(extra), raw[name], _under(key, name))

    def check(self, made: Any, key: str) -> bool:
        """Whether a value contradicts itself; notes how."""
        contradictions: Callable[[], Iterable[tuple[str, str]]] | None = getattr(made, "mistakes", None)
        found = list(contradictions()) if contradictions is not None else []
        for name, problem in found:
            self.wrong(_under(key, name), problem)
        return bool(found)

    def _unknown(self, raw: dict[str, object], known: Sequence[Key], key: str) -> None:
        """Notes every key that the shape has not; of what one of its tables has, in which."""
        names = [each.name for each in known]
        inner = [each for each in known if is_dataclass(each.kind.base)]
        within = {one.name: each.name for each in reversed(inner) for one in keys(each.kind.base)}
        belong = [name for name in raw if name in within and name not in names]
        for name in belong:
            self.wrong(_under(key, name), f"unknown key here; it belongs into `{within[name]} = {{ … }}`")
        self.unknown({name: raw[name] for name in raw if name not in belong}, names, key)

    def unknown(self, raw: dict[str, object], known: Iterable[str], key: str) -> None:
        """Notes every key that nobody knows, with the nearest one."""
        names = list(known)
        for name in raw:
            if name not in names:
                self.wrong(_under(key, name), f"unknown key; {nearest(name, names)}")


def _unquoted(kind: Kind, raw: object) -> str:
    """How a date, a time or a number that was written as a text is written: 40% as 0.4."""
    if not isinstance(raw, str):
        return ""
    number = _NUMBER.fullmatch(raw)
    if kind.base is Decimal and number is not None:
        return f"; write {Decimal(number[1]) / (100 if number[2] else 1):f}, without quotes"
    plain = raw.isdecimal() if kind.base is int else kind.base in (date, time) and _DATED.fullmatch(raw)
    return f"; write {raw}, without quotes" if plain else ""


def _unfit(kind: Kind, found: Any) -> str:
    if kind.range is not None:
        least, most = kind.range.least, kind.range.most
        if (least is not None and found < least) or (most is not None and found > most):
            if most is None:
                return f"{found} is below {least}"
            return f"{found} is not between {least} and {most}"
    if kind.words is not None and not kind.words.allows(found):
        return f"{found!r} is unknown; expected one of {_choices(kind.words)}{word_hint(found, kind.words.words)}"
    if kind.matching is not None and not re.fullmatch(kind.matching.pattern, found, re.ASCII):
        return f"{found!r} is not {kind.matching.words}"
    return ""


def _choices(words: OneOf) -> str:
    listed = ", ".join(words.keys)
    return f"{listed}, or a text that begins with {words.prefix!r}" if words.prefix else listed


def _hint(name: str, known: Iterable[str]) -> str:
    near = get_close_matches(name, list(known), n=1)
    return f"; did you mean {near[0]!r}?" if near else ""


def word_hint(name: str, words: Mapping[str, str]) -> str:
    """`; did you mean ...?` for a word of a vocabulary that is misspelt, or written as the regulation has it: 工作日."""
    meanings = {meaning: word.removesuffix("_") for word, meaning in words.items()}
    inside = [each for each in meanings if name in each] or [each for each in meanings if each in name]
    if name in meanings or not inside:
        return f"; did you mean {meanings[name]!r}?" if name in meanings else _hint(name, meanings.values())
    # Of several that stand in what was written the longest says most of it, of those that say more the shortest.
    meant = min(inside, key=len) if name in inside[0] else max(inside, key=len)
    return f"; did you mean {meanings[meant]!r} ({meant})?"


def nearest(name: str, known: Iterable[str]) -> str:
    """Did you mean ...? Or all that is known."""
    names = sorted(known)
    return _hint(name, names).removeprefix("; ") or f"known are {', '.join(names)}"


def expected(key: Key) -> str:
    """What a key holds, in words."""
    if key.kind.item is not None:
        return "a list"
    if is_dataclass(key.kind.base):
        return "a table"
    if key.kind.words is not None:
        return f"one of {_choices(key.kind.words)}"
    return _EXPECTED[key.kind.base]


def shown(raw: object) -> str:
    """What was found, as it stands in the file, as far as that is short."""
    if isinstance(raw, bool):
        return str(raw).lower()
    if isinstance(raw, dict):
        return "a table"
    return "a list" if isinstance(raw, list) else repr(raw) if isinstance(raw, str) else str(raw)


def _under(key: str, name: str) -> str:
    if name.startswith("[") or not key:
        return f"{key}{name}"
    return f"{key}.{name}" if name else key
