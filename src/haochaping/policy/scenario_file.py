"""What stands in a scenario: occasions, ratings, events and figures that are given, and what is expected of them.

All instants in a file are local ones (Asia/Shanghai); a date alone is 00:00 of that day.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from haochaping.policy.occasions import Occasion
from haochaping.policy.places import line_of, lines_of
from haochaping.policy.reading import WRONG, Reader, nearest
from haochaping.policy.scenario_counted import Counted, read_counted
from haochaping.policy.scenario_shapes import (
    EVENT_KEYS,
    FACT_KEYS,
    LOOKED_AT,
    EventTable,
    RatingTable,
    ScenarioFile,
    told,
)
from haochaping.policy.sources import RulesError, read_content
from haochaping.policy.spells import spell_of

__all__ = ["LOOKED_AT", "Given", "Happened", "Rated", "Scenario", "read_scenario"]


@dataclass(frozen=True, slots=True)
class Given:
    """One occasion: what is known of it, and when what happened.

    `unit`: who is scored by it, of a joint case the one that leads; `parts`: the others. `person`: who was served, by
    a name that tells repeated ones apart. `staff`, `case`, `window`: who served, which case, which window, likewise.
    `size`: cases in a batch.
    """

    name: str
    occasion: Occasion
    unit: str
    parts: tuple[str, ...]
    person: str
    staff: str
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
    read, text = read_content(path, root=path.parent)
    content: dict[str, Any] = dict(read)
    reader = Reader(path.name)
    file = reader.table(ScenarioFile, content, "")
    _note_names(reader, content)
    if file is not WRONG:
        _note_mixed_periods(reader, file)
    if reader.mistakes:
        lines = lines_of(text)
        raise RulesError.of([replace(each, line=line_of(lines, each.key)) for each in reader.mistakes])
    where = _occasion(file.where, Occasion(""))
    cases = tuple(_case(each, where) for each in file.occasions)
    names = [each.name for each in cases]
    entered = [each.get("external", {}) for each in content.get("figures", [])]
    return Scenario(
        file=path.name,
        title=file.title,
        cites=file.cites,
        where=where,
        now=file.now,
        since=file.since,
        cases=cases,
        ratings=_by_occasion(file.ratings, names, _rated),
        events=_by_occasion(file.events, names, _happened),
        figures=tuple(read_counted(*each) for each in zip(file.figures, entered, strict=True)),
        expected=tuple(content["expect"]),
    )


def _note_names(reader: Reader, content: Mapping[str, Any]) -> None:
    """What the tables of a file say of each other: names given twice, names of nobody, no place for an occasion. They are
    looked at as they stand, whatever else is wrong with the file."""
    occasions, where = _tables(content, "occasions"), content.get("where")
    names = [each.get("name") for each in occasions]
    for index, each in enumerate(occasions):
        place, name = f"occasions[{index}]", names[index]
        if name is not None and name in names[:index]:
            reader.wrong(f"{place}.name", f"{name} is given twice")
        if "division" not in each and not (isinstance(where, dict) and "division" in where):
            reader.wrong(f"{place}.division", "is missing; give it here or in [where]")
        if not any(word.removesuffix("_") in each for word in EVENT_KEYS):
            reader.wrong(
                f"{place}.service", "is missing; expected when the citizen was served (or another event)"
            )
    known = [name for name in names if isinstance(name, str)]
    for section in ("ratings", "events"):
        for index, each in enumerate(_tables(content, section)):
            name, place = each.get("occasion"), f"{section}[{index}].occasion"
            if name is None and len(names) != 1:
                reader.wrong(place, "is missing; expected the name of an occasion")
            elif isinstance(name, str) and name not in known:
                reader.wrong(place, f"{name!r} is unknown; {nearest(name, known)}")


def _tables(content: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    found = content.get(key)
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def _note_mixed_periods(reader: Reader, file: ScenarioFile) -> None:
    dated = [spell_of(each.period).period is not None for each in file.figures]
    if any(dated) and not all(dated):
        odd = dated.index(False)
        reader.wrong(
            f"figures[{odd}].period",
            f"{file.figures[odd].period!r} is no period of the calendar as the others are; write 2026年3月, "
            "2026年第一季度, 2026年上半年, 2026年 or 2026-03-15",
        )


def _occasion(table: Any, base: Occasion) -> Occasion:
    return base._replace(**told(table, FACT_KEYS)) if table is not None else base


def _case(table: Any, where: Occasion) -> Given:
    occasion = _occasion(table, where)
    return Given(
        name=table.name,
        occasion=occasion,
        unit=table.unit or occasion.organisation or "本单位",
        parts=table.parts,
        person=table.person,
        staff=table.staff,
        case=table.case,
        window=table.window,
        size=table.size,
        events=told(table, EVENT_KEYS),
    )


def _by_occasion(tables: Sequence[Any], names: Sequence[str], read: Any) -> dict[str, tuple[Any, ...]]:
    found: dict[str, list[Any]] = {}
    for table in tables:
        found.setdefault(table.occasion or names[0], []).append(read(table))
    return {name: tuple(sorted(each, key=lambda one: one.at)) for name, each in found.items()}


def _rated(table: RatingTable) -> Rated:
    return Rated(
        at=table.at,
        level=table.level or 1,
        kind=table.kind,
        named=table.named,
        reason=table.reason,
        reachable=table.reachable,
        channel=table.channel,
        subject=table.subject,
        stage=table.stage,
        part=table.part,
    )


def _happened(table: EventTable) -> Happened:
    return Happened(
        event=table.event,
        at=table.at,
        outcome=table.outcome,
        ground=table.ground,
        to=table.to,
        step=table.step,
        by=table.by,
        form=table.form,
        evidence=table.evidence,
    )
