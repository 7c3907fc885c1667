"""Writes a workbook: every value as a text cell with the quote prefix, so that nobody's spreadsheet computes it or rounds
it, also when the cell is edited. The rows go straight to the file; memory does not grow with them."""

import zipfile
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from pathlib import Path
from typing import Final

from haochaping.foundation.sheets.cells import LONGEST_IN_WORKBOOK, Unwritable, checked, column_letters
from haochaping.foundation.sheets.escapes import workbook_text
from haochaping.foundation.sheets.writing import Column, Table

_LAST_ROW: Final = 1_048_576
_PROMPT: Final = 255
_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_MAIN: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"

# Style 1: text that keeps its quote (49 is the format "text"); 2: the same, bold on grey, for titles.
_STYLES: Final = f"""{_HEAD}<styleSheet xmlns="{_MAIN}">\
<fonts count="2"><font><sz val="11"/><name val="Calibri"/></font>\
<font><b/><sz val="11"/><name val="Calibri"/></font></fonts>\
<fills count="3"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill>\
<fill><patternFill patternType="solid"><fgColor rgb="FFE8EEF7"/><bgColor indexed="64"/></patternFill></fill></fills>\
<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>\
<cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs>\
<cellXfs count="3"><xf numFmtId="0" fontId="0" fillId="0" borderId="0" xfId="0"/>\
<xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1"/>\
<xf numFmtId="49" fontId="1" fillId="2" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1" applyFont="1" \
applyFill="1"/></cellXfs>\
<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"""


def write_workbook(path: Path, tables: Sequence[Table]) -> None:
    """One sheet a table, its titles frozen. Raises Unwritable."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as package:
        package.writestr("[Content_Types].xml", _content_types(len(tables)))
        package.writestr("_rels/.rels", _relations([("officeDocument", "xl/workbook.xml")]))
        package.writestr("xl/workbook.xml", _workbook(tables))
        parts = [("worksheet", f"worksheets/sheet{place}.xml") for place in range(1, len(tables) + 1)]
        package.writestr("xl/_rels/workbook.xml.rels", _relations([*parts, ("styles", "styles.xml")]))
        package.writestr("xl/styles.xml", _STYLES)
        for place, table in enumerate(tables, 1):
            with package.open(f"xl/worksheets/sheet{place}.xml", "w", force_zip64=True) as part:
                for piece in _sheet(table):
                    part.write(piece.encode())


def _sheet(table: Table) -> Iterator[str]:
    widths = "".join(
        f'<col min="{place}" max="{place}" width="{column.width}" style="1" customWidth="1"/>'
        for place, column in enumerate(table.columns, 1)
    )
    yield (
        f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f"<cols>{widths}</cols><sheetData>"
    )
    letters = [column_letters(place) for place in range(len(table.columns))]
    yield _row(1, letters, [column.title for column in table.columns], 2)
    for number, row in enumerate(table.rows, 2):
        if number > _LAST_ROW:
            raise Unwritable(f"{table.name}: more than {_LAST_ROW - 1:,} rows")
        yield _row(number, letters, row, 1)
    yield f"</sheetData>{''.join(_validations(table.columns))}</worksheet>"


def _row(number: int, letters: Sequence[str], values: Sequence[str], style: int) -> str:
    cells = "".join(
        f'<c r="{letter}{number}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{_text(value)}</t></is></c>'
        for letter, value in zip(letters, values, strict=True)
        if value
    )
    return f'<row r="{number}">{cells}</row>'


def _text(value: str) -> str:
    # Only those long enough to matter are counted in UTF-16 units.
    units = (
        len(value)
        if len(value) < LONGEST_IN_WORKBOOK // 2
        else len(value.encode("utf-16-le", "replace")) // 2
    )
    return workbook_text(checked(value, LONGEST_IN_WORKBOOK, units))


def _validations(columns: Sequence[Column]) -> Iterator[str]:
    """What a person is told in a cell, and the list to choose from. After the rows, as the format wants it."""
    told = [
        (column_letters(place), column)
        for place, column in enumerate(columns)
        if column.prompt or column.choices
    ]
    if not told:
        return
    yield f'<dataValidations count="{len(told)}">'
    for letter, column in told:
        listed = ",".join(column.choices)
        kind = ' type="list" showErrorMessage="1"' if listed else ""
        prompt = ""
        if column.prompt:
            prompt = f' showInputMessage="1" prompt="{escape(column.prompt[:_PROMPT])}"'
        formula = f"<formula1>{escape(chr(34) + listed + chr(34), quote=False)}</formula1>" if listed else ""
        yield (
            f'<dataValidation{kind} allowBlank="1"{prompt} sqref="{letter}2:{letter}{_LAST_ROW}">'
            f"{formula}</dataValidation>"
        )
    yield "</dataValidations>"


def _workbook(tables: Iterable[Table]) -> str:
    sheets = "".join(
        f'<sheet name="{escape(table.name)}" sheetId="{place}" r:id="rId{place}"/>'
        for place, table in enumerate(tables, 1)
    )
    return f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{sheets}</sheets></workbook>'


def _relations(targets: Iterable[tuple[str, str]]) -> str:
    listed = "".join(
        f'<Relationship Id="rId{place}" Type="{_OFFICE}/{kind}" Target="{target}"/>'
        for place, (kind, target) in enumerate(targets, 1)
    )
    return f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">{listed}</Relationships>'


def _content_types(sheets: int) -> str:
    listed = "".join(
        f'<Override PartName="/xl/worksheets/sheet{place}.xml" ContentType="{_TYPE}.worksheet+xml"/>'
        for place in range(1, sheets + 1)
    )
    return (
        f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
        f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>{listed}</Types>'
    )
