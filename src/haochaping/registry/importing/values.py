"""What one cell may hold. A check takes the value, without blanks around it: its fault or None."""

import re
from collections.abc import Callable, Sequence
from datetime import date

from django.utils.translation import gettext as _
from stdnum.cn import uscc

from haochaping.registry.importing.problems import Fault, unseen

Check = Callable[[str], Fault | None]

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DIVISION = re.compile(r"[1-9][0-9]{5}(?!0{6})(?:[0-9]{6})?")
_CODE = re.compile(r"[A-Za-z0-9_.-]{1,40}")
_WORD = re.compile(r"[a-z][a-z0-9_]{0,39}")
_ITEM_CODE = re.compile(r"[0-9A-Z]+")


def division_code(value: str) -> Fault | None:
    """Six digits (GB/T 2260), or the twelve of a township or village (GB/T 10114); the first not 0."""
    if _DIVISION.fullmatch(value):
        return None
    return Fault(
        "form",
        _("行政区划代码不是 6 位数字（乡镇、村为 12 位）"),
        _("请填写国标 GB/T 2260 的 6 位代码，如 530102；乡镇、村填写 12 位代码，如 530102001000"),
    )


def credit_code(value: str) -> Fault | None:
    """18 characters with the check character of GB 32100."""
    if len(value) != 18 or uscc.compact(value) != value:
        return Fault(
            "form",
            _("统一社会信用代码不是 18 位数字和大写字母"),
            _("请照机构的统一社会信用代码证书填写，不要加空格或连字符"),
        )
    if not uscc.is_valid(value):
        return Fault(
            "check_character",
            _("统一社会信用代码的校验位不符（GB 32100）"),
            _("请对照证书逐位核对；常见的是 0 与 O、1 与 I、2 与 Z 混淆"),
        )
    return None


def own_code(value: str) -> Fault | None:
    """The code of a hall, window or member of staff: given by the operator, up to 40 plain characters."""
    if _CODE.fullmatch(value):
        return None
    return Fault(
        "form",
        _("编号含有不允许的字符或超过 40 位"),
        _("编号只用字母、数字、连字符、下划线和点，不超过 40 位"),
    )


def word(value: str) -> Fault | None:
    """The name of a department line as rules select it (`Word` in policy.limits)."""
    if _WORD.fullmatch(value):
        return None
    return Fault(
        "form",
        _("条线名称只能用小写字母、数字和下划线，以字母开头，不超过 40 位"),
        _("请填写规则文件中 departments 所用的名称，如 hrss；没有的留空"),
    )


def item_code(length: int, name: str) -> Check:
    """A code of the item library of exactly so many characters."""

    def check(value: str) -> Fault | None:
        if len(value) == length and _ITEM_CODE.fullmatch(value):
            return None
        return Fault(
            "form",
            _("%(name)s不是 %(length)d 位数字和大写字母（现为 %(found)d 位）")
            % {"name": _(name), "length": length, "found": len(value)},
            _("请照政务服务事项库中的编码填写"),
        )

    return check


def text(longest: int) -> Check:
    """A name: no control characters, at most so many characters."""

    def check(value: str) -> Fault | None:
        if any(map(unseen, value)):
            return Fault(
                "characters", _("含有换行、制表或其他不可见的控制字符"), _("请删除不可见字符后重新导入")
            )
        if len(value) > longest:
            return Fault(
                "too_long",
                _("超过 %(longest)d 个字（现为 %(found)d 个）") % {"longest": longest, "found": len(value)},
                _("请缩短；如果误把多个单元格连在一起，请检查引号和逗号"),
            )
        return None

    return check


def one_of(known: Sequence[str]) -> Check:
    """A word of a closed list."""

    def check(value: str) -> Fault | None:
        if value in known:
            return None
        return Fault(
            "unknown_value",
            _("不是允许的取值"),
            _("请填写下列之一：%(known)s") % {"known": _("、").join(known)},
        )

    return check


def day(value: str) -> Fault | None:
    """A legal day as YYYY-MM-DD."""
    if parse_day(value) is not None:
        return None
    return Fault("date", _("不是有效的日期"), _("日期写作 年-月-日，如 2026-01-01；没有起止日期的留空"))


def parse_day(value: str) -> date | None:
    """The day, or None for anything else, the other ISO forms too: people write those by mistake only."""
    if not _DAY.fullmatch(value):
        return None
    try:
        return date.fromisoformat(value)
    except ValueError:
        return None
