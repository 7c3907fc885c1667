"""A workbook as people make it: what a cell shows is read, what nobody can be sure of is named, bombs are refused."""

import zipfile
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path

import openpyxl
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from haochaping.foundation.sheets import workbook_reading
from haochaping.foundation.sheets.cells import Row, Unfit, Unreadable, column_letters
from haochaping.foundation.sheets.csv_reading import csv_rows
from haochaping.foundation.sheets.workbook_reading import Workbook


def typed(path: Path, *rows: tuple[object, ...], formats: dict[str, str] | None = None) -> list[Row]:
    """What our reader makes of what a spreadsheet program wrote."""
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for place, code in (formats or {}).items():
        book.active[place].number_format = code
    book.save(path / "typed.xlsx")
    with Workbook(path / "typed.xlsx") as workbook:
        return list(workbook.rows("Sheet"))


def test_what_a_cell_shows_is_read(tmp_path: Path) -> None:
    day, instant = date(2026, 2, 28), datetime(2026, 2, 28, 9, 30, 5)  # noqa: DTZ001  (a cell has no zone)
    rows = typed(
        tmp_path,
        ("007", 7, 7, 0.1, day, instant, -3),
        formats={"C1": "000000", "F1": 'yyyy"年"m"月"d"日" hh:mm'},
    )
    assert rows == [Row(1, ("007", "7", "000007", "0.1", "2026-02-28", "2026-02-28 09:30:05", "-3"))]


@pytest.mark.parametrize(
    ("value", "fmt", "code"),
    [
        ("=1+1", "General", "formula"),
        ("=HYPERLINK(A1)", "General", "formula"),
        (True, "General", "boolean"),
        ("#N/A", "General", "error"),
        (115322160000000001, "General", "digits"),
        (10**15, "0", "digits"),
        (1234, "#,##0", "number_format"),
        (0.5, "0%", "number_format"),
        (1.5, "0", "number_format"),
        (time(9, 30), "h:mm", "number_format"),
        (-5, "yyyy-mm-dd", "date"),
    ],
)
def test_what_nobody_can_be_sure_of_is_unfit(tmp_path: Path, value: object, fmt: str, code: str) -> None:
    (row,) = typed(tmp_path, ("前", value), formats={"B1": fmt})
    unfit = row.cells[1]
    assert isinstance(unfit, Unfit)
    assert unfit.code == code


def test_a_shared_formula_is_told_in_each_cell(tmp_path: Path) -> None:
    first, other = (
        '<c><f t="shared" si="0" ref="A1:B1">D1(</f><v>7</v></c>',
        '<c><f t="shared" si="0"/><v>8</v></c>',
    )
    array = '<c><f t="array" ref="C1">D1:D2</f></c>'
    rows = read(package(tmp_path, f'<row r="1">{first}{other}{array}</row>'))
    assert rows == [Row(1, tuple(Unfit("formula", shown) for shown in ("=D1(", "=", "=D1:D2")))]


def test_fifteen_digits_are_still_exact(tmp_path: Path) -> None:
    assert typed(tmp_path, (10**15 - 1,)) == [Row(1, ("9" * 15,))]


def test_rows_keep_their_numbers_and_gaps_their_place(tmp_path: Path) -> None:
    rows = typed(tmp_path, ("a",), (None,), (None, None, "c"))
    assert rows == [Row(1, ("a",)), Row(3, ("", "", "c"))]


# As exporters write it: its fill has nothing in it.
DAYS = """<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><numFmts count="1">\
<numFmt numFmtId="176" formatCode="yyyy/m/d"/></numFmts><fonts><font/></fonts><fills><fill/></fills>\
<cellStyleXfs><xf numFmtId="176"/></cellStyleXfs>\
<cellXfs><xf/><xf numFmtId="176"/><xf numFmtId="31"/><xf numFmtId="32"/><xf numFmtId="16"/></cellXfs></styleSheet>"""


@pytest.mark.parametrize("style", [1, 2, 4])  # of the workbook's own; 31: yyyy"年"m"月"d"日"; 16: d-mmm
@pytest.mark.parametrize(
    ("raw", "since_1904", "text"),
    [
        ("1", False, "1900-01-01"),
        ("59", False, "1900-02-28"),
        ("61", False, "1900-03-01"),
        ("46081", False, "2026-02-28"),
        ("46081.999999", False, "2026-03-01"),
        ("0", True, "1904-01-01"),
        ("44619.5", True, "2026-02-28 12:00:00"),
    ],
)
def test_days_of_both_calendars(tmp_path: Path, raw: str, since_1904: bool, text: str, style: int) -> None:
    sheet = f'<row r="1"><c r="A1" s="{style}"><v>{raw}</v></c></row>'
    properties = '<workbookPr date1904="1"/>' if since_1904 else ""
    made = package(tmp_path, sheet, properties=properties, **{"xl/styles.xml": DAYS})
    assert read(made) == [Row(1, (text,))]


