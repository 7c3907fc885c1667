"""Dimensions, values and figures in words, for the page, the command and files."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any, Final

from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from haochaping.analysis.questions import Dimension
from haochaping.oversight.watch_words import channel_words, level_words
from haochaping.ratings.states import Origin
from haochaping.rectification.queries import tag_names
from haochaping.registry.queries import hall_names, item_names, organisation_names, window_names

DIMENSIONS: Final[Mapping[Dimension, Promise]] = {
    Dimension.ORGANISATION: gettext_lazy("单位"),
    Dimension.HALL: gettext_lazy("大厅"),
    Dimension.WINDOW: gettext_lazy("窗口"),
    Dimension.ITEM: gettext_lazy("事项"),
    Dimension.CHANNEL: gettext_lazy("评价渠道"),
    Dimension.LEVEL: gettext_lazy("评价等次"),
    Dimension.TAG: gettext_lazy("评价标签"),
    Dimension.HOUR: gettext_lazy("评价时段"),
    Dimension.WEEKDAY: gettext_lazy("办理服务在星期几"),
    Dimension.MONTH: gettext_lazy("办理服务的月份"),
    Dimension.ORIGIN: gettext_lazy("评价来源"),
    Dimension.NAMED: gettext_lazy("实名或匿名"),
    Dimension.DEFAULT: gettext_lazy("评价或默认评价"),
}
ORIGINS: Final[Mapping[Origin, Promise]] = {
    Origin.CITIZEN: gettext_lazy("本人在评价页面"),
    Origin.DEVICE: gettext_lazy("评价设备"),
    Origin.CLIENT: gettext_lazy("业务系统转来"),
    Origin.CLIENT_OF_RATED: gettext_lazy("被评价单位的业务系统转来"),
    Origin.PAPER: gettext_lazy("纸质评价录入"),
    Origin.HOTLINE: gettext_lazy("热线评价录入"),
    Origin.UPPER_PLATFORM: gettext_lazy("上级平台转来"),
    Origin.IMPORT: gettext_lazy("文件导入"),
    Origin.SIMULATION: gettext_lazy("模拟数据"),
}
_NAMES: Final[Mapping[Dimension, Callable[[Collection[int], date], Mapping[int, str]]]] = {
    Dimension.ORGANISATION: organisation_names,
    Dimension.HALL: hall_names,
    Dimension.WINDOW: window_names,
    Dimension.ITEM: item_names,
}


def values_in_words(dimension: Dimension, values: Collection[Any], on: date) -> dict[Any, str]:
    """Each value in words; things of the registry by their names of the day, what has no name by its number."""
    known = {value for value in values if value is not None}
    if dimension in _NAMES:
        names = _NAMES[dimension](known, on)
        said = {value: names.get(value, str(value)) for value in known}
    else:
        said = {value: str(_SAID[dimension](value)) for value in known}
    return {**said, None: _("无")}


_SAID: Final[Mapping[Dimension, Callable[[Any], object]]] = {
    Dimension.CHANNEL: channel_words,
    Dimension.LEVEL: level_words,
    Dimension.TAG: lambda code: tag_names((code,))[0],
    Dimension.HOUR: lambda hour: _("%(hour)02d时") % {"hour": hour},
    Dimension.WEEKDAY: lambda day: WEEKDAYS[day - 1],
    Dimension.MONTH: lambda month: f"{month:%Y-%m}",
    Dimension.ORIGIN: lambda origin: ORIGINS[Origin(origin)],
    Dimension.NAMED: lambda named: _("实名") if named else _("匿名"),
    Dimension.DEFAULT: lambda default: _("默认评价") if default else _("评价"),
}
