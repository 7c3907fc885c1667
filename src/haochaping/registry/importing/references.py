"""Whether what the rows refer to is there, at the same time, and whether no division lies in itself."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from django.utils.translation import gettext as _

from haochaping.registry.importing.comparing import Comparison, Held
from haochaping.registry.importing.forms import Column
from haochaping.registry.importing.problems import Fault, ImportProblem, problem
from haochaping.registry.importing.reading import Sheet
from haochaping.registry.importing.spans import ONE_DAY, Span, span

_SUCCESSOR, _PARENT = "successor", "parent"


def judge_references(
    comparison: Comparison, comparisons: Mapping[str, Comparison], sheets: Mapping[str, Sheet]
) -> Iterator[ImportProblem]:
    """Every reference of the file's rows that leads nowhere, or to what is never valid with the row.

    Silent where the target's own row is wrong or its file could not be read: that is told there.
    """
    for column in comparison.form.fields:
        if column.refers is None or not sheets[column.refers].readable:
            continue
        targets, doubtful = comparisons[column.refers], sheets[column.refers].doubtful
        for code, records in comparison.outcome.items():
            for held in records:
                value = held.fields.get(column.name, "")
                if held.row is None or not value or value in doubtful:
                    continue
                if fault := _judge(column, held, targets.outcome.get(value, ()), targets.form.file):
                    yield problem(comparison.form.file, held.row, column.name, value, fault)
                elif column.name == _PARENT and _lies_in_itself(code, held.span, comparison.outcome):
                    yield problem(comparison.form.file, held.row, column.name, value, _circle(code))


def _judge(column: Column, held: Held, targets: Sequence[Held], file: str) -> Fault | None:
    if not targets:
        reason = _("%(file)s 和登记库中都没有这个代码") % {"file": file}
        return Fault("reference", reason, _("请更正代码，或在 %(file)s 中补上这一行") % {"file": file})
    needed = held.span if column.name != _SUCCESSOR else _after(held.span)
    if needed.meets_any(target.span for target in targets):
        return None
    where = {"needed": needed, "found": _("、").join(str(target.span) for target in targets)}
    reason = _("所指的代码在 %(needed)s 期间无效（其有效期：%(found)s）") % where
    return Fault("reference_span", reason, _("请改用当时有效的代码，或更正有效期"))


def _after(period: Span) -> Span:
    """From the day after the end on: a successor takes over then."""
    return period if period.end == date.max else span(period.end + ONE_DAY, None)


def _circle(code: str) -> Fault:
    reason = _("上级区划循环：沿上级逐级而上又回到了 %(code)s") % {"code": code}
    return Fault("circle", reason, _("请更正 parent，使每一级都指向真正的上一级；最高一级留空"))


def _lies_in_itself(code: str, period: Span, divisions: Mapping[str, Sequence[Held]]) -> bool:
    """Whether climbing from parent to parent, on some day of the period, comes back to the code."""
    ahead, seen = [(code, period)], set[tuple[str, Span]]()
    while ahead:
        at, days = ahead.pop()
        for held in divisions.get(at, ()):
            parent, common = held.fields[_PARENT], held.span.meets(days)
            if not parent or common is None or (parent, common) in seen:
                continue
            if parent == code:
                return True
            seen.add((parent, common))
            ahead.append((parent, common))
    return False
