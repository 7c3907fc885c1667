"""Whatever PostgreSQL can hold comes back from CSV, XLSX and JSON as it was, and no spreadsheet computes it."""

import csv
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree
from zipfile import ZipFile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from haochaping.foundation.sheets.cells import LONGEST_IN_CSV, LONGEST_IN_WORKBOOK, Unwritable
from haochaping.foundation.sheets.csv_reading import csv_rows
from haochaping.foundation.sheets.workbook_reading import Workbook
from haochaping.foundation.sheets.workbook_writing import write_workbook
from haochaping.foundation.sheets.writing import Column, Table, write_csv, write_json

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
VALUES = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)
# What has a meaning in one of the formats, more often than chance would have it.
TROUBLE = st.lists(
    st.sampled_from(
        ["=1+1", "@SUM(A1)", "-2", "＋", "'", "''=", "\t", "\r", "\n", "\r\n", " ", '"', ",", ";", "_x0041_", "_x0041",
         "_x005F_", "\x01", "\ufeff", "\ufffe", "\uffff", "\x85", "\u2028", "&amp;", "<f>", "]]>", "00123", "1E5",
         "2026-01-01", "TRUE", "#N/A", "𠀀", "𮯠", "㐀", "䶿", "�", "王𠮷"]
    ),
    max_size=5,
).map("".join)  # fmt: skip
TABLES = st.lists(st.tuples(VALUES | TROUBLE, VALUES | TROUBLE, VALUES | TROUBLE), max_size=4)
# No row is blank, none is shorter than the others.
COLUMNS = [Column("first"), Column("一"), Column("=二"), Column("三"), Column("last")]


def framed(rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    return [("x", *row, "x") for row in rows]


@pytest.fixture(scope="module")
def place() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="hcp-test-") as folder:
        yield Path(folder)


@given(TABLES)
@settings(max_examples=150, deadline=None)
def test_every_text_comes_back(place: Path, rows: list[tuple[str, ...]]) -> None:
    whole = framed(rows)
    titles = tuple(column.title for column in COLUMNS)
    table = Table("表", COLUMNS, whole)
    write_csv(place / "a.csv", table)
    write_workbook(place / "a.xlsx", [table])
    write_json(place / "a.json", [table])
    assert [row.cells for row in csv_rows(place / "a.csv")] == [titles, *whole]
    with Workbook(place / "a.xlsx") as workbook:
        assert [row.cells for row in workbook.rows("表")] == [titles, *whole]
    assert [tuple(row.values()) for row in json.loads((place / "a.json").read_text("utf-8"))["表"]] == whole


@given(TABLES)
@settings(max_examples=50, deadline=None)
def test_nothing_is_a_formula(place: Path, rows: list[tuple[str, ...]]) -> None:
    table = Table("表", COLUMNS, framed(rows))
    write_workbook(place / "f.xlsx", [table])
    with ZipFile(place / "f.xlsx") as package:
        sheet = ElementTree.fromstring(package.read("xl/worksheets/sheet1.xml"))  # noqa: S314  (ours)
    cells = [one for one in sheet.iter() if one.tag.endswith("}c")]
    assert cells
    assert {(one.get("t"), *(child.tag.rpartition("}")[2] for child in one)) for one in cells} == {
        ("inlineStr", "is")
    }
    write_csv(place / "f.csv", table)
    with (place / "f.csv").open(encoding="utf-8-sig", newline="") as file:
        said = [cell for line in csv.reader(file) for cell in line]
    assert not [
        cell
        for cell in said
        if cell.lstrip().startswith(tuple("=+-@＝＋－＠")) or cell.startswith(("\t", "\r", "\n"))
    ]


def test_every_character_there_is(place: Path) -> None:
    """All that Unicode has and may have, Hanzi beyond the basic plane with the rest."""
    characters = [chr(code) for code in range(1, 0x110000) if not 0xD800 <= code < 0xE000]
    rows = [("".join(characters[begin : begin + 4_096]),) for begin in range(0, len(characters), 4_096)]
    table = Table("字", [Column("字")], rows)
    write_csv(place / "all.csv", table)
    write_workbook(place / "all.xlsx", [table])
    assert [row.cells for row in csv_rows(place / "all.csv")][1:] == rows
    with Workbook(place / "all.xlsx") as workbook:
        assert [row.cells for row in workbook.rows("字")][1:] == rows


def test_every_cell_is_text_to_a_spreadsheet(place: Path) -> None:
    """The parts themselves, not through the library that wrote them: also cells that are still empty keep what is typed."""
    row = ("11532216MB3585447A", "007", "=1+1", "𠮷野家", " two \n lines ", "#N/A")
    columns = [Column(str(number), 20, "为何？", choices=("a", "b")) for number in range(6)]
    write_workbook(place / "o.xlsx", [Table("事项", columns, [row]), Table("说明", [Column("说明", 60)], [])])
    with ZipFile(place / "o.xlsx") as package:
        sheet, styles, book = (
            ElementTree.fromstring(package.read(f"xl/{part}.xml"))  # noqa: S314  (ours)
            for part in ("worksheets/sheet1", "styles", "workbook")
        )
    assert [one.get("name") for one in book.iter(f"{MAIN}sheet")] == ["事项", "说明"]
    cells = sheet.findall(f"{MAIN}sheetData/{MAIN}row[2]/{MAIN}c")
    assert tuple("".join(cell.itertext()) for cell in cells) == row
    places = [cell.get("s", "0") for cell in sheet.iter(f"{MAIN}c")]
    places += [column.get("style", "0") for column in sheet.iter(f"{MAIN}col")]
    assert len(places) == 18
    looks = [styles.findall(f"{MAIN}cellXfs/{MAIN}xf")[int(number)] for number in places]
    assert {(look.get("numFmtId"), look.get("quotePrefix")) for look in looks} == {("49", "1")}
    assert [pane.get("topLeftCell") for pane in sheet.iter(f"{MAIN}pane")] == ["A2"]
    assert {one.text for one in sheet.iter(f"{MAIN}formula1")} == {'"a,b"'}
    assert {one.get("prompt") for one in sheet.iter(f"{MAIN}dataValidation")} == {"为何？"}


@pytest.mark.parametrize("value", ["a\0b", "\ud842", "字" * (LONGEST_IN_CSV + 1)])
def test_what_no_cell_can_hold_is_said(place: Path, value: str) -> None:
    table = Table("表", [Column("a")], [(value,)])
    with pytest.raises(Unwritable):
        write_csv(place / "no.csv", table)
    with pytest.raises(Unwritable):
        write_workbook(place / "no.xlsx", [table])


def test_half_a_workbook_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What was written until then stands neither where it should nor in a temporary file."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    with pytest.raises(Unwritable):
        write_workbook(tmp_path / "half.xlsx", [Table("表", [Column("a")], [("a",), ("\0",)])])
    assert list(tmp_path.iterdir()) == []


def test_a_workbook_counts_as_its_spreadsheet_does(place: Path) -> None:
    longest = "𠀀" * (LONGEST_IN_WORKBOOK // 2)
    write_workbook(place / "long.xlsx", [Table("表", [Column("a")], [(longest,)])])
    with Workbook(place / "long.xlsx") as workbook:
        assert [row.cells for row in workbook.rows("表")][1:] == [(longest,)]
    with pytest.raises(Unwritable):
        write_workbook(place / "long.xlsx", [Table("表", [Column("a")], [(longest + "𠀀",)])])
