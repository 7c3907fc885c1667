"""Files as they come on a stick: what can be read is read to the last record, what cannot is named beforehand."""

import csv
import gzip
import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from haochaping.foundation.sheets.workbook_writing import write_workbook
from haochaping.foundation.sheets.writing import Column, Table
from haochaping.intake.importing.batches import calls_by_case, scattered
from haochaping.intake.importing.error_files import place_beside
from haochaping.intake.importing.header import REQUIRED
from haochaping.intake.importing.kinds import Kind, Source, source
from haochaping.intake.importing.raw import Raw
from haochaping.intake.importing.raw import raws as read_by
from haochaping.intake.importing.refusals import FileRefused
from haochaping.intake.importing.rows import Reader
from haochaping.intake.importing.session import look_through

NAMES = [*REQUIRED, "备注"]
READER = Reader(b"0" * 16, None, False)


def put(folder: Path, name: str, content: str | bytes) -> Source:
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return source(path)


def table(*rows: list[str], head: list[str] = NAMES) -> str:
    text = io.StringIO()
    csv.writer(text).writerows([head, *rows])
    return text.getvalue()


def raws(made: Source) -> Iterator[Raw]:
    return read_by(made, {})


def cells(remark: str) -> list[str]:
    return [*("1" for _ in REQUIRED), remark]


def codes(raw: Raw) -> set[str]:
    return {each.code for each in READER.row(raw).reported.problems}


def test_an_array_is_read_element_by_element_however_it_is_spelled(tmp_path: Path) -> None:
    values = [{"a": "张" * 300, "n": number, "s": 'quote " ] , \\ end'} for number in range(2_000)]
    spelled = "\ufeff \n" + json.dumps(values, ensure_ascii=False, indent=2) + "\n "
    made = put(tmp_path, "a.json", spelled)
    assert made.kind is Kind.ARRAY
    assert [json.loads(raw.text) for raw in raws(made)] == values
    assert [json.loads(raw.text) for raw in raws(put(tmp_path, "b.json", "[1 ,\n[2],{}, null]"))] == [
        1,
        [2],
        {},
        None,
    ]
    assert list(raws(put(tmp_path, "c.json", "[ ]"))) == []


@pytest.mark.parametrize(
    "text",
    [
        '[{"a": 1}',
        '[{"a": 1}, ]',
        '[{"a": 1} {"b": 2}]',
        '[{"a": 1}] x',
        "[,]",
        '[{"a": tru}]',
        '[{"a": "',
        "[",
    ],
)
def test_a_broken_array_is_refused_as_a_whole(tmp_path: Path, text: str) -> None:
    with pytest.raises(FileRefused) as refused:
        look_through(put(tmp_path, "a.json", text), {})
    assert refused.value.code == "not_json"


def test_lines_count_as_an_editor_counts_them(tmp_path: Path) -> None:
    made = put(tmp_path, "a.ndjson.gz", gzip.compress('\ufeff{"a": 1}\r\n\n  \n{"b": 2}'.encode()))
    assert [(raw.line, raw.text) for raw in raws(made)] == [(1, b'{"a": 1}'), (4, b'{"b": 2}')]
    long = put(tmp_path, "b.ndjson", '{"a": "' + "x" * (1 << 20) + '"}\n{"b": 2}\n')
    assert [(raw.line, codes(raw) & {"too_long"}) for raw in raws(long)] == [(1, {"too_long"}), (2, set())]
    quoted = put(tmp_path, "c.csv", table(cells("two\nlines"), cells("one")))
    assert [(raw.line, raw.cells["备注"]) for raw in raws(quoted)] == [(2, "two\nlines"), (4, "one")]


def test_the_encoding_is_found_out(tmp_path: Path) -> None:
    text = table(*(cells(f"昆明市第{number}号，𠀀") for number in range(50)))
    for encoding in ("utf-8", "utf-8-sig", "gb18030"):
        made = put(tmp_path, "a.csv", text.encode(encoding))
        assert [raw.cells["备注"] for raw in raws(made)] == [
            f"昆明市第{number}号，𠀀" for number in range(50)
        ]
    lines = "\n".join(json.dumps({"备注": "昆明"}, ensure_ascii=False) for _ in range(9))
    assert [json.loads(raw.text) for raw in raws(put(tmp_path, "a.ndjson", lines.encode("gb18030")))] == [
        {"备注": "昆明"}
    ] * 9


def test_one_spoiled_line_makes_no_other_file_of_it(tmp_path: Path) -> None:
    lines = [json.dumps({"备注": "昆明"}, ensure_ascii=False).encode() for _ in range(4)]
    lines[1] = lines[1].decode().encode("gbk")
    made = put(tmp_path, "a.ndjson", b"\n".join(lines))
    assert made.encoding == "utf-8"
    assert ["not_utf8" in codes(raw) for raw in raws(made)] == [False, True, False, False]
    rows = table(*(cells("昆明") for _ in range(4))).encode().split(b"\r\n")
    rows[2] = rows[2].decode().encode("gbk")
    spoiled = put(tmp_path, "a.csv", b"\r\n".join(rows))
    assert ["cell_characters" in codes(raw) for raw in raws(spoiled)] == [False, True, False, False]


