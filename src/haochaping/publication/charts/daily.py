"""The pictures of the live page, made once a day of what is frozen then. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from haochaping.publication.charts.days import DAYS, days
from haochaping.publication.charts.drawing import Drawing
from haochaping.publication.charts.rates import Row, rates
from haochaping.publication.charts.regions import Ground, regions
from haochaping.publication.rules import hidden
from haochaping.scoring.interval import exact_interval
from haochaping.tallies.rules import Counts


class Department(NamedTuple):
    """What was frozen of one; `number` tells those of one name apart."""

    number: int
    name: str
    division: str
    counts: Counts


class Frozen(NamedTuple):
    """What the pictures of a day are made of. `by_day`: of the whole place; `to_day`: the last service day that counts."""

    place: str
    departments: Sequence[Department]
    by_day: Mapping[date, Counts]
    to_day: date


def drawings(frozen: Frozen, ground: Ground) -> tuple[Drawing, ...]:
    """Those for which there is something to draw."""
    title = {"place": frozen.place, "day": frozen.to_day.isoformat()}
    whole = _row(frozen.place, sum((each.counts for each in frozen.departments), Counts()))
    over = [frozen.to_day - timedelta(days=back) for back in reversed(range(DAYS))]
    found = [days(_("%(place)s最近60天的评价，截至%(day)s") % title, frozen.by_day, over)]
    by_region = _sums((each.division, each.counts) for each in frozen.departments)
    if len(by_region) > 1:
        title_of = _("%(place)s各地区主动好评率，截至%(day)s") % title
        found.append(regions(title_of, _rows(by_region), whole, ground))
    closed = _closed(frozen.departments)
    rows = [_row(each.name, None if each.number in closed else each.counts) for each in frozen.departments]
    if rows:
        found.append(rates("departments", _("%(place)s各部门主动好评率，截至%(day)s") % title, rows, whole))
    return tuple(each for each in found if each is not None)


def _sums(counted: Iterable[tuple[str, Counts]]) -> dict[str, Counts]:
    sums: dict[str, Counts] = {}
    for name, counts in counted:
        sums[name] = sums.get(name, Counts()) + counts
    return sums


def _rows(counted: Mapping[str, Counts]) -> list[Row]:
    closed = hidden(counted)
    return [_row(name, None if name in closed else counts) for name, counts in counted.items()]


def _closed(departments: Iterable[Department]) -> set[int]:
    """Within their division, as the page withholds them."""
    groups: dict[str, dict[int, Counts]] = {}
    for each in departments:
        groups.setdefault(each.division, {})[each.number] = each.counts
    return {number for group in groups.values() for number in hidden(group)}


def _row(name: str, counts: Counts | None) -> Row:
    """As a record has it (`publication.ranking.content`)."""
    if counts is None or not counts.rated:
        return {"name": name}
    said: dict[str, Any] = {"name": name, "counts": {"ratings": counts.rated}}
    ends = exact_interval(counts.good, counts.rated)
    return said | {
        "shares": {"good_active": str(Fraction(counts.good, counts.rated))},
        "interval": [str(end) for end in ends] if ends else None,
    }
