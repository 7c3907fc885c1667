"""How many ratings were given of each level. Pure."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Any, Final

from django.utils.translation import gettext as _

from haochaping.publication import words as said
from haochaping.publication.charts.drawing import AMBER, BLUE, LINE, Drawing, rows_of, words
from haochaping.publication.charts.rates import WHOLE

_STEP: Final = 44


def level_names() -> tuple[str, ...]:
    """The levels in words, the best first."""
    return _("非常满意"), _("满意"), _("基本满意"), _("不满意"), _("非常不满意")


def levels(title: str, counts: Sequence[int]) -> Drawing:
    """A picture of so many ratings of each of the five levels, the best first; there is at least one."""
    whole = sum(counts)
    shares = [said.share(str(Fraction(each, whole))) for each in counts]
    # The two lowest are what every figure of the portal calls bad.
    sides = [_("好评")] * 3 + [_("差评")] * 2
    rows = tuple(
        (name, side, f"{count:,}", share)
        for name, side, count, share in zip(level_names(), sides, counts, shares, strict=True)
    )
    return Drawing(
        name="levels",
        title=title,
        description=_("%(title)s：%(told)s。")
        % {"title": title, "told": _("，").join(f"{name} {count}" for name, _side, count, _share in rows)},
        note=_("只计群众和企业作出的评价，不计默认评价。每条的长度是占全部评价的比例。"),
        head=(_("等次"), _("好评或差评"), _("评价"), _("占比")),
        rows=rows,
        spec=_spec(rows, [each * WHOLE // whole for each in counts]),
    )


def _spec(rows: Sequence[tuple[str, ...]], lengths: Sequence[int]) -> dict[str, Any]:
    values = [
        {
            "place": place,
            "name": _("%(name)s（%(side)s）") % {"name": name, "side": side},
            "value": f"{count} · {share}",
            "length": length,
            "from": 0,
            "to": WHOLE,
            "bad": place > 2,
        }
        for place, ((name, side, count, share), length) in enumerate(zip(rows, lengths, strict=True))
    ]
    y = {"field": "place", "type": "ordinal", "axis": None}
    x = {"type": "quantitative", "scale": {"domain": [0, WHOLE], "nice": False}, "axis": None}
    mark = {"type": "bar", "height": 12, "yOffset": 10}
    colour = {"condition": {"test": "datum.bad", "value": AMBER}, "value": BLUE}
    return rows_of(
        _STEP,
        values,
        (
            {
                "mark": {**mark, "filled": False, "stroke": LINE, "strokeWidth": 1},
                "encoding": {"y": y, "x": {**x, "field": "from"}, "x2": {"field": "to"}},
            },
            {
                "mark": mark,
                "encoding": {"y": y, "x": {**x, "field": "from"}, "x2": {"field": "length"}, "color": colour},
            },
            *words("name", "value", above=10),
        ),
    )
