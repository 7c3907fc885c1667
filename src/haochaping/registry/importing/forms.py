"""The six tables: their columns, what a cell may hold, what it refers to. In the order of reference.

Titles are how a workbook spells sheets and columns, beside their names: a part of the format, so not translated.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from haochaping.registry.importing import values
from haochaping.registry.importing.problems import Fault
from haochaping.registry.importing.values import Check
from haochaping.registry.rules import HALL_KINDS, KINDS, LEVELS, PROJECT_TYPES, TASK_TYPES

VALID_FROM, VALID_TO = "valid_from", "valid_to"


@dataclass(frozen=True, slots=True)
class Column:
    """One column; `refers` names the form whose key it holds.

    An `optional` one may be missing from the file altogether: such a file says nothing about it, and what the registry
    knows of the thing goes on.
    """

    name: str
    title: str
    check: Check
    required: bool = True
    refers: str | None = None
    optional: bool = False
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """One table; `key` is the column with the code that identifies the thing for ever.

    `file` is what it is called where it comes from: its CSV file, or the sheet of a workbook.
    """

    name: str
    title: str
    key: str
    columns: tuple[Column, ...]
    file: str

    @property
    def fields(self) -> tuple[Column, ...]:
        """The columns that a record of the thing holds, besides its code and its days."""
        return tuple(column for column in self.columns if column.name not in (self.key, VALID_FROM, VALID_TO))


_DAYS = (
    Column(VALID_FROM, "起日", values.day, required=False),
    Column(VALID_TO, "止日", values.day, required=False),
)


def _name(longest: int) -> Column:
    return Column("name", "名称", values.text(longest))


def _division(name: str = "division", title: str = "所在区划", *, required: bool = True) -> Column:
    return Column(name, title, values.division_code, required, "divisions")


def _own_code(title: str) -> Column:
    return Column("code", title, values.own_code)


def _fact(name: str, title: str, check: Check, choices: tuple[str, ...] = ()) -> Column:
    """By which rules are chosen; may be unknown, so that neither the cell nor the column must be there."""
    return Column(name, title, check, required=False, optional=True, choices=choices)


def _one_of(name: str, title: str, choices: tuple[str, ...]) -> Column:
    return Column(name, title, values.one_of(choices), choices=choices)


def _organisation(title: str) -> Column:
    return Column("organisation", title, values.credit_code, refers="organisations")


def _form(name: str, title: str, key: str, *columns: Column) -> Form:
    return Form(name, title, key, columns, f"{name}.csv")


DIVISIONS = _form(
    "divisions",
    "行政区划",
    "code",
    Column("code", "区划代码", values.division_code),
    _name(100),
    _division("parent", "上级区划", required=False),
    _one_of("level", "级别", LEVELS),
    *_DAYS,
    _division("successor", "继任区划", required=False),
)

FORMS = (
    DIVISIONS,
    _form(
        "organisations",
        "机构",
        "credit_code",
        Column("credit_code", "统一社会信用代码", values.credit_code),
        _name(200),
        _division(),
        _one_of("kind", "类别", KINDS),
        *_DAYS,
        _fact("department", "条线", values.word),
    ),
    _form(
        "halls",
        "大厅",
        "code",
        _own_code("大厅编号"),
        _name(200),
        _division(),
        *_DAYS,
        _fact("kind", "场所类型", values.one_of(HALL_KINDS), HALL_KINDS),
        Column("organisation", "负责机构", values.credit_code, False, "organisations", optional=True),
    ),
    _form(
        "windows",
        "窗口",
        "code",
        _own_code("窗口编号"),
        _name(200),
        Column("hall", "所在大厅", values.own_code, refers="halls"),
        _organisation("所属机构"),
        *_DAYS,
    ),
    _form(
        "staff",
        "工作人员",
        "code",
        _own_code("工作人员编号"),
        _name(100),
        _organisation("所属机构"),
        Column("window", "所在窗口", values.own_code, required=False, refers="windows"),
        *_DAYS,
    ),
    _form(
        "items",
        "事项",
        "handle_item",
        Column("task_code", "实施编码", values.item_code(31, "实施编码")),
        Column("handle_item", "办理项编码", values.item_code(33, "办理项编码")),
        _name(300),
        _one_of("task_type", "事项类型", TASK_TYPES),
        _organisation("受理部门"),
        _one_of("project_type", "办件类型", PROJECT_TYPES),
        *_DAYS,
    ),
)


def judge_row(cells: Mapping[str, str]) -> list[tuple[str, Fault]]:
    """What is wrong between well-formed cells of one row: (column, fault) each."""
    found = []
    start, end = (values.parse_day(cells[name]) for name in (VALID_FROM, VALID_TO))
    if start and end and start > end:
        found.append((VALID_TO, Fault("span", _("止日早于起日"), _("请更正起止日期；两天都包含在内"))))
    if not cells.get("handle_item", "").startswith(cells.get("task_code", "")):
        found.append(
            (
                "handle_item",
                Fault(
                    "code_family", _("办理项编码不以本行的实施编码开头"), _("请核对两个编码是否属于同一事项")
                ),
            )
        )
    if cells.get("successor"):
        if end is None:
            fault = Fault(
                "no_end", _("写了继任区划，却没有止日"), _("请在 valid_to 填写原区划有效的最后一天")
            )
            found.append((VALID_TO, fault))
        if cells["successor"] == cells["code"]:
            found.append(
                (
                    "successor",
                    Fault("itself", _("继任区划就是它自己"), _("更名而代码不变的，另起一行写新名称")),
                )
            )
    return found
