"""What stands in a scenario: occasions, ratings, events and figures that are given, and what is expected of them.

All instants in a file are local ones (Asia/Shanghai); a date alone is 00:00 of that day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final

from haochaping.foundation.clock import CN
from haochaping.policy.occasions import Occasion
from haochaping.policy.places import line_of, lines_of
from haochaping.policy.sources import Mistake, RulesError, read_content
from haochaping.policy.vocabulary import COUNTS, EVENTS
from haochaping.policy.voice import HIGHEST_LEVEL

EVENT_WORDS: Final = frozenset(word.removesuffix("_") for word in EVENTS)
_FACTS: Final = tuple(name for name in Occasion._fields if name not in ("level", "named", "finding"))
_OUTCOMES: Final = (
    "upheld",
    "partly_upheld",
    "rejected",
    "no_legal_basis",
    "satisfied",
    "unsatisfied",
    "failed",
)
KINDS: Final = ("rating", "correction", "withdrawal", "supplement", "follow_up")


@dataclass(frozen=True, slots=True)
class Given:
    """One occasion: what is known of it, and when what happened.

    `unit`: who is scored by it, of a joint case the one that leads; `parts`: the others. `person`: who was served, by
    a name that tells repeated ones apart. `size`: cases in a batch.
    """

    name: str
    occasion: Occasion
    unit: str
    parts: tuple[str, ...]
    person: str
    size: int
    events: Mapping[str, datetime]


@dataclass(frozen=True, slots=True)
class Rated:
    """A citizen's attempt to rate."""

    at: datetime
    level: int
    kind: str
    named: bool
    reason: bool
    reachable: bool
    channel: str
    subject: str
    stage: str
    part: str


@dataclass(frozen=True, slots=True)
class Happened:
    """Something that happened to an occasion.

    `outcome`: upheld, partly_upheld, rejected, no_legal_basis (verifications, decisions), satisfied, unsatisfied
    (verdicts, revisits), failed (attempts); of a verdict also a key of its scale.

    `to`: of an extension, the last day that was given. `step`: which limit is extended.
    """

    event: str
    at: datetime
    outcome: str
    ground: str
    to: date | None
    step: str


@dataclass(frozen=True, slots=True)
class Counted:
    """Figures given as such: of one unit in one period, each group of counts with its facts."""

    unit: str
    period: str
    cells: tuple[Mapping[str, Any], ...]
    external: Mapping[str, Decimal]
    below: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True)
class Scenario:
    """A story told to the rules. `now` is the instant at which it is looked at."""

    file: str
    title: str
    cites: tuple[str, ...]
    where: Occasion
    now: datetime
    since: date | None
    cases: tuple[Given, ...]
    ratings: Mapping[str, tuple[Rated, ...]]
    events: Mapping[str, tuple[Happened, ...]]
    figures: tuple[Counted, ...]
    expected: tuple[Mapping[str, Any], ...] = field(default=())


class _Table:
    """One table of the file; notes what is wrong with it and goes on."""

    def __init__(self, content: Mapping[str, Any], place: str, file: str, mistakes: list[Mistake]) -> None:
        self.content, self.place, self.file, self.mistakes = content, place, file, mistakes

    def wrong(self, key: str, problem: str) -> None:
        place = f"{self.place}.{key}" if self.place and key else self.place or key
        self.mistakes.append(Mistake(self.file, place, problem))

    def one(self, key: str, kind: type | tuple[type, ...], words: str, default: Any = None) -> Any:
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
        return str(self.one(key, str, "a text", default) or "")

    def among(self, key: str, words: Sequence[str], default: str | None = None) -> str:
        found = self.text(key, default)
        if found and found not in words:
            self.wrong(key, f"{found!r} is unknown; {_nearest(found, words)}")
        return found

    def instant(self, key: str) -> datetime:
        found = self.one(key, (datetime, date), "a time such as 2020-06-08 10:00:00")
        if found is None:
            return datetime.min.replace(tzinfo=CN)
        moment = found if isinstance(found, datetime) else datetime.combine(found, time())
        if moment.tzinfo is not None:
            self.wrong(key, "is a local time of Asia/Shanghai: write no time zone")
        return moment.replace(tzinfo=CN)

    def tables(self, key: str) -> list["_Table"]:
        found = self.content.get(key, [])
        if not isinstance(found, list) or not all(isinstance(each, dict) for each in found):
            self.wrong(key, f"expected tables such as [[{key}]]")
            return []
        place = f"{self.place}.{key}" if self.place else key
        return [_Table(each, f"{place}[{n}]", self.file, self.mistakes) for n, each in enumerate(found)]

    def only(self, *known: str) -> None:
        for key in self.content:
            if key not in known:
                self.wrong(key, f"unknown key; {_nearest(key, known)}")


def _nearest(word: str, words: Sequence[str]) -> str:
    near = get_close_matches(word, list(words), n=1)
    return f"did you mean {near[0]!r}?" if near else f"known are {', '.join(sorted(words))}"


