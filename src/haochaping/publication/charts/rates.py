"""Good rates as points with their exact intervals, one row a unit: regions, departments, one place over time. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Final

from django.utils.translation import gettext as _

from haochaping.publication import words as said
from haochaping.publication.charts.drawing import BLUE, PALE, SOFT, Drawing, rows_of, words

# Of more the picture would be longer than anybody looks at; the table of the page has all.
MOST: Final = 20
_STEP: Final = 48
# A share is drawn in ten-thousandths.
WHOLE: Final = 10_000
# Steps of the scale, the finest first, and how many of them at most there are, but of the last.
_STEPS: Final = (10, 50, 100, 500)
_FEW: Final = 5

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rate:
    """A row of a publication as it is drawn, in ten-thousandths; None and no text where it is withheld, or is nothing."""

    name: str
    ratings: str
    share: str
    interval: str
    rate: int | None
    low: int
    high: int


def rate_of(row: Row) -> Rate:
    """A row of a record (`publication.ranking.content`)."""
    share, ends = row.get("shares", {}).get("good_active"), row.get("interval")
    ratings = f"{row['counts']['ratings']:,}" if "ratings" in row.get("counts", {}) else ""
    if not share or not ends:
        return Rate(row["name"], ratings, "", "", None, 0, 0)
    low, high = (int(Decimal(end) * WHOLE) for end in ends)
    rate = int(Fraction(share) * WHOLE)
    return Rate(row["name"], ratings, said.share(share), said.interval(ends), rate, low, high)


def begin(rates: Sequence[Rate]) -> int:
    """Where the scale begins: see `scale_from`, with all intervals."""
    return scale_from(min((each.low for each in rates if each.rate is not None), default=0))


def scale_from(least: int) -> int:
    """Where a scale up to 100 % begins that shows this share and all above it: a multiple of a tenth of a percent up to five
    percent, and never 100 %. Where nearly everything is good it begins near enough to tell the rest apart."""
    least = min(least, WHOLE - 1)
    step = next((each for each in _STEPS if WHOLE - least <= _FEW * each), _STEPS[-1])
    return least // step * step


def most_rated(rows: Sequence[Row]) -> list[Row]:
    """At most MOST, in their order: those with the most ratings; a withheld one has none."""
    by_size = sorted(rows, key=lambda row: -row.get("counts", {}).get("ratings", 0))[:MOST]
    chosen = {id(row) for row in by_size}
    return [row for row in rows if id(row) in chosen]


def rates(name: str, title: str, rows: Sequence[Row], whole: Row | None = None) -> Drawing:
    """A picture of these rows; `whole`: the row of all of them together, drawn as a line."""
    chosen = [rate_of(row) for row in most_rated(rows)]
    all_of_it = rate_of(whole) if whole is not None else None
    mean = all_of_it if all_of_it is not None and all_of_it.rate is not None else None
    return Drawing(
        name=name,
        title=title,
        description=_described(title, chosen),
        note=_note(len(chosen), len(rows), mean),
        head=(_("名称"), _("评价"), _("主动好评率"), _("95%区间")),
        rows=tuple(_line(each) for each in chosen),
        spec=_spec(chosen, mean),
    )


def _line(each: Rate) -> tuple[str, ...]:
    if each.rate is None:
        return each.name, each.ratings or _("暂不公开"), "—", "—"
    return each.name, each.ratings, each.share, each.interval


def _described(title: str, chosen: Sequence[Rate]) -> str:
    shown = [each for each in chosen if each.rate is not None]
    if not shown:
        return _("%(title)s：没有可以公开的数据。") % {"title": title}
    low, high = (pick(shown, key=lambda each: each.rate or 0) for pick in (min, max))
    sentence = _("%(title)s：最低的是%(low)s，%(least)s；最高的是%(high)s，%(most)s。数字见旁边的表。")
    return sentence % {
        "title": title,
        "low": low.name,
        "least": low.share,
        "high": high.name,
        "most": high.share,
    }


def _note(drawn: int, there: int, mean: Rate | None) -> str:
    notes = [_("点是主动好评率，横条是它的95%区间：评价越少，横条越长。")]
    if mean is not None:
        notes.append(_("虚线是%(name)s：%(share)s。") % {"name": mean.name, "share": mean.share})
    if drawn < there:
        notes.append(_("图中是评价最多的%(drawn)s个，一共%(there)s个。") % {"drawn": drawn, "there": there})
    return "".join(notes)


def _spec(chosen: Sequence[Rate], mean: Rate | None) -> dict[str, Any]:
    start = begin([*chosen, *([mean] if mean else ())])
    values = [
        {
            "place": place,
            "name": each.name,
            "value": each.share or _("暂不公开"),
            "rate": each.rate,
            "low": each.low,
            "high": each.high,
        }
        for place, each in enumerate(chosen)
    ]
    x = {"type": "quantitative", "scale": {"domain": [start, WHOLE], "nice": False}, "axis": _axis(mean)}
    y = {"field": "place", "type": "ordinal", "axis": None}
    there = [{"filter": "isValid(datum.rate)"}]
    layers: list[dict[str, Any]] = [
        {
            "transform": there,
            "mark": {"type": "rule", "color": PALE, "strokeWidth": 8, "yOffset": 10},
            "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}},
        },
        {
            "transform": there,
            "mark": {"type": "point", "filled": True, "color": BLUE, "size": 90, "opacity": 1, "yOffset": 10},
            "encoding": {"y": y, "x": {**x, "field": "rate"}},
        },
        *words("name", "value", above=10),
    ]
    if mean is not None:
        line = {"type": "rule", "color": SOFT, "strokeDash": [5, 4], "strokeWidth": 1.5}
        data = {"values": [{"rate": mean.rate}]}
        layers.insert(0, {"data": data, "mark": line, "encoding": {"x": {**x, "field": "rate"}}})
    return rows_of(_STEP, values, layers)


def _axis(mean: Rate | None) -> dict[str, Any]:
    title = [_("主动好评率；横条：95%区间")]
    if mean is not None:
        title.append(_("虚线：%(name)s %(share)s") % {"name": mean.name, "share": mean.share})
    return {"labelExpr": "datum.value / 100 + '%'", "tickCount": 5, "grid": True, "title": title}
