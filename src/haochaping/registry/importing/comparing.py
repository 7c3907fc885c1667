"""What a file says beside what the registry holds: what is new, what changes, what ends, what stays.

A record with an open end ends the day before a later one of the same code begins. Nothing is ever deleted.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from haochaping.registry.importing.forms import VALID_TO, Form
from haochaping.registry.importing.periods import contradictions, contradictions_with_registry
from haochaping.registry.importing.problems import ImportProblem
from haochaping.registry.importing.reading import Entry
from haochaping.registry.importing.spans import ONE_DAY, Span, span


@dataclass(frozen=True, slots=True)
class Stored:
    """One record of the registry as it stands; `pk` is its row's key."""

    pk: int
    code: str
    start: date | None
    end: date | None
    fields: Mapping[str, str]

    @property
    def span(self) -> Span:
        return span(self.start, self.end)


@dataclass(frozen=True, slots=True)
class Held:
    """One record as it would be after the import; `row` is None when the file does not speak of it."""

    row: int | None
    span: Span
    fields: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """One value that is another one after the import; `row` is None when a later row ended the record.

    `since` is empty for a value altered in an older record, else the day from which a new record says otherwise.
    """

    file: str
    row: int | None
    code: str
    column: str
    old: str
    new: str
    since: str = ""


@dataclass(frozen=True, slots=True)
class Addition:
    """A record of which the registry had none before it; `since` is its first day, "" for ever."""

    file: str
    row: int
    code: str
    name: str
    since: str


@dataclass(slots=True)
class Comparison:
    """What one file would do. `outcome` has every thing's records after the import, by code.

    `new` are records added: `additions` says of which things there was none before, `turns` what differs from the record
    before. `absent` are codes that are still valid but no longer in the file: they are left as they are.
    """

    form: Form
    new: list[Entry] = field(default_factory=list)
    changed: list[tuple[Stored, Entry]] = field(default_factory=list)
    ended: list[tuple[Stored, date]] = field(default_factory=list)
    unchanged: int = 0
    absent: list[str] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    additions: list[Addition] = field(default_factory=list)
    turns: list[Change] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)
    outcome: dict[str, list[Held]] = field(default_factory=dict)


def compare(form: Form, entries: Sequence[Entry], stored: Sequence[Stored], today: date) -> Comparison:
    """Compares one file with the registry. Rows that contradict one another, or it, are in `problems`."""
    comparison = Comparison(form)
    rows: dict[str, list[Entry]] = {}
    for entry in entries:
        rows.setdefault(entry.code, []).append(entry)
    records: dict[str, list[Stored]] = {}
    for record in stored:
        records.setdefault(record.code, []).append(record)
    for code, said in rows.items():
        _compare_thing(comparison, said, records.get(code, []))
    for code in sorted(records.keys() - rows.keys()):
        comparison.outcome[code] = [Held(None, one.span, one.fields) for one in records[code]]
        if any(one.span.end >= today for one in records[code]):
            comparison.absent.append(code)
    return comparison


def _compare_thing(comparison: Comparison, said: list[Entry], stored: list[Stored]) -> None:
    form = comparison.form
    starts = {entry.start for entry in said}
    standing = {one.start: one for one in stored}
    kept = [_until_next(one, said) for one in stored if one.start not in starts]
    said = [_as_ended_before(entry, standing.get(entry.start), kept) for entry in said]
    comparison.outcome[said[0].code] = [
        *(Held(entry.row, entry.span, entry.fields) for entry in said),
        *(Held(None, one.span, one.fields) for one in kept),
    ]
    found = [
        *contradictions(form, said),
        *contradictions_with_registry(form, said, [one.span for one in kept]),
    ]
    if found:
        comparison.problems.extend(found)
        return
    for entry in said:
        if (record := standing.get(entry.start)) is not None:
            _compare_record(comparison, entry, record)
        else:
            _add(comparison, entry, stored)
    for one in kept:
        if one.end is not None and one.end != standing[one.start].end:
            _end(comparison, standing[one.start], one.end, None)


def _until_next(record: Stored, said: Sequence[Entry]) -> Stored:
    """A record that the file does not repeat, ended by the next row of its code if its own end is open."""
    later = [entry.start for entry in said if entry.start is not None and entry.start > record.span.start]
    return replace(record, end=min(later) - ONE_DAY) if record.end is None and later else record


def _as_ended_before(entry: Entry, standing: Stored | None, kept: Sequence[Stored]) -> Entry:
    """An older file once more: its row is still open, though a later file has brought what came after it."""
    if entry.end is None and standing is not None and standing.end is not None:
        following = standing.end + ONE_DAY
        if any(one.start == following for one in kept):
            return replace(entry, end=standing.end)
    return entry


def _add(comparison: Comparison, entry: Entry, stored: Sequence[Stored]) -> None:
    """A new record, beside the last of the thing's records before it."""
    form, since = comparison.form, _day(entry.start)
    before = [one for one in stored if one.span.start < entry.span.start]
    if not before:
        comparison.new.append(entry)
        name = entry.fields["name"]
        comparison.additions.append(Addition(form.file, entry.row, entry.code, name, since))
        return
    last = max(before, key=lambda one: one.span.start)
    full = _with_what_was_known(form, entry, last)
    comparison.new.append(full)
    for name, value in full.fields.items():
        if last.fields[name] != value:
            turn = Change(form.file, entry.row, entry.code, name, last.fields[name], value, since)
            comparison.turns.append(turn)


def _with_what_was_known(form: Form, entry: Entry, last: Stored) -> Entry:
    """In a table that lacks an optional column: under a new name a thing stays what it was last known to be."""
    silent = [column.name for column in form.fields if column.optional and column.name not in entry.fields]
    return replace(entry, fields={**entry.fields, **{name: last.fields[name] for name in silent}})


def _compare_record(comparison: Comparison, entry: Entry, standing: Stored) -> None:
    differing = [name for name, value in entry.fields.items() if standing.fields[name] != value]
    if not differing and standing.end == entry.end:
        comparison.unchanged += 1
    elif not differing and standing.end is None and entry.end is not None:
        _end(comparison, standing, entry.end, entry.row)
    else:
        comparison.changed.append((standing, entry))
        for name in differing:
            change = (standing.fields[name], entry.fields[name])
            comparison.changes.append(Change(comparison.form.file, entry.row, entry.code, name, *change))
        if standing.end != entry.end:
            days = (_day(standing.end), _day(entry.end))
            comparison.changes.append(Change(comparison.form.file, entry.row, entry.code, VALID_TO, *days))


def _end(comparison: Comparison, record: Stored, last: date, row: int | None) -> None:
    comparison.ended.append((record, last))
    comparison.changes.append(
        Change(comparison.form.file, row, record.code, VALID_TO, _day(record.end), last.isoformat())
    )


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""
