"""One table of a scenario's file: what is wrong with it is noted with its place, and the reading goes on."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from difflib import get_close_matches
from typing import Any

from haochaping.foundation.clock import CN
from haochaping.policy.sources import Mistake


class Table:
    """One table of the file; notes what is wrong with it and goes on."""

    def __init__(self, content: Mapping[str, Any], place: str, file: str, mistakes: list[Mistake]) -> None:
        self.content, self.place, self.file, self.mistakes = content, place, file, mistakes

    def wrong(self, key: str, problem: str) -> None:
        """Notes a mistake."""
        place = f"{self.place}.{key}" if self.place and key else self.place or key
        self.mistakes.append(Mistake(self.file, place, problem))

    def one(self, key: str, kind: type | tuple[type, ...], words: str, default: Any = None) -> Any:
        """What a key holds; without a default it must be there."""
        if key not in self.content:
            if default is None:
                self.wrong(key, f"is missing; expected {words}")
            return default
        found = self.content[key]
        if not isinstance(found, kind) or (isinstance(found, bool) and kind is not bool):
            self.wrong(key, f"expected {words}, found {found!r}")
            return default
        return found

    def text(self, key: str, default: str | None = None) -> str:
        """A text."""
        return str(self.one(key, str, "a text", default) or "")

    def among(self, key: str, words: Sequence[str], default: str | None = None) -> str:
        """A word of a closed vocabulary; an empty default may be left out."""
        found = self.text(key, default)
        if found and found not in words:
            self.wrong(key, f"{found!r} is unknown; {nearest(found, words)}")
        return found

    def instant(self, key: str) -> datetime:
        """A local time, aware; a date alone is 00:00 of that day."""
        found = self.one(key, (datetime, date), "a time such as 2020-06-08 10:00:00")
        if found is None:
            return datetime.min.replace(tzinfo=CN)
        moment = found if isinstance(found, datetime) else datetime.combine(found, time())
        if moment.tzinfo is not None:
            self.wrong(key, "is a local time of Asia/Shanghai: write no time zone")
        return moment.replace(tzinfo=CN)

    def tables(self, key: str) -> list["Table"]:
        """The tables of a list."""
        found = self.content.get(key, [])
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            self.wrong(key, f"expected tables such as [[{key}]]")
            return []
        place = f"{self.place}.{key}" if self.place else key
        return [Table(each, f"{place}[{n}]", self.file, self.mistakes) for n, each in enumerate(found)]

    def within(self, key: str) -> "Table":
        """A table inside this one; an empty one where it is left out."""
        place = f"{self.place}.{key}" if self.place else key
        return Table(self.one(key, dict, "a table", {}), place, self.file, self.mistakes)

    def only(self, *known: str) -> None:
        """Notes every key that is not known."""
        for key in self.content:
            if key not in known:
                self.wrong(key, f"unknown key; {nearest(key, known)}")


def nearest(word: str, words: Sequence[str]) -> str:
    """Did you mean ...? Or all that is known."""
    near = get_close_matches(word, list(words))
    return f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted(words))}"
