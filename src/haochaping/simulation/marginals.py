"""What a simulated city is like: the declared marginals of `shapes/*.toml`, each with its source. Pure."""

import tomllib
from collections.abc import Mapping, Sequence
from decimal import Decimal
from pathlib import Path
from typing import Final, TypeVar

import msgspec

from haochaping.foundation.errors import NotFound

FOLDER: Final = Path(__file__).parent / "shapes"
LEVELS: Final = (5, 4, 3, 2, 1)
STREAMS: Final = ("hall", "online")
HOURS, WEEKDAYS = 24, 8
HOLIDAY: Final = 7
Key = TypeVar("Key")


class _Declared(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """`source`: a document and its figure, or "assumed"."""

    source: str


class Share(_Declared, frozen=True):
    share: Decimal


class Skew(_Declared, frozen=True):
    """The one of place k has 1/k^exponent of the first one's."""

    exponent: Decimal


class Channels(_Declared, frozen=True):
    """`pf` → weight, of those who come to a hall and of those who do not: one scale for both."""

    hall: dict[int, int]
    online: dict[int, int]


class Rhythm(_Declared, frozen=True):
    """Weights by the hour of the day, or from Monday to Sunday and of a holiday."""

    hall: list[int]
    online: list[int]


class Delays(_Declared, frozen=True):
    """Until so many minutes after the report, with what weight: in order."""

    hall: list[tuple[int, int]]
    online: list[tuple[int, int]]


class Tagged(_Declared, frozen=True):
    """Of each level the share with tags; weights of one, two, three."""

    share: dict[int, Decimal]
    number: list[int]


class Commented(_Declared, frozen=True):
    """Of each level the share with a text, of these the share that names somebody, or a number to call."""

    share: dict[int, Decimal]
    masked: Decimal


class Orders(_Declared, frozen=True):
    """Shares of orders that nobody takes for weeks, for which more time is asked, in which another organisation takes part;
    `pace`: at most so many days between two acts."""

    idle: Decimal
    extended: Decimal
    joint: Decimal
    pace: int


class Objections(_Declared, frozen=True):
    """The share of orders whose rating is contested; weights of what becomes of it."""

    share: Decimal
    outcomes: dict[str, int]


class Revisits(_Declared, frozen=True):
    """The share of attempts that reach the rater, and of these of who is satisfied."""

    reached: Decimal
    satisfied: Decimal


class Shape(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """All of it. `levels`: weights of the five."""

    title: str
    rated: Share
    late: Share
    named: Share
    organisations: Skew
    items: Skew
    channels: Channels
    hours: Rhythm
    weekdays: Rhythm
    delays: Delays
    levels: dict[str, int | str]
    tags: Tagged
    comments: Commented
    orders: Orders
    objections: Objections
    revisits: Revisits

    @property
    def level_weights(self) -> dict[int, int]:
        return {level: int(self.levels[str(level)]) for level in LEVELS}


def names() -> list[str]:
    """Of all shapes there are."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


def file_of(name: str) -> Path:
    """Where a shape is declared. Raises NotFound."""
    if name not in names():
        raise NotFound("shape", f"There is no shape {name!r}. There are: {', '.join(names())}.")
    return FOLDER / f"{name}.toml"


def read(name: str) -> Shape:
    """The shape of this name. Raises NotFound."""
    told = tomllib.loads(file_of(name).read_text(encoding="utf-8"), parse_float=Decimal)
    # Keys of TOML are texts; those that are numbers are read as such.
    shape = msgspec.convert(told, Shape, strict=False)
    for rhythm, length in ((shape.hours, HOURS), (shape.weekdays, WEEKDAYS)):
        if {len(rhythm.hall), len(rhythm.online)} != {length}:
            raise ValueError(f"{name}: {length} weights are needed")
    return shape


def bounds(weights: Sequence[tuple[Key, Decimal]], bits: int) -> list[tuple[Key, int]]:
    """Of each key, in order, the bound below which a draw of so many bits falls to it, as exactly as whole numbers let.
    Decimals: the same on every machine."""
    total, found, reached = sum(weight for _, weight in weights), [], Decimal(0)
    for key, weight in weights:
        reached += weight
        found.append((key, int((reached / total * (1 << bits)).to_integral_value())))
    return found


def weighted(weights: Mapping[Key, int]) -> list[tuple[Key, Decimal]]:
    """As `bounds` takes them."""
    return [(key, Decimal(weight)) for key, weight in weights.items()]


def skewed(count: int, exponent: Decimal) -> list[Decimal]:
    """Weights of so many, by their place."""
    return [Decimal(place + 1) ** -exponent for place in range(count)]


def parted(whole: int, weights: Sequence[Decimal]) -> list[int]:
    """A whole number in parts by weight, the largest remainders rounded up; nothing where no weight is."""
    total = sum(weights)
    if not total:
        return [0] * len(weights)
    exact = [whole * weight / total for weight in weights]
    parts = [int(each) for each in exact]
    rest = sorted(range(len(parts)), key=lambda place: (parts[place] - exact[place], place))
    for place in rest[: whole - sum(parts)]:
        parts[place] += 1
    return parts