def test_what_a_spreadsheet_has_spoiled_is_named_by_its_cell(tmp_path: Path) -> None:
    row = cells("")
    row[NAMES.index("projectNo")] = "5.30102E+19"
    (raw,) = raws(put(tmp_path, "a.csv", table(row)))
    assert [(each.field, each.code) for each in raw.problems] == [("projectNo", "cell_digits")]
    (raw,) = raws(put(tmp_path, "a.csv", table([*cells("x"), "one more"])))
    assert codes(raw) == {"cells_beyond"}
    (raw,) = raws(put(tmp_path, "a.csv", table(cells("x")[:3])))
    assert len(raw.cells) == 3


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (NAMES[3:], "areaCode, deptCode, taskCode"),
        ([each for each in NAMES if each != "certKey"], "certKey, certKeyGOV"),
        ([*NAMES, "taskName"], "have one name: D, "),
        (["张三", "530102198001011237", "张三"], "have one name: A, C"),
        ([";".join(NAMES)], "stand apart by ';'"),
        ([*NAMES, "x" * 65], "more than 64"),
    ],
)
def test_all_that_is_wrong_with_a_header_is_told_at_once(tmp_path: Path, head: list[str], told: str) -> None:
    with pytest.raises(FileRefused) as refused:
        look_through(put(tmp_path, "a.csv", table(cells("x"), head=head)), {})
    assert told in refused.value.message
    assert "张三" not in refused.value.message


def test_a_sender_has_titles_of_his_own(tmp_path: Path) -> None:
    titles = {"办件编号": "projectNo", "事项名称": "taskName"}
    head = [{"projectNo": "办件编号", "taskName": "事项名称"}.get(name, name) for name in NAMES]
    made = put(tmp_path, "a.csv", table(cells("x"), head=head))
    (raw,) = read_by(made, titles)
    assert set(raw.cells) == set(NAMES)
    # An error file has the names of the convention, and is read by the same dialect.
    assert len(list(read_by(put(tmp_path, "b.csv", table(cells("x"))), titles))) == 1
    with pytest.raises(FileRefused, match="missing: taskName, projectNo"):
        look_through(made, {})


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("a.txt", b"x", "file_kind"),
        ("a.xlsx.gz", b"x", "file_kind"),
        ("a.csv", "a,b\n".encode("utf-16"), "encoding"),
        ("a.ndjson.gz", gzip.compress(b'{"a": 1}' * 9, mtime=0)[:-6], "gzip_broken"),
        ("a.ndjson.gz", b'{"a": 1}', "gzip_broken"),
        ("a.csv", table(cells("x")).encode() + b'1,"open', "csv"),
        ("a.csv", b"", "empty"),
        ("a.csv", table(), "empty"),
        ("a.ndjson", b"\n \n", "empty"),
        ("a.xlsx", b"PK\x03\x04 and no more", "not_a_workbook"),
        ("a.xlsx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "old_workbook"),
    ],
)
def test_what_cannot_be_read_is_refused_before_anything_begins(
    tmp_path: Path, name: str, content: str | bytes, code: str
) -> None:
    with pytest.raises(FileRefused) as refused:
        look_through(put(tmp_path, name, content), {})
    assert refused.value.code == code
    assert name in refused.value.message


def test_what_stands_far_from_the_table_is_told(tmp_path: Path) -> None:
    write_workbook(tmp_path / "a.xlsx", [Table("表", [Column(str(place)) for place in range(513)], [])])
    with pytest.raises(FileRefused, match="far to the right") as refused:
        look_through(source(tmp_path / "a.xlsx"), {})
    assert refused.value.code == "too_wide"


def test_a_workbook_and_its_first_sheet(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    columns = [Column(name) for name in NAMES]
    write_workbook(
        path, [Table("一", columns, [cells("=1+1"), cells("")]), Table("二", columns, [cells("x")])]
    )
    assert look_through(source(path), {}).rows == 2
    assert [raw.cells.get("备注") for raw in raws(source(path))] == ["=1+1", None]


def test_where_the_error_file_goes() -> None:
    names = [
        "a.csv",
        "a.errors.csv",
        "a.errors-2.csv",
        "a.errors-9.csv",
        "b.c.ndjson.gz",
        "x.errors-new.xlsx",
    ]
    assert [place_beside(Path("d") / name).name for name in names] == [
        *("a.errors.csv", "a.errors-2.csv", "a.errors-3.csv", "a.errors-10.csv"),
        *("b.c.errors.ndjson", "x.errors-new.errors.xlsx"),
    ]


def test_rows_of_one_case_are_judged_in_one_call() -> None:
    cases = [0, 1, 2, 3, 0, 4, 5, 6, 8, 8, 3, 0, 7]
    rows = [
        READER.row(Raw(line, json.dumps({"projectNo": f"P{n}"}).encode())) for line, n in enumerate(cases)
    ]
    apart = scattered(rows, 4)
    assert apart == {hash("P0"), hash("P3")}
    judged = list(calls_by_case(rows, apart, 4))
    assert sorted(row.reported.line for call in judged for row in call) == list(range(len(cases)))
    for number in set(cases):
        where = {
            place
            for place, call in enumerate(judged)
            for row in call
            if row.reported.project_no == f"P{number}"
        }
        assert len(where) == 1
    assert [row.reported.line for call in judged for row in call if row.reported.project_no == "P0"] == [
        0,
        4,
        11,
    ]
