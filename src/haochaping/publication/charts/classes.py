"""How a region compares with all of them together, as words and a sign beside every colour. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _

from haochaping.publication.charts.rates import Rate


class Standing(StrEnum):
    """A rate is called above or below the whole only where its interval of 95 % lies there entirely."""

    ABOVE = "above"
    ALIKE = "alike"
    BELOW = "below"
    ALONE = "alone"
    WITHHELD = "withheld"


class Look(NamedTuple):
    """`fill` of its tile, `dash` of its edge, the `sign` beside its figure."""

    fill: str
    dash: tuple[int, int]
    sign: str


LOOKS: Final[Mapping[Standing, Look]] = {
    Standing.ABOVE: Look("#cfe0f5", (1, 0), "▲"),
    Standing.ALIKE: Look("#ffffff", (1, 0), "＝"),
    Standing.BELOW: Look("#fbe3c4", (1, 0), "▼"),
    Standing.ALONE: Look("#ffffff", (1, 0), ""),
    Standing.WITHHELD: Look("#eef0f3", (3, 3), "—"),
}


def standing(each: Rate, mean: Rate | None) -> Standing:
    """Of one region beside `mean`, that of all; ALONE where there is none."""
    if each.rate is None:
        return Standing.WITHHELD
    if mean is None or mean.rate is None:
        return Standing.ALONE
    if each.low > mean.rate:
        return Standing.ABOVE
    return Standing.BELOW if each.high < mean.rate else Standing.ALIKE


def called(found: Standing) -> str:
    """In words."""
    return {
        Standing.ABOVE: _("高于总体"),
        Standing.ALIKE: _("接近总体"),
        Standing.BELOW: _("低于总体"),
        Standing.ALONE: "",
        Standing.WITHHELD: _("暂不公开"),
    }[found]


def explained(mean: Rate | None) -> str:
    """How to read the classes."""
    if mean is None or mean.rate is None:
        return _("总体的好评率没有公开，各地区不作比较。")
    sentence = _(
        "总体是%(name)s：%(share)s。95%%区间全部在它之上的，算高于总体（▲）；全部在它之下的，算低于总体（▼）；其余接近总体（＝）。"
    )
    return sentence % {"name": mean.name, "share": mean.share}


def channels() -> dict[str, Any]:
    """Fill and edge of a mark by its field `standing`."""
    order = [each.value for each in LOOKS]
    kept = {"field": "standing", "type": "nominal", "legend": None}
    return {
        "fill": {**kept, "scale": {"domain": order, "range": [each.fill for each in LOOKS.values()]}},
        "strokeDash": {
            **kept,
            "scale": {"domain": order, "range": [list(each.dash) for each in LOOKS.values()]},
        },
    }
