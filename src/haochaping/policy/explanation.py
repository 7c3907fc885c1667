"""Why a rule is what it is: the effective value, its clause, what it overrides; and what differs between two."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from haochaping.policy.dimensions import DIMENSIONS
from haochaping.policy.occasions import Occasion
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import AsOf, Rulebook
from haochaping.policy.shortfalls import shortfall
from haochaping.policy.values import Value
from haochaping.policy.versions import canonical
from haochaping.policy.wording import dimension_word, for_whom, value_words

NOT_TOLD: Final = AsOf()
DAY_WORDS: Final = ("办理日", "评价日", "受理日")


@dataclass(frozen=True, slots=True)
class Source:
    """One value as it is cited: its words, clause, place in the files, and how it is read; `shortfall`: what of it the
    running system does not carry out, "" where it does."""

    words: str
    citation: str
    jurisdiction: str
    valid_from: date
    valid_to: date | None
    for_whom: str
    reading: str
    wording: str
    checked_until: date | None
    place: str
    shortfall: str


@dataclass(frozen=True, slots=True)
class Explained:
    """One dimension (`name.key` of many). `effective` None: 未规定; `absent`: laid down that nothing applies."""

    name: str
    word: str
    effective: Source | None
    absent: bool
    overrides: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class Explanation:
    """All dimensions, laid down or not, for one occasion on one day; `as_of`: with the other days that were told.

    `scopes`: of each layer that cites why it applies: its key, the clause, the reading.
    """

    occasion: Occasion
    on: date
    as_of: AsOf
    key: str
    name: str
    layers: tuple[str, ...]
    scopes: tuple[tuple[str, str, str], ...]
    version: str
    dimensions: tuple[Explained, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """One dimension that is laid down differently; None: 未规定."""

    name: str
    word: str
    one: Source | None
    other: Source | None


def explain(rulebook: Rulebook, occasion: Occasion, on: date, as_of: AsOf = NOT_TOLD) -> Explanation:
    """What applies to an occasion of this day, by which clause: each rule as of the day by which it is judged. Raises
    ValueError, LookupError as `rules` does."""
    profile = rulebook.rules(occasion, on, **as_of._asdict())
    stack = rulebook.stack(occasion, on, **as_of._asdict())
    found: list[Explained] = []
    for name in DIMENSIONS:
        names = [full for full in sorted(stack) if full.partition(".")[0] == name] or [name]
        found += [_explained(full, stack.get(full, ())) for full in names]
    scopes = [(each.key, each.scope, each.reading) for each in rulebook.layers(occasion, on) if each.scope]
    scopes += [
        (each.key, by.clause, by.adoption.reading or "") for each, by in rulebook.adopted(occasion, on)
    ]
    return Explanation(
        occasion,
        on,
        as_of,
        profile.key,
        profile.name,
        profile.layers,
        tuple(scopes),
        profile.version,
        tuple(found),
    )


def _explained(name: str, values: tuple[Value[Any], ...]) -> Explained:
    sources = tuple(source(name, value) for value in values)
    absent = bool(values) and values[0].absent
    return Explained(name, dimension_word(name), sources[0] if sources else None, absent, sources[1:])


def source(name: str, value: Value[Any]) -> Source:
    """A value with where it comes from."""
    return Source(
        words=value_words(name, value),
        citation=value.citation,
        jurisdiction=value.jurisdiction,
        valid_from=value.valid_from,
        valid_to=value.valid_to,
        for_whom=for_whom(value),
        reading=value.reading or "",
        wording=value.wording or "",
        checked_until=value.checked_until,
        place=value.place,
        shortfall=shortfall(name.partition(".")[0], value),
    )


def differences(one: Profile, other: Profile) -> tuple[Difference, ...]:
    """What two profiles lay down differently, in the order of the dimensions. Citations alone differ silently."""
    mine, theirs = one.values(), other.values()
    return tuple(
        Difference(
            name,
            dimension_word(name),
            _source(name, mine.get(name)),
            _source(name, theirs.get(name)),
        )
        for name in _names(mine, theirs)
        if _said(mine.get(name)) != _said(theirs.get(name))
    )


def _names(mine: dict[str, Any], theirs: dict[str, Any]) -> Iterator[str]:
    order = {name: index for index, name in enumerate(DIMENSIONS)}
    yield from sorted({*mine, *theirs}, key=lambda name: (order[name.partition(".")[0]], name))


def _said(value: Value[Any] | None) -> str | None:
    return canonical(value.value) if value is not None else None


def _source(name: str, value: Value[Any] | None) -> Source | None:
    return source(name, value) if value is not None else None


def lines(explanation: Explanation, *, places: bool = True) -> Iterator[str]:
    """An explanation as text, for a terminal; without `places` (file and line) for snapshots."""
    yield f"{explanation.name}（{explanation.key}） {explanation.on} 版本 {explanation.version}"
    told = [f"{word} {day}" for word, day in zip(DAY_WORDS, explanation.as_of, strict=True) if day]
    if told:
        yield f"服务日 {explanation.on}，{'，'.join(told)}：各项规定按其应依据的日期选用（见“新旧规则衔接”）"
    yield f"适用顺序：{' > '.join(explanation.layers)}"
    for key, clause, reading in explanation.scopes:
        yield f"    {key} 的适用：{clause}{f'；理解：{reading}' if reading else ''}"
    missing = []
    for each in explanation.dimensions:
        if each.effective is None:
            missing.append(f"{each.word}（{each.name}）")
            continue
        yield ""
        yield f"{each.word}（{each.name}）：{each.effective.words}"
        yield from _source_lines(each.effective, places=places)
        for over in each.overrides:
            yield f"    取代：{over.words} —— {over.citation}（{_where(over, places=places)}）"
    if missing:
        yield ""
        yield f"未规定：{'、'.join(missing)}"


def _where(found: Source, *, places: bool) -> str:
    until = f"至{found.valid_to}前" if found.valid_to else "起"
    said = f"{found.jurisdiction}，{found.valid_from}{until}"
    return f"{said}，{found.place}" if places else said


def _source_lines(found: Source, *, places: bool) -> Iterator[str]:
    yield f"    依据：{found.citation}（{_where(found, places=places)}）"
    if found.for_whom:
        yield f"    适用于：{found.for_whom}"
    if found.wording:
        yield f"    原文：{found.wording}"
    if found.reading:
        yield f"    理解：{found.reading}"
    if found.shortfall:
        yield f"    尚未实行：{found.shortfall}"
    if found.checked_until:
        yield f"    核对至：{found.checked_until}"
