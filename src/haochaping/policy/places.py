"""On which line of a TOML file a key stands: the parser of the standard library does not tell."""

import re
from bisect import bisect_left
from typing import Final

_BLANK: Final = re.compile(r"(?:[ \t\r\n]|#[^\n]*)*")
_SPACE: Final = re.compile(r"[ \t]*")
_BARE: Final = re.compile(r"[A-Za-z0-9_-]*")
_STRING: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}|' r"'''.*?'{3,5}|" r'"(?:\\.|[^"\\])*"|' r"'[^']*'|", re.DOTALL
)
_SCALAR: Final = re.compile(r"[^,\]}\n#]*")


def lines_of(text: str) -> dict[str, int]:
    """The line (from 1) of every key of a valid TOML text: `window[0].value.n` → 12."""
    return _Lines(text).found


def line_of(lines: dict[str, int], key: str) -> int:
    """The line of a key, or of the nearest table around one that is not there; 0 when there is none."""
    while key and key not in lines:
        key = re.sub(r"(\.[^.\[\]]*|\[\d+\]|^[^.\[\]]*)$", "", key)
    return lines.get(key, 0)


class _Lines:
    """One pass over the text; it has been parsed before, so only places are looked for."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0
        self._line_ends = [match.start() for match in re.finditer("\n", text)]
        self._arrays: dict[str, int] = {}
        self.found: dict[str, int] = {}
        prefix = ""
        self._skip(_BLANK)
        while self._at < len(text):
            if text.startswith("[", self._at):
                prefix = self._header()
            else:
                self._pair(prefix)
            self._skip(_BLANK)

    def _skip(self, what: re.Pattern[str]) -> str:
        match = what.match(self._text, self._at)
        assert match is not None  # noqa: S101 - every pattern matches at least the empty text
        self._at = match.end()
        return match[0]

    def _mark(self, key: str, at: int) -> None:
        self.found.setdefault(key, bisect_left(self._line_ends, at) + 1)

    def _header(self) -> str:
        start = self._at
        many = self._text.startswith("[[", start)
        self._at += 2 if many else 1
        names = self._names()
        self._at += 2 if many else 1
        key = ""
        for depth, name in enumerate(names, start=1):
            key = _join(key, name)
            if depth == len(names) and many:
                self._arrays[key] = self._arrays.get(key, -1) + 1
            self._mark(key, start)
            if key in self._arrays:
                key += f"[{self._arrays[key]}]"
                self._mark(key, start)
        return key

    def _names(self) -> list[str]:
        names = []
        while True:
            self._skip(_SPACE)
            quoted = self._text[self._at] in "\"'"
            word = self._skip(_STRING if quoted else _BARE)
            names.append(word[1:-1] if quoted else word)
            self._skip(_SPACE)
            if not self._text.startswith(".", self._at):
                return names
            self._at += 1

    def _pair(self, prefix: str) -> None:
        start = self._at
        for name in self._names():
            prefix = _join(prefix, name)
            self._mark(prefix, start)
        self._at += 1
        self._skip(_SPACE)
        self._value(prefix)

    def _value(self, key: str) -> None:
        opening = self._text[self._at]
        if opening in "\"'":
            self._skip(_STRING)
        elif opening in "[{":
            self._inside(key, "]" if opening == "[" else "}")
        else:
            self._skip(_SCALAR)

    def _inside(self, key: str, closing: str) -> None:
        self._at += 1
        index = 0
        self._skip(_BLANK)
        while not self._text.startswith(closing, self._at):
            if closing == "}":
                self._pair(key)
            else:
                place = f"{key}[{index}]"
                self._mark(place, self._at)
                self._value(place)
                index += 1
            self._skip(_BLANK)
            if self._text.startswith(",", self._at):
                self._at += 1
                self._skip(_BLANK)
        self._at += 1


def _join(key: str, name: str) -> str:
    return f"{key}.{name}" if key else name
