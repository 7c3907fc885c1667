"""Channels and tags as a set of data."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from haochaping.publication.datasets import DataSet
from haochaping.publication.definitions import meaning
from haochaping.publication.queries.breakdown import Breakdown, Part


def breakdown_data(found: Breakdown | None, *, now: datetime) -> DataSet:
    """All places, by channel and by tag."""
    through = found.through if found else None
    return DataSet(
        name="channels",
        title=_("评价渠道和热门标签"),
        columns={
            "by": _("channel：按评价渠道；tag：按评价标签"),
            "division_code": _("地区的行政区划代码；空表示全部"),
            "division": _("地区的名称；空表示全部"),
            "code": _("渠道或者标签的代码，标签为国家标准代码"),
            "name": _("渠道或者标签的名称"),
            **{name: meaning(name) for name in ("rated", "good", "bad")},
            "withheld": _("不足5条，或者会由合计推算出别的，暂不公开"),
        },
        rows=list(_rows(found)) if found else [],
        cut_off=found.taken_at if found else now,
        period=(None, None),
        about={
            "through_clients": through and through[0],
            "through_clients_of": through and through[1],
            "through_clients_first": found.first.isoformat() if found else None,
            "through_clients_last": found.last.isoformat() if found else None,
        },
        words={
            "through_clients": meaning("through"),
            "through_clients_of": _("同一期间收到的全部评价"),
            "through_clients_first": _("从哪一天起收到的评价"),
            "through_clients_last": _("到哪一天为止收到的评价"),
        },
    )


def _rows(found: Breakdown) -> Iterator[dict[str, Any]]:
    for place in found.places:
        for by, parts in (("channel", place.channels), ("tag", (*place.praise, *place.blame))):
            for part in parts:
                yield {
                    "by": by,
                    "division_code": place.code or None,
                    "division": place.name or None,
                    "code": str(part.code),
                    "name": part.name,
                    **_counted(part),
                }


def _counted(part: Part) -> dict[str, Any]:
    if part.counts is None:
        return {"withheld": True}
    return {name: getattr(part.counts, name) for name in ("rated", "good", "bad")} | {"withheld": False}
