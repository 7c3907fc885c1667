"""What a picture is before it is drawn, and how all of them look: dark on white, with words, so that none needs its colours.

Pure.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

INK: Final = "#1b2430"
SOFT: Final = "#4a5566"
LINE: Final = "#d5dbe3"
BLUE: Final = "#0b57b0"
PALE: Final = "#9db8d8"
AMBER: Final = "#8a5300"
# As wide as a phone nearly shows it, so that its letters can be read there.
WIDTH: Final = 400
_LETTERS: Final = 16
# The pinned font first; who has not got it reads in the fonts of the pages.
_FONT: Final = (
    "Noto Sans SC, PingFang SC, Microsoft YaHei, Noto Sans CJK SC, Source Han Sans SC, "
    "WenQuanYi Micro Hei, sans-serif"
)
_CONFIG: Final[Mapping[str, Any]] = {
    "font": _FONT,
    "background": "white",
    "view": {"stroke": None},
    "text": {"color": INK, "fontSize": _LETTERS},
    "axis": {
        "labelColor": INK,
        "labelFontSize": 14,
        "titleColor": SOFT,
        "titleFontSize": 14,
        "titleFontWeight": "normal",
        "gridColor": LINE,
        "domainColor": LINE,
        "tickColor": LINE,
    },
}


@dataclass(frozen=True, slots=True)
class Drawing:
    """One picture. `description`: what is to be seen, in sentences; `head` and `rows`: its table, as text; `note`: how to
    read it; `spec`: its definition (Vega-Lite) without what all have alike."""

    name: str
    title: str
    description: str
    note: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    spec: Mapping[str, Any]

    def asked(self, language: str) -> dict[str, Any]:
        """As `foundation.paperwork.pictures` takes it."""
        return {
            "title": self.title,
            "description": self.description,
            "language": language,
            "spec": {"config": _CONFIG, "padding": 4, **self.spec},
        }

    def told(self) -> dict[str, Any]:
        """What is said beside it."""
        return {
            "title": self.title,
            "description": self.description,
            "note": self.note,
            "head": list(self.head),
            "rows": [list(each) for each in self.rows],
        }


def words(name: str, value: str, *, above: int) -> list[dict[str, Any]]:
    """The two texts on top of a row: the field `name` on the left, `value` on the right, so many points above its middle."""
    place = {"type": "text", "yOffset": -above, "baseline": "middle"}
    y = {"field": "place", "type": "ordinal", "axis": None}
    return [
        {
            "mark": {**place, "align": "left", "x": 0, "limit": WIDTH - 150},
            "encoding": {"y": y, "text": {"field": name}},
        },
        {
            "mark": {**place, "align": "right", "x": WIDTH, "limit": 148},
            "encoding": {"y": y, "text": {"field": value}},
        },
    ]


def rows_of(
    step: int, values: Sequence[Mapping[str, Any]], layers: Sequence[Mapping[str, Any]]
) -> dict[str, Any]:
    """A picture of rows of equal height; each of `values` has its `place` from the top."""
    return {
        "width": WIDTH,
        "height": step * len(values),
        "data": {"values": list(values)},
        "layer": list(layers),
    }
