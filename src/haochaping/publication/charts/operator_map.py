"""The operator's own map: GeoJSON (RFC 7946) with its 审图号, looked at whole before anything of it is drawn. Pure.

A map that is shown to the public has to be examined, and bears its number where all can see it:
《地图管理条例》（国务院令第664号）第十五条、第二十二条. Without a number there is no map. Whether the number is that of
this map nobody but the operator can say.
"""

import json
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from pathlib import Path
from typing import Any, Final, NoReturn

from haochaping.foundation.form_templates import LARGEST

FILE: Final = "map.geojson"
APPROVAL: Final = "审图号"
CODE: Final = "code"
# A picture of more points is too heavy for a page; a city of twenty districts needs some thousand.
MOST_POINTS: Final = 20_000
MOST_SHAPES: Final = 500
# GS（2024）0650号, GS京（2022）1061号, 云S（2021）12号: who examined it, the year, the number.
_NUMBER: Final = re.compile(r"(?:GS[\u4e00-\u9fff]?|[\u4e00-\u9fff]{1,3}S)[（(][12][0-9]{3}[）)][0-9]{1,6}号")
_CODE: Final = re.compile(r"[0-9]{6}(?:[0-9]{3}|[0-9]{6})?")
_FEWEST: Final = 4
_PAIR: Final = 2

Position = Sequence[float]
Ring = Sequence[Position]


class Fault(StrEnum):
    """What is wrong with a map."""

    UNREADABLE = "unreadable"
    TOO_LARGE = "too_large"
    NOT_JSON = "not_json"
    NO_COLLECTION = "no_collection"
    NO_NUMBER = "no_number"
    ODD_NUMBER = "odd_number"
    TOO_MANY = "too_many"
    NO_CODE = "no_code"
    TWICE = "twice"
    NO_AREA = "no_area"
    OPEN_RING = "open_ring"
    NO_POSITION = "no_position"


class MapRefused(Exception):
    """`fault` says what is wrong, `where` of which feature ("features[3]"), "" of the whole."""

    def __init__(self, fault: Fault, where: str = "") -> None:
        super().__init__(f"{fault} {where}".strip())
        self.fault = fault
        self.where = where


@dataclass(frozen=True, slots=True)
class Shape:
    """A region: its polygons as MultiPolygon, wound as the drawing program wants them, and where its number stands."""

    geometry: Mapping[str, Any]
    middle: tuple[float, float]


@dataclass(frozen=True, slots=True)
class OperatorMap:
    """`approval`: 审图号; `shapes` by the code of their region."""

    approval: str
    shapes: Mapping[str, Shape]

    def has(self, codes: Iterable[str]) -> bool:
        """Whether all of these are on it, and there is at least one."""
        wanted = set(codes)
        return bool(wanted) and wanted <= self.shapes.keys()


def own_map(folder: Path | None) -> OperatorMap | None:
    """The map in the folder of the operator's own templates; None where there is none. Raises MapRefused."""
    path = folder / FILE if folder is not None else None
    return read_file(path) if path is not None and path.exists() else None


def read_file(path: Path) -> OperatorMap:
    """Raises MapRefused."""
    try:
        if path.stat().st_size > LARGEST:
            raise MapRefused(Fault.TOO_LARGE)
        return read(path.read_bytes())
    except OSError as error:
        raise MapRefused(Fault.UNREADABLE) from error


def read(content: bytes) -> OperatorMap:
    """Raises MapRefused."""
    if len(content) > LARGEST:
        raise MapRefused(Fault.TOO_LARGE)
    try:
        said = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise MapRefused(Fault.NOT_JSON) from error
    features = said.get("features") if isinstance(said, dict) else None
    if not isinstance(features, list) or said.get("type") != "FeatureCollection" or not features:
        raise MapRefused(Fault.NO_COLLECTION)
    if len(features) > MOST_SHAPES:
        raise MapRefused(Fault.TOO_MANY)
    return OperatorMap(_approval(said), _shapes(features))


def _refuse(_constant: str) -> NoReturn:
    raise ValueError


def _approval(said: Mapping[str, Any]) -> str:
    number = said.get(APPROVAL)
    if not isinstance(number, str) or not number.strip():
        raise MapRefused(Fault.NO_NUMBER)
    if not _NUMBER.fullmatch(number.strip()):
        raise MapRefused(Fault.ODD_NUMBER)
    return number.strip()


