"""A score run as tables, for the yearly assessment: scores and ranks, every intermediate, and what went in."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from haochaping.foundation.sheets.writing import Column, Table
from haochaping.scoring import words
from haochaping.scoring.queries.runs import RunView, UnitView


def tables(run: RunView, units: Iterable[UnitView]) -> tuple[Table, ...]:
    """Scores first: a file that holds one table holds them."""
    units = tuple(units)
    return _scores(run, units), _beside(units), _parts(run, units), _about(run)


def _scores(run: RunView, units: Iterable[UnitView]) -> Table:
    columns = [Column(_("类别"), 10), Column(_("编号"), 10), Column(_("名称"), 40), Column(_("得分名称"), 24)]
    columns += [
        Column(_("得分"), 14),
        Column(_("精确值"), 20),
        Column(_("名次"), 8),
        Column(_("参加排名数"), 12),
    ]
    columns += [Column(_("等次"), 12), Column(_("说明"), 30)]
    rows = (
        [
            *(str(words.KINDS[unit.kind]), str(unit.number), unit.name, run.scores[key]["label"]),
            *(words.number(each.points), each.points, str(each.rank or ""), str(each.ranked or "")),
            *(each.grade, words.why(each.why)),
        ]
        for unit in units
        for key, each in unit.results.items()
    )
    return Table(_("得分和名次"), columns, rows)


def _beside(units: Iterable[UnitView]) -> Table:
    columns = [Column(_("类别"), 10), Column(_("编号"), 10), Column(_("名称"), 40)]
    counts = ("occasions", "ratings", "good", "bad", "defaults", "unrated")
    columns += [Column(words.word(name), 12) for name in counts]
    columns += [Column(str(label), 18) for label in words.SHARES.values()]
    columns += [Column(_("好评率95%区间"), 20), Column(_("向总体收缩的好评率"), 20)]
    columns += [Column(_("同量级名次"), 12), Column(_("同量级数"), 12)]
    rows = (
        [
            *(str(words.KINDS[unit.kind]), str(unit.number), unit.name),
            *(str(unit.beside["counts"].get(name, "")) for name in counts),
            *(words.percent(unit.beside["shares"].get(name)) for name in words.SHARES),
            *(words.interval(unit.beside["interval"]), words.percent(unit.beside["shrunk"])),
            *(str(unit.beside["rank"] or ""), str(unit.beside["of"] or "")),
        ]
        for unit in units
    )
    return Table(_("并列指标"), columns, rows)


def _parts(run: RunView, units: Iterable[UnitView]) -> Table:
    columns = [
        Column(_("名称"), 40),
        Column(_("得分名称"), 24),
        Column(_("分项"), 24),
        Column(_("计算值"), 20),
    ]
    columns += [Column(_("由什么算出"), 60), Column(_("依据的档"), 20), Column(_("分项得分"), 12)]
    rows = (
        [unit.name, run.scores[key]["label"], *line]
        for unit in units
        for key, each in unit.results.items()
        for line in _lines(each.parts)
    )
    return Table(_("计算过程"), columns, rows)


def _lines(parts: Iterable[Mapping[str, Any]], depth: int = 0) -> Iterator[list[str]]:
    for part in parts:
        label = part["label"] or words.word(part["measure"])
        yield [
            "　" * depth + label,
            part["value"],
            words.made_of(part),
            words.bounds(part["by"]),
            part["points"],
        ]
        yield from _lines(part.get("parts", ()), depth + 1)


def _about(run: RunView) -> Table:
    rows = [
        [_("评分编号"), run.number],
        [_("地区"), run.division],
        [_("统计期"), run.period],
        [_("数据截至"), run.cut_off.isoformat()],
        [_("状态"), str(words.STATES[run.state])],
        [_("规则"), f"{run.profile} {run.version}"],
        [_("输入摘要（SHA-256）"), run.inputs_digest],
        [_("结果摘要（SHA-256）"), run.digest],
        *([_("签署"), f"{name} {at.isoformat()}"] for name, at in run.signatures),
        *([_("得分依据"), f"{each['label']}：{each['clause']}"] for each in run.scores.values()),
        *([_("没有计算"), f"{key}：{words.fact(what)}"] for key, what in run.uncounted.items()),
    ]
    return Table(_("说明"), [Column(_("项目"), 24), Column(_("内容"), 80)], rows)
