"""The first row: which column is which."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from haochaping.foundation.sheets.cells import Row, Unfit
from haochaping.registry.importing.forms import Form
from haochaping.registry.importing.problems import Fault, ImportProblem, problem


def judge_header(
    form: Form, row: Row | None, *, spreadsheet: bool
) -> tuple[tuple[str, ...], list[ImportProblem]]:
    """The columns' names in the order of the row, and what is wrong with it. A spreadsheet may use their titles."""
    if row is None or row.number != 1:
        fault = Fault("header_missing", _("文件是空的，或首行是空行"), _remedy(form, spreadsheet=spreadsheet))
        return (), [problem(form.file, 1, "", "", fault)]
    titles = {column.title: column.name for column in form.columns} if spreadsheet else {}
    said = tuple((cell.shown if isinstance(cell, Unfit) else cell).strip() for cell in row.cells)
    header = tuple(titles.get(cell, cell) for cell in said)
    return header, [
        problem(form.file, 1, column, value, fault)
        for column, value, fault in _judge(form, header, spreadsheet=spreadsheet)
    ]


def _remedy(form: Form, *, spreadsheet: bool) -> str:
    def listed(*, optional: bool) -> str:
        chosen = (column for column in form.columns if column.optional is optional)
        return ",".join(column.title if spreadsheet else column.name for column in chosen)

    words = _("首行应为：%(wanted)s") % {"wanted": listed(optional=False)}
    if optional := listed(optional=True):
        words += _("（可另加：%(optional)s）") % {"optional": optional}
    return words


def _judge(form: Form, header: tuple[str, ...], *, spreadsheet: bool) -> Iterator[tuple[str, str, Fault]]:
    remedy = _remedy(form, spreadsheet=spreadsheet)
    if len(header) == 1 and (mark := next((one for one in ";\t|" if one in header[0]), None)):
        reason = _("各列不是用英文逗号分隔的（看到的是 %(mark)r）") % {"mark": mark}
        yield "", header[0], Fault("delimiter", reason, _("请另存为以英文逗号分隔的 CSV；") + remedy)
        return
    known = {column.name for column in form.columns}
    for column in form.columns:
        if not column.optional and column.name not in header:
            yield column.name, "", Fault("column_missing", _("首行缺少这一列"), remedy)
    for place, name in enumerate(header):
        if name not in known:
            yield name, name, Fault("column_unknown", _("首行有不认识的列"), _("请删除这一列；") + remedy)
        elif name in header[:place]:
            yield name, name, Fault("column_twice", _("首行有重复的列"), _("请只保留一列；") + remedy)
