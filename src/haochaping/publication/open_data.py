"""What the public pages show, as sets of data. What a page withholds is withheld here."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from django.utils.translation import gettext as _

from haochaping.publication import words
from haochaping.publication.chain import canonical
from haochaping.publication.datasets import DataSet, Written, as_json, as_object, written
from haochaping.publication.definitions import label, meaning
from haochaping.publication.queries import Counts, LiveFigures, Row
from haochaping.publication.queries.definitions import DefinitionView
from haochaping.publication.queries.publications import Published
from haochaping.publication.ranking import COUNTS, SHARES
from haochaping.publication.standings import Standing, rankings, volumes
from haochaping.publication.status import ServiceStatus

COUNTED: Final = ("occasions", "late", "rated", "good", "bad", "default", "unrated")
RATES: Final = ("active_good_rate", "inclusive_good_rate", "participation")
_PLACES: Final = 6


def figures(live: LiveFigures) -> DataSet:
    """The live figures of the first page."""
    return DataSet(
        name="live",
        title=_("评价数据"),
        columns=live_columns(),
        rows=[live_row(*each) for each in _live(live)],
        cut_off=live.as_of,
        period=(None, None),
        about={
            "place": live.place,
            "as_of": live.as_of.isoformat(),
            "departments_to": live.departments_to.isoformat() if live.departments_to else None,
            "minimum": live.minimum,
            "together": live.together,
        },
        words={
            "place": _("统计的是哪个地方"),
            "as_of": _("统计时间；日期按提供服务的当日归属"),
            "departments_to": _("部门数据截至这一天的办件服务"),
            "minimum": _("评价少于这个数的分组不公开"),
            "together": _("被评价的单位少于这个数的地区不实时更新，每日更新一次"),
        },
    )


def live_columns() -> dict[str, str]:
    """The columns of live figures, with what each means."""
    return {
        "scope": _("total：全部；division：按办理机构所属地区，实时；department：按部门，每日公布一次"),
        "division": _("部门所属的地区"),
        "name": _("地区或部门的名称"),
        **{name: meaning(name) for name in (*COUNTED, *RATES)},
        "withheld": _("评价不足 minimum 条，或者会由合计推算出别的单位，暂不公开"),
        "daily": _("每日更新一次，数据截至 departments_to；否则实时更新"),
    }


def _live(live: LiveFigures) -> Iterator[tuple[str, str, Row]]:
    yield "total", "", Row(live.place, live.total)
    for row in live.divisions:
        yield "division", "", row
    for group in live.departments:
        for row in group.rows:
            yield "department", group.division, replace(row, daily=True)


def live_row(scope: str, division: str, row: Row) -> dict[str, Any]:
    """One row of them."""
    said: dict[str, Any] = {"scope": scope, "division": division, "name": row.name}
    said |= {"withheld": row.counts is None, "daily": row.daily}
    return said if row.counts is None else said | counted(row.counts)


def counted(counts: Counts) -> dict[str, Any]:
    """Counts as numbers, rates as decimals of six places in text: no reader rounds them on the way."""
    rates = {name: getattr(counts, name) for name in RATES}
    return {name: getattr(counts, name) for name in COUNTED} | {
        name: None if rate is None else f"{rate:.{_PLACES}f}" for name, rate in rates.items()
    }


def status_data(status: ServiceStatus, *, now: datetime) -> DataSet:
    """Which channels and levels work, as the last self-test found it."""
    return DataSet(
        name="status",
        title=_("运行状况"),
        columns={
            "channel": _("评价渠道"),
            "works": _("五个等次都可以正常评价"),
            "failing": _("不正常的等次"),
        },
        rows=[
            {"channel": each.channel, "works": not each.failing, "failing": list(each.failing)}
            for each in status.channels
        ],
        cut_off=status.tested_at or now,
        about={"tested_at": status.tested_at and status.tested_at.isoformat(), "stale": status.stale},
        words={
            "tested_at": _("最近一次自动检验的时间；空值表示还没有检验过"),
            "stale": _("检验已经过了太久，不能说明现在的情况"),
        },
    )


def publications_data(rows: Iterable[Published], *, now: datetime) -> DataSet:
    """The list of publications."""
    return DataSet(
        name="publications",
        title=_("得分、排名和指标的公布"),
        columns={
            "number": _("公布的编号"),
            "sequence": _("公布的序号，从1起，没有空缺"),
            "place": _("公布的是哪个地方"),
            "period": _("统计期"),
            "published_at": _("公布的时间"),
            "corrects": _("更正了哪一份公布"),
            "corrected_by": _("被哪一份公布更正"),
            "record_digest": _("这份公布的摘要（SHA-256）"),
            "altered": _("保存的数据与公布时不一致"),
        },
        rows=[
            {
                "number": each.number,
                "sequence": each.sequence,
                "place": each.place,
                "period": each.period,
                "published_at": each.published_at.isoformat(),
                "corrects": each.corrects or None,
                "corrected_by": each.corrected_by or None,
                "record_digest": each.digest,
                "altered": each.altered,
            }
            for each in rows
        ],
        cut_off=now,
    )


def publication_data(found: Published) -> DataSet:
    """The rows of a publication, one a unit and score; shares are exact fractions."""
    period = found.record["period"]
    return DataSet(
        name=found.number,
        title=f"{found.place}{found.period}",
        columns={
            "kind": _("organisation：部门；region：地区"),
            "name": _("地区或部门的名称"),
            **{name: meaning(name) for name in (*COUNTS, *SHARES, "interval")},
            "score": _("得分的名称，见 record 中的 scores"),
            "points": meaning("points"),
            "rank": meaning("rank"),
            "of": _("一共有多少个参加排名"),
        },
        rows=list(_published_rows(found.record["rows"])),
        cut_off=datetime.fromisoformat(found.record["source"]["cut_off"]),
        period=(date.fromisoformat(period["first"]), date.fromisoformat(period["last"])),
    )


def _published_rows(kinds: Mapping[str, Sequence[Mapping[str, Any]]]) -> Iterator[dict[str, Any]]:
    for kind, rows in kinds.items():
        for row in rows:
            said = {"kind": kind, "name": row["name"]}
            said |= {name: row.get("counts", {}).get(name) for name in COUNTS}
            said |= {name: row.get("shares", {}).get(name) for name in SHARES}
            said["interval"] = "–".join(row.get("interval") or ()) or None
            for key, score in (row.get("scores") or {None: {}}).items():
                yield said | {"score": key, **{name: score.get(name) for name in ("points", "rank", "of")}}


def publication_file(found: Published, form: str) -> Written:
    """A publication as a file. JSON has the record as it was published, of which the digest is made; raises KeyError."""
    data, name = publication_data(found), f"{found.number}.{form}"
    if form != "json":
        return replace(written(data, form), name=name)
    said = as_object(data)
    said |= {"record": found.record, "rows_digest": said["digest"], "digest": found.digest}
    said["dictionary"] |= {
        "record": _("公布的全部内容，一经公布不再改变"),
        "digest": _(
            "record 的摘要：写成 JSON（键按字母顺序，不加空格，文字用 UTF-8 原样书写），计算 SHA-256"
        ),
        "rows_digest": said["dictionary"]["digest"],
    }
    return as_json(name, said)


def record_file(found: Published) -> Written:
    """The record alone, as the very bytes of which its digest is made: whoever has a program for digests needs no other."""
    return Written(f"{found.number}-record.json", "application/json", canonical(found.record).decode())


def rankings_data(found: Published) -> DataSet:
    """The rankings of a publication: by each score, and by the good rate among those with about as many ratings."""
    period = found.record["period"]
    return DataSet(
        name=f"{found.number}-rankings",
        title=_("%(place)s%(period)s排名") % {"place": found.place, "period": found.period},
        columns={
            "kind": _("organisation：部门；region：地区；staff：人员；window：窗口"),
            "score": _("得分的名称；similar 表示同量级名次"),
            "label": _("得分的中文名称"),
            "from": _("同量级的一组，从多少条评价起"),
            "under": _("这一组不到多少条评价；空表示不限"),
            "name": _("地区、部门、人员或者窗口的名称"),
            "rank": meaning("rank"),
            "of": _("一共有多少个参加排名"),
            "tied": _("与别的单位并列"),
            "points": _("得分，精确的分数"),
            "grade": _("等次"),
            "share": meaning("active_good_rate"),
            "ratings": meaning("ratings"),
            "why": _("不排名或者不公开的原因"),
        },
        rows=[*_by_score(found.record), *_by_volume(found.record)],
        cut_off=datetime.fromisoformat(found.record["source"]["cut_off"]),
        period=(date.fromisoformat(period["first"]), date.fromisoformat(period["last"])),
        about={
            "publication": found.number,
            "publication_digest": found.digest,
            "naming": found.record.get("naming"),
        },
        words={
            "publication": _("公布的编号"),
            "publication_digest": _("这份公布的摘要（SHA-256）"),
            "naming": _("点名公布窗口、人员所依据的条款；空表示没有规定，不公布"),
        },
    )


def _by_score(record: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for ranking in rankings(record):
        for each in (*ranking.ranked, *ranking.unranked):
            yield {
                "kind": ranking.kind,
                "score": ranking.key,
                "label": ranking.label,
                **_standing(each),
                "points": each.points or None,
                "grade": each.grade or None,
                "why": (words.why(each.why) if each.withheld else words.unranked(each.why)) or None,
            }


def _by_volume(record: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for volume in volumes(record):
        for each in volume.rows:
            yield {
                "kind": volume.kind,
                "score": "similar",
                "label": label("similar"),
                "from": volume.least,
                "under": volume.under,
                **_standing(each.standing),
                "share": each.share,
                "ratings": each.ratings,
            }


def _standing(each: Standing) -> dict[str, Any]:
    return {"name": each.name, "rank": each.rank, "of": each.of, "tied": each.tied}


def definitions_data(rows: Iterable[DefinitionView], *, now: datetime) -> DataSet:
    """How every figure is counted."""
    return DataSet(
        name="definitions",
        title=_("这些数字是怎样计算的"),
        columns={
            "key": _("数字的名称，也是数据中的列名"),
            "label": _("数字的中文名称"),
            "part": _("计算什么；是比率的，为分子"),
            "whole": _("比率的分母；不是比率的为空"),
            "day": _("归属哪一天"),
            "left_out": _("不包括什么"),
            "clause": _("所依据的条款；空表示当地规则没有规定，或者只是本系统的显示办法"),
        },
        rows=[
            {
                "key": each.key,
                "label": each.label,
                "part": each.part,
                "whole": each.whole or None,
                "day": each.day or None,
                "left_out": each.left_out or None,
                "clause": each.clause or None,
            }
            for each in rows
        ],
        cut_off=now,
    )
