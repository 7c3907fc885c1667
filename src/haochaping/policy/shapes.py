"""The shape of a value of a rule file, told by annotated dataclasses: one declaration is read, checked, documented.

A field is `Annotated[type, mark, "what it means"]`; one with a default may be left out. `from_` is written `from`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import MISSING, Field, dataclass, fields, is_dataclass
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Annotated, Any, Final, Union, get_args, get_origin, get_type_hints

LONGEST: Final = 3660


@dataclass(frozen=True, slots=True)
class Range:
    """Both bounds included; None is open. For numbers, and for how many entries a list may have."""

    least: Decimal | int | None = None
    most: Decimal | int | None = None


@dataclass(frozen=True, slots=True)
class OneOf:
    """A word of a closed vocabulary; `named` also lets a text be written after a prefix, `named:市营商环境办`."""

    words: Mapping[str, str]
    prefix: str = ""

    def __hash__(self) -> int:
        return hash((tuple(self.words), self.prefix))

    @property
    def keys(self) -> tuple[str, ...]:
        """The words as they are written in a file."""
        return tuple(word.removesuffix("_") for word in self.words)

    def allows(self, word: str) -> bool:
        """Whether the word may be written."""
        return word in self.keys or bool(self.prefix and word.startswith(self.prefix) and word != self.prefix)


@dataclass(frozen=True, slots=True)
class Matching:
    """A text of a certain form, with the form in words."""

    pattern: str
    words: str


@dataclass(frozen=True, slots=True)
class Loose:
    """A single entry may be written without the brackets of its list."""


@dataclass(frozen=True, slots=True)
class Kind:
    """What one key holds. `base`: bool, int, Decimal, str, date, time, datetime, a shape (dataclass), or tuple of `item`."""

    base: type
    item: "Kind | None"
    range: Range | None
    words: OneOf | None
    matching: Matching | None
    loose: bool
    doc: str


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a shape: `name` in the file, `attribute` in Python."""

    name: str
    attribute: str
    kind: Kind
    required: bool
    default: Any


@cache
def keys(shape: type) -> tuple[Key, ...]:
    """The keys of a shape, in the order of their declaration."""
    hints = get_type_hints(shape, include_extras=True)
    return tuple(_key(field, hints[field.name]) for field in fields(shape))


def _key(field: Field[Any], hint: Any) -> Key:
    required = field.default is MISSING and field.default_factory is MISSING
    default = None if field.default is MISSING else field.default
    return Key(field.name.removesuffix("_"), field.name, kind_of(hint), required, default)


def kind_of(hint: Any) -> Kind:
    """The kind of an annotation. Raises TypeError for one that has no form in a rule file."""
    marks: tuple[Any, ...] = ()
    if get_origin(hint) is Annotated:
        hint, *rest = get_args(hint)
        marks = tuple(rest)
    if get_origin(hint) in (Union, UnionType):
        hint = next(each for each in get_args(hint) if each is not NoneType)
        if get_origin(hint) is Annotated:
            hint, *rest = get_args(hint)
            marks = (*rest, *marks)
    item = None
    if get_origin(hint) is tuple:
        item, hint = kind_of(get_args(hint)[0]), tuple
    elif not (hint in (bool, int, Decimal, str, date, time, datetime) or is_dataclass(hint)):
        raise TypeError(f"{hint!r} has no form in a rule file")
    return Kind(
        base=hint,
        item=item,
        range=_mark(marks, Range),
        words=_mark(marks, OneOf),
        matching=_mark(marks, Matching),
        loose=_mark(marks, Loose) is not None,
        doc=_mark(marks, str) or "",
    )


def _mark(marks: tuple[Any, ...], kind: type) -> Any:
    return next((mark for mark in marks if isinstance(mark, kind)), None)


def children(kind: Kind) -> Iterator[type]:
    """The shapes that a kind holds directly."""
    if kind.item is not None:
        yield from children(kind.item)
    elif is_dataclass(kind.base):
        yield kind.base
