"""The regions of a place as tiles in a grid (方格图), or on the operator's own map. A grid of tiles is no map: it says about
where a region lies, and shows no boundary. Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from haochaping.publication.charts.classes import LOOKS, Standing, called, channels, explained, standing
from haochaping.publication.charts.drawing import INK, SOFT, WIDTH, Drawing
from haochaping.publication.charts.grids import COLUMNS, placed
from haochaping.publication.charts.operator_map import OperatorMap
from haochaping.publication.charts.rates import Rate, Row, rate_of

# So many tiles are looked at.
MOST: Final = 40
_TALL: Final = 98
_LETTERS_A_LINE: Final = 5
_MAP_HEIGHT: Final = 420


@dataclass(frozen=True, slots=True)
class Region:
    """A region with its code, "" where the registry knows no one of its name."""

    code: str
    rate: Rate
    standing: Standing


@dataclass(frozen=True, slots=True)
class Ground:
    """On what regions are drawn: `codes`, by their names, of those right below the place; `grid`: rows of codes, "" for an
    empty place, none declared: by rows in the order of the codes; `own`: the operator's map."""

    codes: Mapping[str, str]
    grid: Sequence[Sequence[str]] = ()
    own: OperatorMap | None = None


def regions(title: str, rows: Sequence[Row], whole: Row | None, ground: Ground) -> Drawing:
    """A picture of those right below the place, where the registry knows them, else of these; `whole`: the row of all
    together."""
    mean = rate_of(whole) if whole is not None else None
    known = [row for row in rows if row["name"] in ground.codes]
    found = [_region(row, mean, ground) for row in known or rows[:MOST]]
    ordered = sorted(found, key=lambda each: (each.code or "9", each.rate.name))
    own = ground.own if ground.own is not None and ground.own.has(each.code for each in found) else None
    note = _("方格只表示大致方位，不是地图。") if own is None else _approved(own)
    if not known and len(rows) > MOST:
        note += _("图中有%(drawn)s个，一共%(there)s个。") % {"drawn": MOST, "there": len(rows)}
    return Drawing(
        name="regions-map",
        title=title,
        description=_described(title, ordered, own),
        note=note + explained(mean),
        head=((_("序号"),) if own else ()) + (_("地区"), _("评价"), _("主动好评率"), _("与总体相比")),
        rows=tuple(_line(number, each, numbered=own is not None) for number, each in enumerate(ordered, 1)),
        spec=_tiles(ordered, ground.grid) if own is None else _map(ordered, own),
    )


def _region(row: Row, mean: Rate | None, ground: Ground) -> Region:
    rate = rate_of(row)
    return Region(ground.codes.get(rate.name, ""), rate, standing(rate, mean))


def _line(number: int, each: Region, *, numbered: bool) -> tuple[str, ...]:
    rate = each.rate
    said = (
        rate.name,
        rate.ratings or "—",
        rate.share or "—",
        f"{LOOKS[each.standing].sign} {called(each.standing)}",
    )
    return (str(number), *said) if numbered else said


def _approved(own: OperatorMap) -> str:
    return _("审图号：%(number)s。") % {"number": own.approval}


def _described(title: str, found: Sequence[Region], own: OperatorMap | None) -> str:
    parts = []
    for kind in Standing:
        names = [each.rate.name for each in found if each.standing is kind]
        if names and called(kind):
            parts.append(_("%(kind)s：%(names)s") % {"kind": called(kind), "names": _("、").join(names)})
    told = _("%(title)s。%(told)s。") % {"title": title, "told": _("；").join(parts) or _("见旁边的表")}
    return told + _approved(own) if own is not None else told


def _tiles(found: Sequence[Region], grid: Sequence[Sequence[str]]) -> dict[str, Any]:
    # Where the registry knows no code, the name stands for it.
    names = [each.code or each.rate.name for each in found]
    places = placed(names, grid)
    rows = max((row for row, _column in places.values()), default=0) + 1
    columns = max(COLUMNS, *(column + 1 for _row, column in places.values())) if places else COLUMNS
    values = [
        {
            "row": places[name][0],
            "column": places[name][1],
            "name": "" if _is_long(each.rate.name) else each.rate.name,
            "lines": _lines(each.rate.name) if _is_long(each.rate.name) else "",
            "share": each.rate.share or "—",
            "told": f"{LOOKS[each.standing].sign} {called(each.standing)}".strip(),
            "standing": each.standing.value,
        }
        for name, each in zip(names, found, strict=True)
    ]
    x = _band("column", columns)
    y = _band("row", rows)
    text = {"type": "text", "align": "center", "baseline": "middle"}
    layers = (
        {"mark": {"type": "rect", "stroke": SOFT, "strokeWidth": 1}, "encoding": channels()},
        {"mark": {**text, "yOffset": -21}, "encoding": {"text": {"field": "name"}}},
        {"mark": {**text, "yOffset": -31, "lineHeight": 19}, "encoding": {"text": {"field": "lines"}}},
        {
            "mark": {**text, "yOffset": 11, "fontSize": 17, "fontWeight": "bold"},
            "encoding": {"text": {"field": "share"}},
        },
        {"mark": {**text, "yOffset": 34, "fontSize": 14}, "encoding": {"text": {"field": "told"}}},
    )
    return {
        "width": WIDTH // COLUMNS * columns,
        "height": _TALL * rows,
        "data": {"values": values},
        "encoding": {"x": x, "y": y},
        "layer": list(layers),
    }


def _band(field: str, number: int) -> dict[str, Any]:
    scale = {"domain": list(range(number)), "paddingInner": 0.05, "paddingOuter": 0}
    return {"field": field, "type": "ordinal", "scale": scale, "axis": None}


def _is_long(name: str) -> bool:
    return len(name) > _LETTERS_A_LINE


def _lines(name: str) -> list[str]:
    """A long name in two lines about as long."""
    half = (len(name) + 1) // 2
    return [name[:half], name[half:]]


def _map(found: Sequence[Region], own: OperatorMap) -> dict[str, Any]:
    """The operator's own, each region with its number in the table and its sign; 审图号 within the picture."""
    features, labels = [], []
    for number, each in enumerate(found, 1):
        if each.code not in own.shapes:
            continue
        shape = own.shapes[each.code]
        features.append(
            {
                "type": "Feature",
                "geometry": shape.geometry,
                "properties": {"standing": each.standing.value},
                "standing": each.standing.value,
            }
        )
        longitude, latitude = shape.middle
        sign = LOOKS[each.standing].sign
        labels.append({"longitude": longitude, "latitude": latitude, "told": f"{number}{sign}"})
    text = {"type": "text", "fontSize": 18, "fontWeight": "bold", "color": INK}
    place = {
        "longitude": {"field": "longitude", "type": "quantitative"},
        "latitude": {"field": "latitude", "type": "quantitative"},
    }
    return {
        "width": WIDTH,
        "height": _MAP_HEIGHT,
        "projection": {"type": "mercator"},
        "title": {
            "text": _("审图号：%(number)s") % {"number": own.approval},
            "orient": "bottom",
            "anchor": "start",
            "fontSize": 14,
            "fontWeight": "normal",
            "color": INK,
        },
        "layer": [
            {
                "data": {"values": features},
                "mark": {"type": "geoshape", "stroke": INK, "strokeWidth": 1},
                "encoding": channels(),
            },
            {"data": {"values": labels}, "mark": text, "encoding": {**place, "text": {"field": "told"}}},
        ],
    }
