"""The pictures of a publication, made out of its record alone, and of those before it. Pure."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _

from haochaping.publication.charts.drawing import Drawing
from haochaping.publication.charts.levels import levels
from haochaping.publication.charts.rates import Row, rates
from haochaping.publication.charts.regions import Ground, regions

# Of more there is no room; the pages of the earlier ones are there.
PERIODS = 12

Record = Mapping[str, Any]


def drawings(record: Record, before: Sequence[Record], ground: Ground) -> tuple[Drawing, ...]:
    """Those for which there is something to draw. `before`: the records of the same place and of periods as long, the oldest
    first, this one last."""
    title = {"place": record["place"], "period": record["period"]["name"]}
    whole = own_row(record)
    rows = record["rows"].get("region", ())
    others = [row for row in rows if row["name"] != record["place"]]
    departments = record["rows"].get("organisation", ())
    found: list[Drawing] = []
    if others:
        found.append(regions(_("%(place)s%(period)s各地区主动好评率") % title, others, whole, ground))
        found.append(rates("regions", _("%(place)s%(period)s各地区主动好评率和区间") % title, others, whole))
    if departments:
        found.append(
            rates("departments", _("%(place)s%(period)s各部门主动好评率和区间") % title, departments, whole)
        )
    if whole is not None and sum(whole.get("levels", ())):
        found.append(levels(_("%(place)s%(period)s各等次的评价") % title, whole["levels"]))
    over_time = [_of_period(each) for each in before[-PERIODS:]]
    if sum("interval" in row and bool(row["interval"]) for row in over_time) > 1:
        found.append(rates("periods", _("%(place)s历次公布的主动好评率") % title, over_time))
    return tuple(found)


def own_row(record: Record) -> Row | None:
    """The row of the place itself; None where there is none."""
    return next((row for row in record["rows"].get("region", ()) if row["name"] == record["place"]), None)


def _of_period(record: Record) -> Row:
    return {**(own_row(record) or {}), "name": record["period"]["name"]}
