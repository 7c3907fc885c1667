"""Where the six tables come from: a folder with six CSV files, or a workbook with six sheets."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from haochaping.foundation.sheets.cells import Row
from haochaping.foundation.sheets.csv_reading import csv_rows
from haochaping.foundation.sheets.workbook_reading import Workbook
from haochaping.registry.importing.forms import FORMS, Form


class NoSuchTable(Exception):
    """The folder lacks the file, or the workbook the sheet."""


class Source(Protocol):
    """An open source. `spreadsheet`: cells have names, and columns may be called by their titles."""

    forms: tuple[Form, ...]
    spreadsheet: bool

    def rows(self, form: Form, /) -> Iterator[Row]:
        """Raises NoSuchTable, Unreadable, OSError."""
        ...


class Folder:
    """Six CSV files."""

    spreadsheet = False
    forms: tuple[Form, ...] = FORMS

    def __init__(self, path: Path) -> None:
        self._path = path

    def rows(self, form: Form, /) -> Iterator[Row]:
        try:
            yield from csv_rows(self._path / form.file)
        except FileNotFoundError as error:
            raise NoSuchTable from error


class Sheets:
    """Six sheets of a workbook, called by their titles or by their names."""

    spreadsheet = True

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        called = {name.strip(): name for name in workbook.sheets}
        self.forms = tuple(
            replace(form, file=called.get(form.title) or called.get(form.name) or form.title)
            for form in FORMS
        )

    def rows(self, form: Form, /) -> Iterator[Row]:
        if form.file not in self._workbook.sheets:
            raise NoSuchTable
        yield from self._workbook.rows(form.file)


@contextmanager
def opened(path: Path) -> Iterator[Source]:
    """The folder, or else the workbook. Raises Unreadable, OSError."""
    if path.is_dir():
        yield Folder(path)
        return
    with Workbook(path) as workbook:
        yield Sheets(workbook)
