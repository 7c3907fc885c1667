"""The tables of docs/rules-format.md, written from the shapes themselves so that they cannot grow stale."""

from collections.abc import Iterator
from dataclasses import is_dataclass
from datetime import date, time
from decimal import Decimal

from haochaping.policy.dimensions import DIMENSIONS
from haochaping.policy.occasions import Selector
from haochaping.policy.shapes import Key, Kind, OneOf, children, keys, kind_of
from haochaping.policy.vocabulary import (
    BODIES,
    CASE_TYPES,
    CHANNELS,
    COUNTS,
    EVENTS,
    FINDINGS,
    FORMS,
    ITEM_TYPES,
    LAYERS,
    MEANS,
    MEASURES,
    PERIODS,
    PLACES,
    RATERS,
    ROLLS,
    SCORED,
    STAGES,
    STEPS,
    SUBJECTS,
    TIERS,
    UNITS,
)

_BASES = {bool: "true/false", int: "whole number", Decimal: "number", str: "text", date: "date", time: "time"}
_NAMED = {
    "EVENT": EVENTS,
    "UNIT": UNITS,
    "ROLL": ROLLS,
    "BODY": BODIES,
    "MEANS": MEANS,
    "LAYER": LAYERS,
    "TIER": TIERS,
    "CHANNEL": CHANNELS,
    "PLACE": PLACES,
    "ITEM_TYPE": ITEM_TYPES,
    "CASE_TYPE": CASE_TYPES,
    "FORM": FORMS,
    "STAGE": STAGES,
    "SUBJECT": SUBJECTS,
    "RATER": RATERS,
    "FINDING": FINDINGS,
    "PERIOD": PERIODS,
    "SCORED": SCORED,
    "COUNT": COUNTS,
    "MEASURE": MEASURES,
    "STEP": STEPS,
}


def tables() -> str:
    """All dimensions, shapes and vocabularies as Markdown."""
    return "\n".join((*_dimensions(), *_shapes(), *_vocabularies()))


def _dimensions() -> Iterator[str]:
    yield "### Dimensions\n"
    yield "| key | | value | many by `key` | judged as |\n|---|---|---|---|---|"
    for name, dimension in DIMENSIONS.items():
        many = "yes: " + ("STEP" if dimension.keys else "any") if dimension.keyed else ""
        kind = kind_words(kind_of(dimension.hint))
        yield f"| `{name}` | {dimension.word} | {kind} | {many} | {dimension.nature} |"
    yield ""


def used_shapes() -> list[type]:
    """Every shape that a dimension's value can hold, each once, in the order in which they are met."""
    found: list[type] = []

    def visit(shape: type) -> None:
        if shape not in found:
            found.append(shape)
            for key in keys(shape):
                for child in children(key.kind):
                    visit(child)

    visit(Selector)
    for dimension in DIMENSIONS.values():
        for child in children(kind_of(dimension.hint)):
            visit(child)
    return found


def _shapes() -> Iterator[str]:
    yield "### Tables\n\nA key with a default may be left out; – is: not laid down.\n"
    for shape in used_shapes():
        yield f"#### {shape.__name__}\n\n{(shape.__doc__ or '').strip().splitlines()[0]}\n"
        yield "| key | type | default | meaning |\n|---|---|---|---|"
        for key in keys(shape):
            yield f"| `{key.name}` | {kind_words(key.kind)} | {_default(key)} | {_doc(key.kind)} |"
        yield ""


def _vocabularies() -> Iterator[str]:
    yield "### Vocabularies\n"
    for name, words in _NAMED.items():
        listed = ", ".join(f"`{word.removesuffix('_')}` {meaning}" for word, meaning in words.items())
        yield f"- **{name}**: {listed}"


def kind_words(kind: Kind) -> str:
    """The type of a key in words: `list of Band`, `one of ...`."""
    if kind.item is not None:
        return f"list of {kind_words(kind.item)}"
    if kind.words is not None:
        return _choice(kind.words)
    if is_dataclass(kind.base):
        return f"[{kind.base.__name__}](#{kind.base.__name__.lower()})"
    words = _BASES[kind.base]
    if kind.matching is not None:
        words = kind.matching.words
    if kind.range is not None:
        least = "" if kind.range.least is None else kind.range.least
        most = "" if kind.range.most is None else kind.range.most
        words += f" {least}..{most}"
    return words


def _choice(words: OneOf) -> str:
    name = next((name for name, each in _NAMED.items() if each is words.words), None)
    listed = name or ", ".join(f"`{word}` {words.words[word]}" for word in words.keys)
    return f"{listed}, or `{words.prefix}…`" if words.prefix else listed


def _default(key: Key) -> str:
    if key.required:
        return "**required**"
    if key.default in (None, ()):
        return "–"
    if isinstance(key.default, bool):
        return str(key.default).lower()
    return ", ".join(map(str, key.default)) if isinstance(key.default, tuple) else str(key.default)


def _doc(kind: Kind) -> str:
    return (kind.doc or (kind.item.doc if kind.item else "")).replace("|", "\\|")
