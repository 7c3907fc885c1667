"""From the rows of one table to its entries, each judged by itself."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from django.utils.translation import gettext as _

from haochaping.foundation.sheets.cells import Cell, Row, Unfit, Unreadable, column_letters
from haochaping.registry.importing.forms import VALID_FROM, VALID_TO, Form, judge_row
from haochaping.registry.importing.headers import judge_header
from haochaping.registry.importing.problems import Fault, ImportProblem, problem
from haochaping.registry.importing.sources import NoSuchTable, Source
from haochaping.registry.importing.spans import Span, span
from haochaping.registry.importing.unfit import cell_fault, file_fault
from haochaping.registry.importing.values import parse_day

# Told after so many rows.
_TOLD = 20_000

Told = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Entry:
    """One well-formed row: what the thing is from `start` to `end`, both included, None is open.

    `fields` has the columns that the table has.
    """

    row: int
    code: str
    start: date | None
    end: date | None
    fields: Mapping[str, str]

    @property
    def span(self) -> Span:
        return span(self.start, self.end)


@dataclass(slots=True)
class Sheet:
    """One table as read. `doubtful` are codes whose row is wrong: a reference to them is no second problem.

    `readable` is False when the rows could not be told apart at all. `header` has the names of the columns in their order.
    """

    form: Form
    spreadsheet: bool
    header: Sequence[str] = ()
    entries: list[Entry] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)
    doubtful: set[str] = field(default_factory=set)
    readable: bool = False

    def placed(self, one: ImportProblem) -> ImportProblem:
        """With the name of its cell, if it is one of a spreadsheet's."""
        if not self.spreadsheet or one.row is None or one.column not in self.header:
            return one
        return replace(one, cell=f"{column_letters(self.header.index(one.column))}{one.row}")


def read(source: Source, form: Form, told: Told) -> Sheet:
    """Reads and judges one table; what is wrong is in the sheet's `problems`. `told` hears how far it is."""
    sheet = Sheet(form, source.spreadsheet)
    rows = source.rows(form)
    try:
        first = next(rows, None)
        sheet.header, found = judge_header(form, first, spreadsheet=source.spreadsheet)
        sheet.problems.extend(found)
        sheet.readable = not found
        if first is None or found:
            return sheet
        for count, row in enumerate(rows, 1):
            _read_row(sheet, row)
            if count % _TOLD == 0:
                told(_("%(file)s：已读 %(rows)d 行") % {"file": form.file, "rows": count})
    except NoSuchTable:
        _add(sheet, None, "", "", _missing(source))
    except Unreadable as error:
        _add(sheet, error.line, "", "", file_fault(error))
        # Rows below are unseen: nothing can be said about what refers to them.
        sheet.readable = False
    except OSError as error:
        reason = _("文件无法读取：%(why)s") % {"why": error.strerror or type(error).__name__}
        _add(sheet, None, "", "", Fault("file_unreadable", reason, _("请检查它是不是文件、有没有读取权限")))
    return sheet


def _missing(source: Source) -> Fault:
    if not source.spreadsheet:
        remedy = _("六个文件都要有；没有内容的文件也请保留表头一行")
        return Fault("file_missing", _("目录中没有这个文件"), remedy)
    listed = _("、").join(form.title for form in source.forms)
    remedy = _("六张工作表都要有（%(listed)s）；没有内容的也请保留表头一行") % {"listed": listed}
    return Fault("sheet_missing", _("工作簿中没有这张工作表"), remedy)


def _add(sheet: Sheet, row: int | None, column: str, value: str, fault: Fault) -> None:
    sheet.problems.append(problem(sheet.form.file, row, column, value, fault))


def _read_row(sheet: Sheet, row: Row) -> None:
    form = sheet.form
    before = len(sheet.problems)
    cells = row.cells
    if sheet.spreadsheet:  # a spreadsheet keeps no empty cells at the end
        cells = (*cells, *[""] * (len(sheet.header) - len(cells)))
    named = {
        name: cell.strip() if isinstance(cell, str) else cell
        for name, cell in zip(sheet.header, cells, strict=False)
    }
    texts = {name: cell for name, cell in named.items() if isinstance(cell, str)}
    if len(cells) != len(sheet.header):
        _add(sheet, row.number, "", ",".join(map(_shown, cells)), _cells(sheet, len(cells)))
    else:
        for column, value, fault in _judge_cells(form, named):
            _add(sheet, row.number, column, value, fault)
        if len(sheet.problems) == before:
            for name, fault in judge_row(texts):
                _add(sheet, row.number, name, texts[name], fault)
    code = texts.get(form.key, "")
    if len(sheet.problems) > before:
        sheet.doubtful.add(code)
        return
    fields = {column.name: texts[column.name] for column in form.fields if column.name in texts}
    start, end = parse_day(texts[VALID_FROM]), parse_day(texts[VALID_TO])
    sheet.entries.append(Entry(row.number, code, start, end, fields))


def _shown(cell: Cell) -> str:
    return cell.shown if isinstance(cell, Unfit) else cell.strip()


def _cells(sheet: Sheet, found: int) -> Fault:
    if sheet.spreadsheet:
        reason = _("表格右边还有内容（第 %(found)d 列）") % {"found": found}
        return Fault("cells", reason, _("请删除表头以外各列的内容"))
    reason = _("应有 %(wanted)d 个单元格，实有 %(found)d 个") % {"wanted": len(sheet.header), "found": found}
    return Fault("cells", reason, _("请检查逗号是否多了或少了；含逗号的内容要加英文双引号"))


def _judge_cells(form: Form, named: Mapping[str, Cell]) -> Iterator[tuple[str, str, Fault]]:
    for column in form.columns:
        if column.name not in named:
            continue
        value = named[column.name]
        if isinstance(value, Unfit):
            yield column.name, value.shown, cell_fault(value)
        elif not value:
            if column.required:
                yield column.name, value, Fault("required", _("必填的一列是空的"), _("请填写后重新导入"))
        elif fault := column.check(value):
            yield column.name, value, fault
