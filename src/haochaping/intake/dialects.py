"""A sender's dialect: what its values mean in the words of the national convention, as data.

Pure, and applied before anything is judged: equality, verdicts and what is stored are those of the record in the
convention's words. How a dialect is written: docs/dialects.md; how it is read: `intake.dialect_files`.
"""

import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from haochaping.cases.formats import instant
from haochaping.cases.rules import TIMES
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Problem
from haochaping.intake.dialect_times import Read, convention

Record = Mapping[str, str]
Codes = Mapping[str, Mapping[str, str]]

SEPARATORS: Final = ",|"
_SOURCE: Final = "dataSource"
NOT_IN_DIALECT: Final = "not_in_dialect"
_WORDS: Final = "不在该接入系统的代码对照表内：请核对；代码表有变动时，请通知好差评系统管理员更新对照表。"


@dataclass(frozen=True, slots=True)
class DivisionCode:
    """A division code as sent, and the one it means for services from one day to another, both included."""

    sent: str
    means: str
    start: date
    end: date


@dataclass(frozen=True, slots=True)
class Reading:
    """How the records of one source are read.

    `occasions` and `ratings` are code lists by field, each closed: what is not in it is told, never guessed. `absent` has
    by field what stands there for nothing, `folded` the fields whose full-width characters are read as half-width.
    `order_tolerance` is by how much a service may precede its acceptance, None for the product's own. `tags` are rating
    tags by the code sent, an open list; `assess_number_is_service` says that assessNumber repeats the service number.
    """

    occasions: Codes = field(default_factory=dict)
    absent: Mapping[str, frozenset[str]] = field(default_factory=dict)
    folded: Sequence[str] = ()
    times: tuple[Read, ...] = ()
    divisions: Sequence[DivisionCode] = ()
    order_tolerance: timedelta | None = None
    ratings: Codes = field(default_factory=dict)
    tags: Mapping[str, str] = field(default_factory=dict)
    separators: str = SEPARATORS
    assess_number_is_service: bool = False


@dataclass(frozen=True, slots=True)
class Dialect:
    """One edition of a client's dialect. `sources` are the readings of records with a dataSource of their own; `columns` are
    the fields by the titles that stand above them in the sender's tables."""

    id: UUID | None
    base: Reading
    sources: Mapping[str, Reading] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)

    def reading(self, source: str) -> Reading:
        """How the records of this dataSource are read."""
        return self.sources.get(source, self.base)

    def order_tolerance(self, record: Record) -> timedelta | None:
        """By how much the service may precede the acceptance; None: as for everybody."""
        return self.reading(record.get(_SOURCE, "")).order_tolerance

    def occasion(self, sent: Record) -> tuple[dict[str, str], list[Problem]]:
        """A flattened record in the convention's words. What a code list does not know is left out and told.

        The natural key (projectNo, serviceNumber) is never touched: whatever the dialect, a record stays the same one.
        """
        reading = self.reading(sent.get(_SOURCE, ""))
        record = {name: value for name, value in sent.items() if value not in reading.absent.get(name, ())}
        for name in reading.folded:
            if name in record:
                record[name] = unicodedata.normalize("NFKC", record[name]).strip()
        if reading.times:
            for name in TIMES:
                if name in record:
                    record[name] = convention(record[name], reading.times)
        problems = _decode(record, reading.occasions)
        if reading.divisions and "areaCode" in record:
            record["areaCode"] = _division(record, reading.divisions)
        return record, problems

    def rating(self, sent: Mapping[str, object]) -> tuple[dict[str, object], list[Problem]]:
        """The fields of a rating in the convention's words; evalDetail becomes a list of codes."""
        reading = self.reading(_text(sent.get(_SOURCE)) or "")
        fields = dict(sent)
        codes = {name: text for name in reading.ratings if (text := _text(sent.get(name)))}
        problems = _decode(codes, reading.ratings)
        for problem in problems:
            fields.pop(problem.field)
        fields.update(codes)
        if reading.times and isinstance(at := _text(fields.get("assessTime")), str):
            fields["assessTime"] = convention(at, reading.times)
        if (tags := fields.get("evalDetail")) is not None:
            fields["evalDetail"] = _tags(tags, reading)
        if reading.assess_number_is_service:
            fields.pop("assessNumber", None)
        return fields, problems


def _decode(record: dict[str, str], lists: Codes) -> list[Problem]:
    problems = []
    for name, codes in lists.items():
        if name not in record:
            continue
        if (meant := codes.get(record[name])) is None:
            del record[name]
            problems.append(Problem(name, NOT_IN_DIALECT, _WORDS))
        else:
            record[name] = meant
    return problems


def _division(record: Record, divisions: Sequence[DivisionCode]) -> str:
    """The code in force on the day of the service; as sent when the day cannot be read or nothing is laid down."""
    code, served = record["areaCode"], instant(record.get("serviceTime", ""))
    if served is not None:
        day = local_day(served)
        for each in divisions:
            if each.sent == code and each.start <= day <= each.end:
                return each.means
    return code


def _tags(sent: object, reading: Reading) -> object:
    """The codes one by one; what is neither text, number nor list is left for the rules to refuse."""
    parts = sent if isinstance(sent, list) else [sent]
    texts = [_text(part) for part in parts]
    if None in texts:
        return sent
    joined = ",".join(text for text in texts if text)
    for separator in reading.separators:
        joined = joined.replace(separator, ",")
    codes = [code for part in joined.split(",") if (code := part.strip())]
    return [reading.tags.get(code, code) for code in codes]


def _text(value: object) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return str(value) if abs(value) < 10**9 else None
    return value.strip() if isinstance(value, str) else None
