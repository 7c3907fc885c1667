"""The six files: their columns, what a cell may hold, what it refers to. In the order of reference."""

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
    check: Check
    required: bool = True
    refers: str | None = None
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Form:
    """One file; `key` is the column with the code that identifies the thing for ever."""

    name: str
    key: str
    columns: tuple[Column, ...]

    @property
    def file(self) -> str:
        return f"{self.name}.csv"

    @property
    def fields(self) -> tuple[Column, ...]:
        """The columns that a record of the thing holds, besides its code and its days."""
        return tuple(column for column in self.columns if column.name not in (self.key, VALID_FROM, VALID_TO))


_DAYS = (Column(VALID_FROM, values.day, required=False), Column(VALID_TO, values.day, required=False))


def _name(longest: int) -> Column:
    return Column("name", values.text(longest))


def _division(name: str = "division", *, required: bool = True) -> Column:
    return Column(name, values.division_code, required, "divisions")


def _fact(name: str, check: Check) -> Column:
    """By which rules are chosen; may be unknown, so that neither the cell nor the column must be there."""
    return Column(name, check, required=False, optional=True)


_ORGANISATION = Column("organisation", values.credit_code, refers="organisations")

DIVISIONS = Form(
    "divisions",
    "code",
    (
        Column("code", values.division_code),
        _name(100),
        _division("parent", required=False),
        Column("level", values.one_of(LEVELS)),
        *_DAYS,
        _division("successor", required=False),
    ),
)

FORMS = (
    DIVISIONS,
    Form(
        "organisations",
        "credit_code",
        (
            Column("credit_code", values.credit_code),
            _name(200),
            _division(),
            Column("kind", values.one_of(KINDS)),
            *_DAYS,
            _fact("department", values.word),
        ),
    ),
    Form(
        "halls",
        "code",
        (
            Column("code", values.own_code),
            _name(200),
            _division(),
            *_DAYS,
            _fact("kind", values.one_of(HALL_KINDS)),
        ),
    ),
    Form(
        "windows",
        "code",
        (
            Column("code", values.own_code),
            _name(200),
            Column("hall", values.own_code, refers="halls"),
            _ORGANISATION,
            *_DAYS,
        ),
    ),
    Form(
        "staff",
        "code",
        (
            Column("code", values.own_code),
            _name(100),
            _ORGANISATION,
            Column("window", values.own_code, required=False, refers="windows"),
            *_DAYS,
        ),
    ),
    Form(
        "items",
        "handle_item",
        (
            Column("task_code", values.item_code(31, "实施编码")),
            Column("handle_item", values.item_code(33, "办理项编码")),
            _name(300),
            Column("task_type", values.one_of(TASK_TYPES)),
            _ORGANISATION,
            Column("project_type", values.one_of(PROJECT_TYPES)),
            *_DAYS,
        ),
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
