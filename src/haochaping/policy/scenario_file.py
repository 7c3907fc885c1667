"""What stands in a scenario: occasions, ratings, events and figures that are given, and what is expected of them.

All instants in a file are local ones (Asia/Shanghai); a date alone is 00:00 of that day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

from haochaping.policy.divisions import stem
from haochaping.policy.occasions import Occasion
from haochaping.policy.places import line_of, lines_of
from haochaping.policy.scenario_counted import Counted, read_counted
from haochaping.policy.scenario_periods import spell_of
from haochaping.policy.scenario_table import Table
from haochaping.policy.sources import Mistake, RulesError, read_content
from haochaping.policy.vocabulary import EVENTS
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
LOOKED_AT: Final = ("occasion", "score", "list", "revisit", "duty", "publication")
KINDS: Final = ("rating", "correction", "withdrawal", "supplement", "follow_up")


@dataclass(frozen=True, slots=True)
class Given:
    """One occasion: what is known of it, and when what happened.

    `unit`: who is scored by it, of a joint case the one that leads; `parts`: the others. `person`: who was served, by
    a name that tells repeated ones apart. `case`, `window`: which case, which window, likewise. `size`: cases in a batch.
    """

    name: str
    occasion: Occasion
    unit: str
    parts: tuple[str, ...]
    person: str
    case: str
    window: str
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

    `by`, `form`, `evidence`: of an objection, who raised it, how, and whether with evidence; "" and None: not known.
    """

    event: str
    at: datetime
    outcome: str
    ground: str
    to: date | None
    step: str
    by: str = ""
    form: str = ""
    evidence: bool | None = None


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


def read_scenario(path: Path) -> Scenario:
    """One file. Raises RulesError naming all that is wrong with it."""
    content, text = read_content(path, root=path.parent)
    mistakes: list[Mistake] = []
    file = Table(content, "", path.name, mistakes)
    file.only(
        "title", "cites", "now", "since", "where", "occasions", "ratings", "events", "figures", "expect"
    )
    where = _occasion(file.within("where"), Occasion(""))
    cases = tuple(_case(each, where) for each in file.tables("occasions"))
    names = [case.name for case in cases]
    for index, name in enumerate(names):
        if name in names[:index]:
            file.wrong(f"occasions[{index}].name", f"{name} is given twice")
    scenario = Scenario(
        file=path.name,
        title=file.text("title"),
        cites=tuple(str(each) for each in file.one("cites", list, "a list of articles", [])),
        where=where,
        now=file.instant("now"),
        since=_day(file, "since"),
        cases=cases,
        ratings=_by_occasion(file.tables("ratings"), names, _rated),
        events=_by_occasion(file.tables("events"), names, _happened),
        figures=tuple(read_counted(each) for each in file.tables("figures")),
        expected=tuple(_expected(each) for each in file.tables("expect")),
    )
    _note_mixed_periods(file, scenario.figures)
    if not scenario.cites:
        file.wrong("cites", "is missing; expected the articles that this shows")
    if not scenario.expected:
        file.wrong("expect", "is missing; a scenario that expects nothing shows nothing")
    if mistakes:
        lines = lines_of(text)
        raise RulesError.of([replace(each, line=line_of(lines, each.key)) for each in mistakes])
    return scenario


def _occasion(table: Table, base: Occasion, *, also: Sequence[str] = ()) -> Occasion:
    table.only(*_FACTS, *also)
    given: dict[str, Any] = {name: table.text(name) for name in _FACTS if name in table.content}
    if "division" in given:
        try:
            stem(given["division"])
        except ValueError as problem:
            table.wrong("division", f"{given['division']!r}: {problem}")
    return base._replace(**given)


def _day(table: Table, key: str) -> date | None:
    found = table.content.get(key)
    if found is None or type(found) is date:
        return found
    table.wrong(key, f"expected a date such as 2020-06-08, found {found!r}")
    return None


def _case(table: Table, where: Occasion) -> Given:
    words = sorted(EVENT_WORDS)
    occasion = _occasion(
        table, where, also=("name", "unit", "parts", "person", "case", "window", "size", *words)
    )
    if not occasion.division:
        table.wrong("division", "is missing; give it here or in [where]")
    events = {word: table.instant(word) for word in words if word in table.content}
    if not events:
        table.wrong("service", "is missing; expected when the citizen was served (or another event)")
    name = table.text("name")
    size = table.one("size", int, "a whole number", 1)
    parts = tuple(str(each) for each in table.one("parts", list, "a list of units", []))
    unit = table.text("unit", occasion.organisation or "本单位")
    person, case, window = (table.text(key, "") for key in ("person", "case", "window"))
    return Given(name, occasion, unit, parts, person, case, window, size, events)


def _by_occasion(tables: Sequence[Table], names: Sequence[str], read: Any) -> dict[str, tuple[Any, ...]]:
    found: dict[str, list[Any]] = {}
    for table in tables:
        name = table.among("occasion", names, names[0] if len(names) == 1 else None)
        found.setdefault(name, []).append(read(table))
    return {name: tuple(sorted(each, key=lambda one: one.at)) for name, each in found.items()}


def _rated(table: Table) -> Rated:
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
        level=level,
        kind=table.among("kind", KINDS, "rating"),
        channel=table.text("channel", ""),
        subject=table.text("subject", "item"),
        stage=table.text("stage", ""),
        part=table.text("part", ""),
        **flags,
    )


def _happened(table: Table) -> Happened:
    table.only("occasion", "at", "event", "outcome", "ground", "to", "step", "by", "form", "evidence")
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
        to=_day(table, "to"),
        step=table.text("step", "rectification"),
        by=table.among("by", ("rated_organisation", "rated_person"), ""),
        form=table.among("form", ("written", "online"), ""),
        evidence=table.one("evidence", bool, "true or false", False) if "evidence" in table.content else None,
    )


def _note_mixed_periods(file: Table, figures: Sequence[Counted]) -> None:
    dated = [spell_of(each.period).period is not None for each in figures]
    if any(dated) and not all(dated):
        odd = dated.index(False)
        file.wrong(
            f"figures[{odd}].period",
            f"{figures[odd].period!r} is no period of the calendar as the others are; write 2026年3月, "
            "2026年第一季度, 2026年上半年, 2026年 or 2026-03-15",
        )


def _expected(table: Table) -> Mapping[str, Any]:
    if len([key for key in LOOKED_AT if key in table.content]) != 1:
        listed = ", ".join(f"`{each}`" for each in LOOKED_AT)
        table.wrong("occasion", f"give one of {listed}: what is looked at")
    table.text("article")
    return dict(table.content)