@pytest.mark.parametrize(
    ("raw", "style", "code"),
    [
        *[(raw, 1, "date") for raw in ("0.5", "60", "-5", "9999999", "1E300", "1E999")],
        ("0.5", 3, "number_format"),  # h"时"mm"分"
        ("1E999", 0, "digits"),
    ],
)
def test_no_day_and_no_number(tmp_path: Path, raw: str, style: int, code: str) -> None:
    made = package(tmp_path, f'<row r="1"><c s="{style}"><v>{raw}</v></c></row>', **{"xl/styles.xml": DAYS})
    ((cell,),) = [row.cells for row in read(made)]
    assert isinstance(cell, Unfit)
    assert cell.code == code


@pytest.mark.parametrize(("number", "letters"), [(0, "A"), (25, "Z"), (26, "AA"), (701, "ZZ"), (702, "AAA")])
def test_columns_have_letters(number: int, letters: str) -> None:
    assert column_letters(number) == letters


MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006"
TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"


def package(path: Path, sheet: str, before: str = "", properties: str = "", **more: str) -> Path:
    """A workbook by hand, with this inside its sheet."""
    parts = {
        "[Content_Types].xml": f'''<Types xmlns="{PACKAGE}/content-types">\
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>\
<Override PartName="/xl/workbook.xml" ContentType="{TYPE}.sheet.main+xml"/>\
<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{TYPE}.worksheet+xml"/>\
{SHARED if "xl/sharedStrings.xml" in more else ""}</Types>''',
        "xl/workbook.xml": (
            f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">{properties}<sheets>'
            '<sheet name="表" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships"><Relationship Id="rId1" Type="{OFFICE}/worksheet" '
            'Target="/xl/worksheets/sheet1.xml"/></Relationships>'
        ),
        "xl/worksheets/sheet1.xml": f'{before}<worksheet xmlns="{MAIN}"><sheetData>{sheet}</sheetData></worksheet>',
        **more,
    }
    with zipfile.ZipFile(path / "made.xlsx", "w", zipfile.ZIP_DEFLATED) as made:
        for name, text in parts.items():
            made.writestr(name, text)
    return path / "made.xlsx"


SHARED = f'<Override PartName="/xl/sharedStrings.xml" ContentType="{TYPE}.sharedStrings+xml"/>'


def read(path: Path) -> list[Row]:
    with Workbook(path) as workbook:
        return list(workbook.rows("表"))


SOUND = (
    f'<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="{MAIN}"><sheetData><row r="1"><c r="A1" s="1"><v>46081</v></c>'
    '<c r="B1" t="s"><v>0</v></c><c t="inlineStr"><is><t>_x0041_</t></is></c></row></sheetData></worksheet>'
)
BREAKS = st.tuples(st.integers(0, len(SOUND) - 1), st.sampled_from('<>"019AZ²/ =&;'))


@given(st.lists(BREAKS, min_size=1, max_size=4))
@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example([(SOUND.index("UTF-8") + 4, "9")])  # an encoding that nobody knows
@example([(SOUND.index('s="1"') + 3, "²")])
def test_whatever_is_broken_is_told_as_such(tmp_path: Path, broken: list[tuple[int, str]]) -> None:
    letters = list(SOUND)
    for place, letter in broken:
        letters[place] = letter
    with suppress(Unreadable):
        read(package(tmp_path, "", **{"xl/worksheets/sheet1.xml": "".join(letters)}))


def cell(text: str) -> str:
    return f'<row r="1"><c r="A1" t="inlineStr"><is><t>{text}</t></is></c></row>'


def test_shared_strings_are_taken_as_they_are_spelled(tmp_path: Path) -> None:
    """What spreadsheets save: runs of formats, reading aids (rPh), and escapes of escapes."""
    strings = f"""<sst xmlns="{MAIN}"><si><r><rPr><b/></rPr><t>昆</t></r><r><t>明</t></r>\
<rPh sb="0" eb="2"><t>クンミン</t></rPh></si><si><t>_x005F_x0041_</t></si><si><t>_x0041_ x005F_</t></si>\
<si><t xml:space="preserve"> a_x000D_
b </t></si></sst>"""
    cells = "".join(f'<c t="s"><v>{place}</v></c>' for place in range(4))
    read_back = read(package(tmp_path, f'<row r="1">{cells}</row>', **{"xl/sharedStrings.xml": strings}))
    assert read_back == [Row(1, ("昆明", "_x0041_", "A x005F_", " a\r\nb "))]


def test_what_a_sheet_says_of_its_size_is_not_believed(tmp_path: Path) -> None:
    sheet = (
        f'<worksheet xmlns="{MAIN}"><dimension ref="A1:A2"/><sheetData><row r="2"><c r="B2"><v>7</v></c></row>'
        '<row r="5"><c r="C5" s="0"/><c r="D5" t="str"><v>x</v></c><c r="E5"/></row><row r="9"><c r="A9"/></row>'
        '</sheetData><mergeCells count="1"><mergeCell ref="D5:E9"/></mergeCells></worksheet>'
    )
    made = package(tmp_path, "", **{"xl/worksheets/sheet1.xml": sheet})
    assert read(made) == [Row(2, ("", "7")), Row(5, ("", "", "", "x"))]