def _shapes(features: Sequence[Any]) -> dict[str, Shape]:
    found: dict[str, Shape] = {}
    points = 0
    for place, feature in enumerate(features):
        where = f"features[{place}]"
        code = _code(feature, where)
        if code in found:
            raise MapRefused(Fault.TWICE, where)
        polygons = [[_ring(ring, where) for ring in polygon] for polygon in _polygons(feature, where)]
        points += sum(len(ring) for polygon in polygons for ring in polygon)
        if points > MOST_POINTS:
            raise MapRefused(Fault.TOO_MANY, where)
        found[code] = _shape(polygons, where)
    return found


def _code(feature: Any, where: str) -> str:
    properties = feature.get("properties") if isinstance(feature, dict) else None
    code = properties.get(CODE) if isinstance(properties, dict) else None
    if isinstance(code, int) and not isinstance(code, bool):
        code = str(code)
    if not isinstance(code, str) or not _CODE.fullmatch(code):
        raise MapRefused(Fault.NO_CODE, where)
    return code


def _polygons(feature: Mapping[str, Any], where: str) -> Sequence[Sequence[Any]]:
    geometry = feature.get("geometry")
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    said = geometry.get("coordinates") if isinstance(geometry, dict) else None
    polygons: Any = [said] if kind == "Polygon" else said
    if kind not in {"Polygon", "MultiPolygon"} or not _is_list_of_lists(polygons):
        raise MapRefused(Fault.NO_AREA, where)
    found: Sequence[Sequence[Any]] = polygons
    return found


def _is_list_of_lists(said: Any) -> bool:
    return isinstance(said, list) and bool(said) and all(isinstance(each, list) and each for each in said)


def _ring(said: Any, where: str) -> list[Position]:
    if not isinstance(said, list) or len(said) < _FEWEST:
        raise MapRefused(Fault.OPEN_RING, where)
    ring = [_position(each, where) for each in said]
    if ring[0] != ring[-1]:
        raise MapRefused(Fault.OPEN_RING, where)
    return ring


def _position(said: Any, where: str) -> Position:
    """Degrees east and north; a height is left out."""
    numbers = said[:_PAIR] if isinstance(said, list) else ()
    plain = all(isinstance(each, int | float) and not isinstance(each, bool) for each in numbers)
    if len(numbers) != _PAIR or not plain or not all(math.isfinite(each) for each in numbers):
        raise MapRefused(Fault.NO_POSITION, where)
    if abs(numbers[0]) > 180 or abs(numbers[1]) > 85:
        raise MapRefused(Fault.NO_POSITION, where)
    return numbers


def _shape(polygons: Sequence[Sequence[Ring]], where: str) -> Shape:
    largest = max((polygon[0] for polygon in polygons), key=lambda ring: abs(_twice_area(ring)))
    if not _twice_area(largest):
        raise MapRefused(Fault.NO_AREA, where)
    wound = [
        [_wound(ring, clockwise=place == 0) for place, ring in enumerate(polygon)] for polygon in polygons
    ]
    return Shape({"type": "MultiPolygon", "coordinates": wound}, _middle(largest))


def _wound(ring: Ring, *, clockwise: bool) -> Ring:
    """Outer rings clockwise, holes the other way round: else all the rest of the globe would be the region."""
    return ring if (_twice_area(ring) < 0) is clockwise else ring[::-1]


def _edges(ring: Ring) -> Iterator[tuple[Position, Position, float]]:
    """Each edge, seen from the first corner so that nothing is lost to large numbers, with its part of twice the area."""
    east, north = ring[0]
    moved = [(each[0] - east, each[1] - north) for each in ring]
    for one, two in pairwise(moved):
        yield one, two, one[0] * two[1] - two[0] * one[1]


def _twice_area(ring: Ring) -> float:
    """In square degrees; positive where the ring runs counter-clockwise."""
    return sum(part for _one, _two, part in _edges(ring))


def _middle(ring: Ring) -> tuple[float, float]:
    """The centre of its area."""
    whole = 3 * _twice_area(ring)
    east = sum((one[0] + two[0]) * part for one, two, part in _edges(ring)) / whole
    north = sum((one[1] + two[1]) * part for one, two, part in _edges(ring)) / whole
    return round(ring[0][0] + east, 6), round(ring[0][1] + north, 6)
