"""Whether the rows of one code can be true together, in the file and beside what the registry holds."""

from collections.abc import Iterable, Iterator, Sequence

from django.utils.translation import gettext as _

from haochaping.registry.importing.forms import VALID_FROM, Form
from haochaping.registry.importing.problems import Fault, ImportProblem, problem
from haochaping.registry.importing.reading import Entry
from haochaping.registry.importing.spans import Span


def contradictions(form: Form, rows: Sequence[Entry]) -> Iterator[ImportProblem]:
    """Each row of one code that is valid at the same time as one before it, told at the later one."""
    ordered = sorted(rows, key=lambda entry: (entry.span.start, entry.row))
    longest = ordered[0]
    for row in ordered[1:]:
        if row.span.meets(longest.span):
            where = {"row": longest.row, "span": longest.span}
            if row.start == longest.start:
                fault = Fault(
                    "duplicate", _("与第 %(row)d 行重复：同一代码、同一起日") % where, _("请只保留一行")
                )
                yield problem(form.file, row.row, form.key, row.code, fault)
            else:
                yield _overlap(form, row, _("有效期与第 %(row)d 行（%(span)s）重叠") % where)
        if row.span.end > longest.span.end:
            longest = row


def contradictions_with_registry(
    form: Form, rows: Iterable[Entry], kept: Sequence[Span]
) -> Iterator[ImportProblem]:
    """Each row that is valid at the same time as a record which the file does not speak of."""
    for row in rows:
        other = next((one for one in kept if one.meets(row.span)), None)
        if other is not None:
            yield _overlap(form, row, _("有效期与登记库中已有的记录（%(span)s）重叠") % {"span": other})


def _overlap(form: Form, row: Entry, reason: str) -> ImportProblem:
    remedy = _("同一代码不能同时有两条记录：请在较早一行的 valid_to 填写较晚一行 valid_from 的前一天")
    start = row.start.isoformat() if row.start else ""
    return problem(form.file, row.row, VALID_FROM, start, Fault("overlap", reason, remedy))
