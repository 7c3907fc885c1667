"""A short name for a set of effective rules, stored with what they decided."""

import hashlib
from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, is_dataclass
from typing import Any, Final

from haochaping.policy.values import Value

# What a rule says and by which clause. Where its file stands, and when somebody last checked it, changes no rule.
_SAID: Final = (
    "value",
    "valid_from",
    "valid_to",
    "jurisdiction",
    "document",
    "article",
    "seen_through",
    "reading",
    "through",
)


def version_of(values: Mapping[str, Any]) -> str:
    """The same for the same values and citations, in every process and on every machine."""
    said = {name: value for name, value in values.items() if value}
    text = ";".join(f"{name}={canonical(said[name])}" for name in sorted(said))
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def canonical(value: object) -> str:
    """One text for one meaning: what is not said leaves no trace, so that a new key changes no old version."""
    if isinstance(value, Value):
        said = {name: getattr(value, name) for name in _SAID}
        return canonical(said)
    if is_dataclass(value):
        said = {
            field.name: getattr(value, field.name) for field in fields(value) if not _left_out(value, field)
        }
        return canonical(said)
    if isinstance(value, tuple):
        return "[" + ",".join(map(canonical, value)) + "]"
    if isinstance(value, Mapping):
        parts = (f"{key}={canonical(each)}" for key, each in sorted(value.items()) if each not in (None, ()))
        return "{" + ",".join(parts) + "}"
    return repr(str(value))


def _left_out(value: object, field: Field[Any]) -> bool:
    """Whether a key says what it says by itself, so that a file may leave it out."""
    return field.default is not MISSING and bool(getattr(value, field.name) == field.default)
