"""An answer as a table: titles and cells in words, for the page, the terminal and files."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from haochaping.analysis.queries import Answer, Group
from haochaping.analysis.words import DIMENSIONS, values_in_words
from haochaping.foundation.sheets.writing import Column, Table
from haochaping.publication.rules import percent


@dataclass(frozen=True, slots=True)
class Line:
    """One group: a (value, words) of each dimension; the figures as text in the order of the titles, none where the group
    is too small to be shown."""

    keys: tuple[tuple[Any, str], ...]
    figures: tuple[str, ...]


def titles(found: Answer) -> tuple[str, ...]:
    """Of the figures: what is not known by what was asked has no column."""
    return (
        *((_("办件服务"),) if found.occasions else ()),
        *(_("评价"), _("好评"), _("差评"), _("主动好评率")),
        *((_("默认评价"),) if found.defaults else ()),
        *((_("主动评价率"),) if found.occasions else ()),
        *((_("差评工单"),) if found.orders else ()),
    )


def lines(found: Answer, *, on: date) -> Iterator[Line]:
    """The groups in their order, named as on the day."""
    by = found.question.by
    words = [
        values_in_words(each, {group.keys[place] for group in found.groups}, on)
        for place, each in enumerate(by)
    ]
    for group in found.groups:
        keys = tuple((key, words[place][key]) for place, key in enumerate(group.keys))
        yield Line(keys, _figures(found, group))


def _figures(found: Answer, group: Group) -> tuple[str, ...]:
    counts = group.counts
    if counts is None:
        return ()
    return (
        *((str(counts.occasions),) if found.occasions else ()),
        *(str(counts.rated), str(counts.good), str(counts.bad), percent(counts.active_good_rate)),
        *((str(counts.default),) if found.defaults else ()),
        *((percent(counts.participation),) if found.occasions else ()),
        *((str(group.orders),) if found.orders else ()),
    )


def too_small() -> str:
    """In place of the figures of a group that is too small to be shown."""
    return _("不足5条，不显示")


def table(found: Answer, *, on: date) -> Table:
    """The same for files: where a group is too small to be shown, every figure says so."""
    figures = titles(found)
    heads = (*(str(DIMENSIONS[each]) for each in found.question.by), *figures)
    hidden = (too_small(),) * len(figures)
    return Table(
        _("统计查询"),
        [Column(title) for title in heads],
        (
            (*(words for _value, words in line.keys), *(line.figures or hidden))
            for line in lines(found, on=on)
        ),
    )


def remarks(found: Answer) -> tuple[str, ...]:
    """What has to be said beside the figures."""
    said = []
    if found.differences:
        words = _("导出的合计与数量台账有%(number)d处不一致，正在核对，数字仅供参考。")
        said.append(words % {"number": found.differences})
    if found.withheld:
        words = _("%(number)d个分组评价不足5条，或者会由此推算出不足5条的分组，不显示。")
        said.append(words % {"number": found.withheld})
    return tuple(said)
