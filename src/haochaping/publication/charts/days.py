"""The last days of a place: how many ratings each day, how many of them bad, and the good rate. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any, Final

from django.utils.translation import gettext as _

from haochaping.publication import words as said
from haochaping.publication.charts.drawing import AMBER, BLUE, PALE, WIDTH, Drawing
from haochaping.publication.charts.rates import WHOLE, scale_from
from haochaping.publication.rules import hidden
from haochaping.tallies.rules import Counts

# So many days back, the last one included.
DAYS: Final = 60
_LABELLED: Final = 10
_HIGH: Final = 130


@dataclass(frozen=True, slots=True)
class _Day:
    """One day; `counts` None where it is withheld."""

    day: date
    counts: Counts | None

    @property
    def rate(self) -> Fraction | None:
        return Fraction(self.counts.good, self.counts.rated) if self.counts and self.counts.rated else None


def days(title: str, counted: Mapping[date, Counts], over: Sequence[date]) -> Drawing | None:
    """A picture of the days `over`; None where not one of them may be shown. A day with few ratings is withheld, and the
    next smallest where their sum would be small."""
    closed = hidden({day: counts for day, counts in counted.items() if counts.rated})
    found = [_Day(day, None if day in closed else counted.get(day, Counts())) for day in over]
    shown = [each for each in found if each.rate is not None]
    if not shown:
        return None
    return Drawing(
        name="days",
        title=title,
        description=_described(title, shown),
        note=_(
            "按提供服务的日期。上图是每天的评价，深色是其中的差评；下图是每天的主动好评率。评价很少的日子不公开，图中是空的。"
        ),
        head=(_("日期"), _("评价"), _("差评"), _("主动好评率")),
        rows=tuple(_line(each) for each in reversed(found)),
        spec=_spec(found),
    )


def _line(each: _Day) -> tuple[str, ...]:
    day = each.day.isoformat()
    if each.counts is None:
        return day, _("暂不公开"), "—", "—"
    return (
        day,
        f"{each.counts.rated:,}",
        f"{each.counts.bad:,}",
        said.share(str(each.rate) if each.rate is not None else None),
    )


def _described(title: str, shown: Sequence[_Day]) -> str:
    low, high = (pick(shown, key=lambda each: each.rate or 0) for pick in (min, max))
    sentence = _(
        "%(title)s：主动好评率最低的是%(low)s，%(least)s；最高的是%(high)s，%(most)s。数字见旁边的表。"
    )
    return sentence % {
        "title": title,
        "low": low.day.isoformat(),
        "least": said.share(str(low.rate)),
        "high": high.day.isoformat(),
        "most": said.share(str(high.rate)),
    }


def _spec(found: Sequence[_Day]) -> dict[str, Any]:
    values, run, before = [], 0, False
    for each in found:
        run += each.rate is None and before
        before = each.rate is not None
        values.append(
            {
                "day": f"{each.day:%m-%d}",
                "rated": each.counts.rated if each.counts else None,
                "bad": each.counts.bad if each.counts else None,
                "rate": None if each.rate is None else int(each.rate * WHOLE),
                "run": run,
            }
        )
    start = scale_from(min(int(each.rate * WHOLE) for each in found if each.rate is not None))
    names = [value["day"] for value in values]
    axis = {"values": names[::_LABELLED], "labelAngle": 0, "title": None}
    x = {"field": "day", "type": "ordinal", "scale": {"domain": names}, "axis": axis}
    numbers = {"tickCount": 4, "grid": True, "format": "d", "minExtent": 48}
    share = {"scale": {"domain": [start, WHOLE], "nice": False}, "type": "quantitative"}
    shares = {**numbers, "labelExpr": "datum.value / 100 + '%'", "title": _("主动好评率")}
    return {
        "data": {"values": values},
        "vconcat": [
            {
                "width": WIDTH - 68,
                "height": _HIGH,
                "encoding": {"x": x},
                "layer": [
                    _bars("rated", PALE, {**numbers, "title": _("评价（深色：差评）")}),
                    _bars("bad", AMBER, {}),
                ],
            },
            {
                "width": WIDTH - 68,
                "height": _HIGH,
                "transform": [{"filter": "isValid(datum.rate)"}],
                "mark": {"type": "line", "color": BLUE, "point": {"filled": True, "color": BLUE, "size": 26}},
                "encoding": {
                    "x": x,
                    "y": {**share, "field": "rate", "axis": shares},
                    "detail": {"field": "run", "type": "nominal"},
                },
            },
        ],
    }


def _bars(field: str, color: str, axis: Mapping[str, Any]) -> dict[str, Any]:
    y = {"field": field, "type": "quantitative", **({"axis": dict(axis)} if axis else {})}
    return {"mark": {"type": "bar", "color": color}, "encoding": {"y": y}}
