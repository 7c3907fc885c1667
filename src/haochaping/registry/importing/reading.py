"""From the bytes of one file to its rows, each judged by itself."""

import codecs
import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from django.utils.translation import gettext as _

from haochaping.registry.importing.forms import VALID_FROM, VALID_TO, Form, judge_row
from haochaping.registry.importing.problems import Fault, ImportProblem, problem
from haochaping.registry.importing.spans import Span, span
from haochaping.registry.importing.values import parse_day


@dataclass(frozen=True, slots=True)
class Entry:
    """One well-formed row: what the thing is from `start` to `end`, both included, None is open.

    `fields` has the columns that the file has.
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
    """One file as read. `doubtful` are codes whose row is wrong: a reference to them is no second problem.

    `readable` is False when the rows could not be told apart at all.
    """

    form: Form
    entries: list[Entry] = field(default_factory=list)
    problems: list[ImportProblem] = field(default_factory=list)
    doubtful: set[str] = field(default_factory=set)
    readable: bool = False


def read(directory: Path, form: Form) -> Sheet:
    """Reads and judges one file; what is wrong is in the sheet's `problems`."""
    sheet = Sheet(form)
    try:
        content = (directory / form.file).read_bytes()
    except FileNotFoundError:
        remedy = _("六个文件都要有；没有内容的文件也请保留表头一行")
        _add(sheet, None, "", "", Fault("file_missing", _("目录中没有这个文件"), remedy))
        return sheet
    except OSError as error:
        reason = _("文件无法读取：%(why)s") % {"why": error.strerror or type(error).__name__}
        _add(sheet, None, "", "", Fault("file_unreadable", reason, _("请检查它是不是文件、有没有读取权限")))
        return sheet
    text = _decode(sheet, content)
    if text is not None:
        _read_rows(sheet, text)
    return sheet


def _add(sheet: Sheet, row: int | None, column: str, value: str, fault: Fault) -> None:
    sheet.problems.append(problem(sheet.form.file, row, column, value, fault))


def _decode(sheet: Sheet, content: bytes) -> str | None:
    try:
        return content.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        row = content.count(b"\n", 0, error.start) + 1
    reason = _("文件不是 UTF-8 编码")
    if content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        row, reason = 1, _("文件是 UTF-16 编码（“Unicode 文本”），不是 UTF-8")
    else:
        try:
            content.decode("gb18030")
            reason = _("文件不是 UTF-8 编码，看来是 GBK（GB 18030）")
        except UnicodeDecodeError:
            pass
    remedy = _("请在表格软件中另存为“CSV UTF-8(逗号分隔)”后重新导入")
    _add(sheet, row, "", "", Fault("encoding", reason, remedy))
    return None


def _read_rows(sheet: Sheet, text: str) -> None:
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    begun = 1
    try:
        header = [cell.strip() for cell in next(lines, [])]
        if not _judge_header(sheet, header):
            return
        sheet.readable = True
        begun = lines.line_num + 1
        for cells in lines:
            if any(cell.strip() for cell in cells):
                _read_row(sheet, begun, header, [cell.strip() for cell in cells])
            begun = lines.line_num + 1
    except csv.Error as error:
        reason = _("不是完好的 CSV：%(why)s") % {"why": error}
        remedy = _("请检查自这一行起的引号是否成对；单元格内的引号要写两个")
        _add(sheet, begun, "", "", Fault("csv", reason, remedy))
        # Rows below are unseen: nothing can be said about what refers to them.
        sheet.readable = False


def _judge_header(sheet: Sheet, header: list[str]) -> bool:
    wanted = [column.name for column in sheet.form.columns if not column.optional]
    optional = [column.name for column in sheet.form.columns if column.optional]
    remedy = _("首行应为：%(wanted)s") % {"wanted": ",".join(wanted)}
    if optional:
        remedy += _("（可另加：%(optional)s）") % {"optional": ",".join(optional)}
    if not any(header):
        _add(sheet, 1, "", "", Fault("header_missing", _("文件是空的，或首行是空行"), remedy))
        return False
    if len(header) == 1 and (mark := next((one for one in ";\t|" if one in header[0]), None)):
        reason = _("各列不是用英文逗号分隔的（看到的是 %(mark)r）") % {"mark": mark}
        _add(
            sheet, 1, "", header[0], Fault("delimiter", reason, _("请另存为以英文逗号分隔的 CSV；") + remedy)
        )
        return False
    for name in wanted:
        if name not in header:
            _add(sheet, 1, name, "", Fault("column_missing", _("首行缺少这一列"), remedy))
    for place, name in enumerate(header):
        if name not in wanted and name not in optional:
            _add(
                sheet,
                1,
                name,
                name,
                Fault("column_unknown", _("首行有不认识的列"), _("请删除这一列；") + remedy),
            )
        elif name in header[:place]:
            _add(
                sheet, 1, name, name, Fault("column_twice", _("首行有重复的列"), _("请只保留一列；") + remedy)
            )
    return not sheet.problems


def _read_row(sheet: Sheet, row: int, header: list[str], cells: list[str]) -> None:
    form = sheet.form
    named = dict(zip(header, cells, strict=False))
    before = len(sheet.problems)
    if len(cells) != len(header):
        reason = _("应有 %(wanted)d 个单元格，实有 %(found)d 个") % {
            "wanted": len(header),
            "found": len(cells),
        }
        remedy = _("请检查逗号是否多了或少了；含逗号的内容要加英文双引号")
        _add(sheet, row, "", ",".join(cells), Fault("cells", reason, remedy))
    else:
        for column, value, fault in _judge_cells(form, named):
            _add(sheet, row, column, value, fault)
        if len(sheet.problems) == before:
            for name, fault in judge_row(named):
                _add(sheet, row, name, named[name], fault)
    code = named.get(form.key, "")
    if len(sheet.problems) > before:
        sheet.doubtful.add(code)
        return
    fields = {column.name: named[column.name] for column in form.fields if column.name in named}
    sheet.entries.append(Entry(row, code, parse_day(named[VALID_FROM]), parse_day(named[VALID_TO]), fields))


def _judge_cells(form: Form, named: Mapping[str, str]) -> Iterator[tuple[str, str, Fault]]:
    for column in form.columns:
        if column.name not in named:
            continue
        value = named[column.name]
        if not value:
            if column.required:
                yield column.name, value, Fault("required", _("必填的一列是空的"), _("请填写后重新导入"))
        elif fault := column.check(value):
            yield column.name, value, fault
