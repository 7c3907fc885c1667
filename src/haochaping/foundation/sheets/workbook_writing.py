"""Writes a workbook: every value as a text cell with the quote prefix, so that nobody's spreadsheet computes it or rounds
it, also when the cell is edited. The rows go to a temporary file; memory does not grow with them."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font, PatternFill
from openpyxl.worksheet.datavalidation import DataValidation

from haochaping.foundation.sheets.cells import LONGEST_IN_WORKBOOK, Unwritable, checked, column_letters
from haochaping.foundation.sheets.escapes import workbook_text
from haochaping.foundation.sheets.writing import Column, Table

_LAST_ROW: Final = 1_048_576
_PROMPT: Final = 255
_TITLE: Final = {"font": Font(bold=True), "fill": PatternFill("solid", fgColor="FFE8EEF7")}


def write_workbook(path: Path, tables: Sequence[Table]) -> None:
    """One sheet a table, its titles frozen. Raises Unwritable."""
    book = Workbook(write_only=True)
    try:
        for table in tables:
            _write(book.create_sheet(table.name), table)
    except BaseException:
        # Half a workbook would pass for a whole one; but only saving takes the temporary files away.
        book.save(os.devnull)
        raise
    book.save(path)


def _write(sheet: Any, table: Table) -> None:
    sheet.freeze_panes = "A2"
    for place, column in enumerate(table.columns):
        letter = column_letters(place)
        sheet.column_dimensions[letter].width = column.width
        _as_text(sheet.column_dimensions[letter])
        if column.prompt or column.choices:
            sheet.data_validations.append(_validation(column, f"{letter}2:{letter}{_LAST_ROW}"))
    title = _as_text(WriteOnlyCell(sheet))
    for part, look in _TITLE.items():
        setattr(title, part, look)
    _append(sheet, title, [column.title for column in table.columns])
    cell = _as_text(WriteOnlyCell(sheet))
    for number, row in enumerate(table.rows, 2):
        if number > _LAST_ROW:
            raise Unwritable(f"{table.name}: more than {_LAST_ROW - 1:,} rows")
        _append(sheet, cell, row)


def _as_text(styled: Any) -> Any:
    styled.number_format = "@"
    styled.quotePrefix = True
    return styled


def _append(sheet: Any, cell: Any, values: Sequence[str]) -> None:
    """One cell serves for all: what is appended is written at once."""
    texts = [_text(value) for value in values]

    def cells() -> Iterator[Any]:
        for text in texts:
            cell.value = text
            cell.data_type = "s"  # whatever it begins with
            yield cell if text else None

    sheet.append(cells())


def _text(value: str) -> str:
    text = workbook_text(value)
    units = len(text)
    if units > LONGEST_IN_WORKBOOK // 2:
        units = len(text.encode("utf-16-le", "replace")) // 2
    checked(value, LONGEST_IN_WORKBOOK, units)
    return text


def _validation(column: Column, cells: str) -> DataValidation:
    """What a person is told in a cell, and the list to choose from."""
    listed = ",".join(column.choices)
    return DataValidation(
        type="list" if listed else None,
        formula1=f'"{listed}"' if listed else None,
        showErrorMessage=bool(listed),
        allow_blank=True,
        showInputMessage=bool(column.prompt),
        prompt=column.prompt[:_PROMPT] or None,
        sqref=cells,
    )
