"""The live figures for programs: JSON and CSV with a dictionary of every name. What the page withholds is withheld here."""

import csv
import json
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Any, Final

from django.utils.translation import gettext as _

from haochaping.foundation.sheets.escapes import csv_text
from haochaping.publication.queries import Counts, LiveFigures

COUNTED: Final = ("occasions", "late", "rated", "good", "bad", "default", "unrated")
RATES: Final = ("active_good_rate", "inclusive_good_rate", "participation")
_PLACES: Final = 6


def figures(live: LiveFigures, form: str) -> tuple[str, str]:
    """The text and its media type; `form` is "json" or "csv"."""
    if form == "json":
        return json.dumps(_object(live), ensure_ascii=False, indent=1), "application/json"
    file = StringIO()
    lines = csv.writer(file, quoting=csv.QUOTE_ALL)
    lines.writerow(("scope", "division", "name", *COUNTED, *RATES))
    for scope, division, name, counts in _rows(live):
        said = {} if counts is None else _said(counts)
        cells = (scope, division, name, *(str(said.get(key, "")) for key in (*COUNTED, *RATES)))
        lines.writerow(map(csv_text, cells))
    return "\ufeff" + file.getvalue(), "text/csv; charset=utf-8"


def _object(live: LiveFigures) -> dict[str, Any]:
    return {
        "place": live.place,
        "as_of": live.as_of.isoformat(),
        "departments_to": live.departments_to.isoformat() if live.departments_to else None,
        "minimum": live.minimum,
        "rows": [
            {"scope": scope, "division": division, "name": name}
            | ({"withheld": True} if counts is None else _said(counts))
            for scope, division, name, counts in _rows(live)
        ],
        "dictionary": dictionary(),
    }


def _rows(live: LiveFigures) -> Iterator[tuple[str, str, str, Counts | None]]:
    yield "total", "", live.place, live.total
    for row in live.divisions:
        yield "division", "", row.name, row.counts
    for group in live.departments:
        for row in group.rows:
            yield "department", group.division, row.name, row.counts


def _said(counts: Counts) -> dict[str, Any]:
    """Counts as numbers, rates as decimals of six places in text: no reader rounds them on the way."""
    rates = {name: getattr(counts, name) for name in RATES}
    return {name: getattr(counts, name) for name in COUNTED} | {
        name: None if rate is None else f"{rate:.{_PLACES}f}" for name, rate in rates.items()
    }


def dictionary() -> Mapping[str, str]:
    """What each name means, in words."""
    return {
        "scope": _("total：全部；division：按办理机构所属地区，实时；department：按部门，每日公布一次"),
        "division": _("部门所属的地区"),
        "name": _("地区或部门的名称"),
        "withheld": _("评价不足 minimum 条，或者会由合计推算出别的单位，暂不公开"),
        "occasions": _("办件服务：评价期内报送、可以评价的办理服务，一次服务计一次"),
        "late": _("迟报：评价期满以后才报送，不能评价，不计入办件服务"),
        "rated": _("评价：群众和企业本人作出的评价"),
        "good": _("好评：非常满意、满意、基本满意"),
        "bad": _("差评：不满意、非常不满意"),
        "default": _("默认评价：评价期满没有评价，按当地规定计为某一等次，不是群众的评价"),
        "unrated": _("尚未评价：办件服务减去评价，再减去默认评价"),
        "active_good_rate": _("主动好评率：好评÷评价"),
        "inclusive_good_rate": _("含默认好评率：（好评+默认为基本满意及以上的）÷（评价+默认评价）"),
        "participation": _("参评率：评价÷办件服务，默认评价不算参评"),
        "as_of": _("统计时间；日期按提供服务的当日归属"),
        "departments_to": _("部门数据截至这一天的办件服务"),
    }
