"""The JSON Schema of a profile, for editors: `rules/profile.schema.json` is made from it."""

from dataclasses import is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from haochaping.policy.dimensions import DIMENSIONS, Dimension
from haochaping.policy.entries import Provenance
from haochaping.policy.jurisdictions import Head
from haochaping.policy.scenario_shapes import ScenarioFile
from haochaping.policy.shapes import Kind, children, keys, kind_of
from haochaping.policy.values import Document

_TYPES: dict[type, dict[str, Any]] = {
    bool: {"type": "boolean"},
    int: {"type": "integer"},
    Decimal: {"type": "number"},
    str: {"type": "string", "minLength": 1},
    date: {"type": "string", "format": "date"},
    time: {"type": "string", "format": "time"},
    # A local time or a date: neither has a format of its own.
    datetime: {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}"},
}


def schema() -> dict[str, Any]:
    """JSON Schema 2020-12. What contradicts itself (a gap between bands) is found by `rules check` only."""
    properties: dict[str, Any] = {
        "jurisdiction": _reference(Head),
        "documents": {"type": "object", "additionalProperties": _reference(Document)},
    }
    for name, dimension in DIMENSIONS.items():
        properties[name] = {
            "type": "array",
            "minItems": 1,
            "description": dimension.word,
            "items": _entry(dimension),
        }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "haochaping profile.toml",
        "type": "object",
        "required": ["jurisdiction"],
        "additionalProperties": False,
        "properties": properties,
        "$defs": {shape.__name__: _table(shape) for shape in _all_shapes()},
    }


def scenario_schema() -> dict[str, Any]:
    """The same of a scenario. What is expected of it is as open as what comes out of it."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "haochaping scenario",
        **_table(ScenarioFile),
        "$defs": {
            shape.__name__: _table(shape) for shape in _within(ScenarioFile) if shape is not ScenarioFile
        },
    }


def _all_shapes() -> list[type]:
    of_dimensions = (child for each in DIMENSIONS.values() for child in children(kind_of(each.hint)))
    return _within(Head, Document, Provenance, *of_dimensions)


def _within(*shapes: type) -> list[type]:
    """These shapes with all that they hold."""
    found: list[type] = []

    def visit(shape: type) -> None:
        if shape not in found:
            found.append(shape)
            for key in keys(shape):
                for child in children(key.kind):
                    visit(child)

    for shape in shapes:
        visit(shape)
    return sorted(found, key=lambda shape: shape.__name__)


def _entry(dimension: Dimension) -> dict[str, Any]:
    properties = {key.name: _kind(key.kind) for key in keys(Provenance)}
    required = ["from"]
    if dimension.keyed:
        required.append("key")
    if dimension.keys:
        listed = {"enum": [word.removesuffix("_") for word in dimension.keys]}
        own = {"type": "string", "pattern": f"^{dimension.own}[a-z0-9_]+$"}
        properties["key"] = {"anyOf": [listed, own]} if dimension.own else listed
    if not dimension.keyed:
        del properties["key"]
    return {
        "type": "object",
        "required": required,
        "anyOf": [{"required": ["value"]}, {"required": ["absent"]}],
        "oneOf": [{"required": ["document", "article"]}, {"required": ["seen_through"]}],
        "additionalProperties": False,
        "properties": {**properties, "value": _kind(kind_of(dimension.hint))},
    }


def _table(shape: type) -> dict[str, Any]:
    known = keys(shape)
    found: dict[str, Any] = {
        "type": "object",
        "description": (shape.__doc__ or "").strip().splitlines()[0],
        "additionalProperties": _extra(shape),
        "properties": {key.name: _kind(key.kind) for key in known},
    }
    required = [key.name for key in known if key.required]
    return {**found, "required": required} if required else found


def _extra(shape: type) -> Any:
    extra = getattr(shape, "extra", None)
    return extra is Any if extra in (None, Any) else _kind(kind_of(extra))


def _reference(shape: type) -> dict[str, Any]:
    return {"$ref": f"#/$defs/{shape.__name__}"}


def _kind(kind: Kind) -> dict[str, Any]:
    described = {"description": kind.doc} if kind.doc else {}
    if kind.item is not None:
        listed = {"type": "array", "minItems": 1, "items": _kind(kind.item)}
        return {**described, "anyOf": [listed, _kind(kind.item)]} if kind.loose else {**described, **listed}
    if is_dataclass(kind.base):
        return {**described, **_reference(kind.base)}
    found = {**described, **_TYPES[kind.base]}
    if kind.range is not None:
        bounds = {"minimum": kind.range.least, "maximum": kind.range.most}
        found |= {name: int(bound) for name, bound in bounds.items() if bound is not None}
    if kind.matching is not None:
        found["pattern"] = f"^(?:{kind.matching.pattern})$"
    if kind.words is not None:
        words: dict[str, Any] = {"enum": list(kind.words.keys)}
        prefixed = {"type": "string", "pattern": f"^{kind.words.prefix}."}
        return {**described, **({"anyOf": [words, prefixed]} if kind.words.prefix else words)}
    return found