def read_scenario(path: Path) -> Scenario:
    """One file. Raises RulesError naming all that is wrong with it."""
    content, text = read_content(path, root=path.parent)
    mistakes: list[Mistake] = []
    file = _Table(content, "", path.name, mistakes)
    file.only(
        "title", "cites", "now", "since", "where", "occasions", "ratings", "events", "figures", "expect"
    )
    where = _occasion(
        _Table(file.one("where", dict, "a table", {}), "where", path.name, mistakes), Occasion("")
    )
    cases = tuple(_case(each, where) for each in file.tables("occasions"))
    names = [case.name for case in cases]
    since = file.content.get("since")
    scenario = Scenario(
        file=path.name,
        title=file.text("title"),
        cites=tuple(str(each) for each in file.one("cites", list, "a list of articles", [])),
        where=where,
        now=file.instant("now"),
        since=since if isinstance(since, date) else None,
        cases=cases,
        ratings=_by_occasion(file.tables("ratings"), names, _rated),
        events=_by_occasion(file.tables("events"), names, _happened),
        figures=tuple(_counted(each) for each in file.tables("figures")),
        expected=tuple(_expected(each) for each in file.tables("expect")),
    )
    if not scenario.cites:
        file.wrong("cites", "is missing; expected the articles that this shows")
    if not scenario.expected:
        file.wrong("expect", "is missing; a scenario that expects nothing shows nothing")
    if mistakes:
        lines = lines_of(text)
        raise RulesError.of([replace(each, line=line_of(lines, each.key)) for each in mistakes])
    return scenario


def _occasion(table: _Table, base: Occasion, *, also: Sequence[str] = ()) -> Occasion:
    table.only(*_FACTS, *also)
    given: dict[str, Any] = {name: table.text(name) for name in _FACTS if name in table.content}
    return base._replace(**given)


def _case(table: _Table, where: Occasion) -> Given:
    words = sorted(EVENT_WORDS)
    occasion = _occasion(table, where, also=("name", "unit", "parts", "person", "size", *words))
    if not occasion.division:
        table.wrong("division", "is missing; give it here or in [where]")
    events = {word: table.instant(word) for word in words if word in table.content}
    if not events:
        table.wrong("service", "is missing; expected when the citizen was served (or another event)")
    name = table.text("name")
    size = table.one("size", int, "a whole number", 1)
    parts = tuple(str(each) for each in table.one("parts", list, "a list of units", []))
    unit = table.text("unit", occasion.organisation or "本单位")
    return Given(name, occasion, unit, parts, table.text("person", ""), size, events)


def _by_occasion(tables: Sequence[_Table], names: Sequence[str], read: Any) -> dict[str, tuple[Any, ...]]:
    found: dict[str, list[Any]] = {}
    for table in tables:
        name = table.among("occasion", names, names[0] if len(names) == 1 else None)
        found.setdefault(name, []).append(read(table))
    return {name: tuple(sorted(each, key=lambda one: one.at)) for name, each in found.items()}


def _rated(table: _Table) -> Rated:
    table.only(
        "occasion",
        "at",
        "level",
        "kind",
        "named",
        "reason",
        "reachable",
        "channel",
        "subject",
        "stage",
        "part",
    )
    withdrawn = table.content.get("kind") == "withdrawal"
    level = table.one("level", int, "a whole number 1..5", 1 if withdrawn else None)
    if level is not None and not 1 <= level <= HIGHEST_LEVEL:
        table.wrong("level", f"{level} is not between 1 and {HIGHEST_LEVEL}")
    flags = {key: table.one(key, bool, "true or false", True) for key in ("named", "reason", "reachable")}
    return Rated(
        at=table.instant("at"),
        level=level or 0,
        kind=table.among("kind", KINDS, "rating"),
        channel=table.text("channel", ""),
        subject=table.text("subject", "item"),
        stage=table.text("stage", ""),
        part=table.text("part", ""),
        **flags,
    )


def _happened(table: _Table) -> Happened:
    table.only("occasion", "at", "event", "outcome", "ground", "to", "step")
    to = table.content.get("to")
    if to is not None and type(to) is not date:
        table.wrong("to", f"expected a date such as 2020-06-08, found {to!r}")
    event = table.text("event")
    if not event.startswith("named:"):
        table.among("event", sorted(EVENT_WORDS), "")
    # A verdict is given in the words of its scale, and only the rules know those.
    outcome = table.text("outcome", "") if event == "verdict" else table.among("outcome", _OUTCOMES, "")
    return Happened(
        event=event,
        at=table.instant("at"),
        outcome=outcome,
        ground=table.text("ground", ""),
        to=to if type(to) is date else None,
        step=table.text("step", "rectification"),
    )


def _counted(table: _Table) -> Counted:
    table.only("unit", "period", "counts", "cells", "external", "below")
    cells = [dict(each.content) for each in table.tables("cells")]
    if "counts" in table.content:
        cells.append({"counts": table.one("counts", dict, "a table", {})})
    for cell in cells:
        for word in cell.get("counts", {}):
            if word not in COUNTS:
                table.wrong(
                    f"counts.{word}",
                    f"unknown count; {_nearest(word, list(COUNTS))}",
                )
    external = {name: Decimal(value) for name, value in table.one("external", dict, "a table", {}).items()}
    below = tuple(dict(each.content) for each in table.tables("below"))
    return Counted(table.text("unit", "本单位"), table.text("period", ""), tuple(cells), external, below)


def _expected(table: _Table) -> Mapping[str, Any]:
    if len([key for key in ("occasion", "score", "list", "duty", "revisit") if key in table.content]) != 1:
        table.wrong(
            "occasion", "give one of `occasion`, `score`, `list`, `duty`, `revisit`: what is looked at"
        )
    table.text("article")
    return dict(table.content)