def test_what_stands_out_of_order_is_not_lost(tmp_path: Path) -> None:
    sheet = (
        '<row r="5"><c r="C5"><v>3</v></c><c r="A5"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>'
    )
    assert read(package(tmp_path, sheet)) == [Row(5, ("1", "", "3")), Row(2, ("2",))]


def test_a_hidden_sheet_is_read_and_another_namespace_refused(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.create_sheet("藏").append(["a"])
    book["藏"].sheet_state = "hidden"
    book.save(tmp_path / "hidden.xlsx")
    with Workbook(tmp_path / "hidden.xlsx") as workbook:
        assert workbook.sheets == ("Sheet", "藏")
        assert list(workbook.rows("藏")) == [Row(1, ("a",))]
    strict = '<worksheet xmlns="http://purl.oclc.org/ooxml/spreadsheetml/main"><sheetData/></worksheet>'
    with pytest.raises(Unreadable) as refused:
        read(package(tmp_path, "", **{"xl/worksheets/sheet1.xml": strict}))
    assert refused.value.code == "strict"


@pytest.mark.parametrize("spelled", ["_x0000_", "_xD842_"])
def test_what_postgresql_cannot_hold_is_unfit(tmp_path: Path, spelled: str) -> None:
    (row,) = read(package(tmp_path, cell(f"a{spelled}")))
    assert isinstance(row.cells[0], Unfit)


def test_halves_that_meet_are_one_character(tmp_path: Path) -> None:
    assert read(package(tmp_path, cell("_xD842__xDFB7_"))) == [Row(1, ("𠮷",))]


@pytest.mark.parametrize(
    ("sheet", "before", "code"),
    [
        (cell("&lol;"), '<!DOCTYPE x [<!ENTITY lol "ha">]>', "unsafe"),
        (cell("a"), "<!DOCTYPE worksheet>", "unsafe"),
        (cell("&lol;"), "", "damaged"),
        (cell("A" * (17 << 20)), "", "unsafe"),
        ("<row", "", "damaged"),
        ('<row r="1"><c r="A1" t="s"><v>5</v></c></row>', "", "damaged"),
        ('<row r="x"/>', "", "damaged"),
        ('<row r="9999999999"><c><v>5</v></c></row>', "", "damaged"),
        ('<row r="1"><c r="9"><v>5</v></c></row>', "", "damaged"),
        ('<row r="1"><c r="XFD1"><v>5</v></c></row>', "", "too_wide"),
    ],
)
def test_bombs_and_wrecks_are_refused(tmp_path: Path, sheet: str, before: str, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(package(tmp_path, sheet, before=before))
    assert refused.value.code == code


@pytest.mark.parametrize(("bound", "code"), [("_LAST_ROW", "damaged"), ("_LARGEST_ROW", "too_big")])
def test_what_never_ends_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bound: str, code: str
) -> None:
    """Rows that all have the same number, and one row of no end."""
    rows = '<row r="1"/>' * 9 if bound == "_LAST_ROW" else f'<row r="1">{"<c/>" * 100_000}</row>'
    made = package(tmp_path, rows + cell("a"))
    assert read(made) == [Row(1, ("a",))]
    monkeypatch.setattr(workbook_reading, bound, {"_LAST_ROW": 8, "_LARGEST_ROW": 1 << 18}[bound])
    with pytest.raises(Unreadable) as refused:
        read(made)
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"code,name\n", "not_a_workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 512, "old_workbook"),
        (b"PK\x03\x04" + b"\0" * 40, "not_a_workbook"),
    ],
)
def test_what_is_no_workbook_is_said(tmp_path: Path, content: bytes, code: str) -> None:
    (tmp_path / "a.xlsx").write_bytes(content)
    with pytest.raises(Unreadable) as refused:
        Workbook(tmp_path / "a.xlsx")
    assert refused.value.code == code


@pytest.mark.parametrize(
    ("content", "detail", "line"),
    [
        ("a\n昆明\n".encode("gb18030"), "GB18030", 2),
        ("a\n昆明\n".encode("utf-16"), "UTF-16", 1),
        (b"a\nb\n\xff\xff\xff\n", "", 3),
    ],
)
def test_other_encodings_are_named_with_their_line(
    tmp_path: Path, content: bytes, detail: str, line: int
) -> None:
    (tmp_path / "a.csv").write_bytes(content)
    with pytest.raises(Unreadable) as refused:
        list(csv_rows(tmp_path / "a.csv"))
    assert (refused.value.code, refused.value.detail, refused.value.line) == ("encoding", detail, line)


def test_a_broken_quote_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text('a,b\n1,2\n3,"4\n5,6\n', "utf-8")
    with pytest.raises(Unreadable) as refused:
        list(csv_rows(tmp_path / "a.csv"))
    assert (refused.value.code, refused.value.line) == ("csv", 3)
