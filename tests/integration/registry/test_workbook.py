"""The registry as a workbook: filled in, taken over, given out again, with every mistake called by its cell."""

import json
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from haochaping.cli import import_registry as import_command
from haochaping.cli.main import main
from haochaping.cli.registry_diff import SHOWN, diff_table, problem_table, summary, told
from haochaping.foundation.sheets.cells import LONGEST_IN_WORKBOOK
from haochaping.foundation.sheets.csv_reading import csv_rows
from haochaping.foundation.sheets.workbook_writing import write_workbook
from haochaping.registry import models
from haochaping.registry.importing.forms import FORMS
from haochaping.registry.operations import ImportRefused, ImportReport, import_registry, import_workbook
from haochaping.registry.queries import edition
from haochaping.registry.queries.workbook import registry_workbook
from tests.occasions import database_address

BUREAU = "11532216MB3585447A"
Edit = Callable[[openpyxl.Workbook], None]


@pytest.fixture
def book(db: None, folder, now: datetime, tmp_path: Path) -> Path:
    """Kunming's registry, taken over from CSV and given out as a workbook."""
    import_registry(directory=folder.path, now=now, actor="test")
    write_workbook(tmp_path / "registry.xlsx", registry_workbook(filled=True))
    return tmp_path / "registry.xlsx"


def edited(book: Path, edit: Edit) -> None:
    """As a person would, in another program."""
    opened = openpyxl.load_workbook(book)
    edit(opened)
    opened.save(book)


def row_of(sheet: Worksheet, code: str) -> int:
    return next(row[0].row for row in sheet.iter_rows() if code in {cell.value for cell in row})


def take(book: Path, now: datetime, *, dry_run: bool = False) -> ImportReport:
    return import_workbook(workbook=book, now=now, actor="test", dry_run=dry_run)


def refused(book: Path, now: datetime) -> ImportRefused:
    with pytest.raises(ImportRefused) as caught:
        take(book, now)
    return caught.value


def test_what_is_given_out_changes_nothing_when_it_comes_back(book, now) -> None:
    edited(book, lambda opened: None)  # saved once more by another program
    report = take(book, now)
    assert {name: (one.unchanged, one.absent) for name, one in report.files.items()} == {
        "行政区划": (17, 0),
        "机构": (126, 0),
        "大厅": (15, 0),
        "窗口": (220, 0),
        "工作人员": (220, 0),
        "事项": (330, 0),
    }
    assert (report.additions, report.turns, report.changes, report.edition) == ((), (), (), 1)


def test_rare_hanzi_and_what_looks_like_a_formula_come_back(book, now) -> None:
    models.HallRecord.objects.filter(hall__code="H530102").update(name="=𠮷𰻝㐂𲎯政务大厅")
    write_workbook(book, registry_workbook(filled=True))
    edited(book, lambda opened: None)
    report = take(book, now)
    assert (report.files["大厅"].unchanged, report.changes) == (15, ())


def test_the_empty_template_is_taken_over_and_explains_itself(db, now, tmp_path) -> None:
    path = tmp_path / "t.xlsx"
    write_workbook(path, registry_workbook(filled=False))
    assert take(path, now).edition == 0
    opened = openpyxl.load_workbook(path)
    assert opened.sheetnames == ["说明", *(form.title for form in FORMS)]
    explained = {(row[0], row[2]) for row in opened["说明"].iter_rows(values_only=True)}
    assert {(form.title, column.name) for form in FORMS for column in form.columns} <= explained
    assert opened["事项"].column_dimensions["B"].width > 33
    assert opened["事项"].column_dimensions["B"].number_format == "@"
    assert all(len(one.prompt) < 255 for one in opened["事项"].data_validations.dataValidation)
    listed = [one.formula1 for one in opened["机构"].data_validations.dataValidation if one.type == "list"]
    assert listed == ['"authority,department,hotline,platform"']


def test_a_diff_tells_what_is_new_renamed_other_corrected_and_ended(book, now) -> None:
    def edit(opened: openpyxl.Workbook) -> None:
        organisations, halls, staff = opened["机构"], opened["大厅"], opened["工作人员"]
        organisations.cell(row_of(organisations, BUREAU), 6).value = "2026-02-28"
        organisations.append([BUREAU, "昆明市警务局", "530100", "department", "2026-03-01"])
        halls.append(["H9", "新大厅", "530102"])
        halls.cell(row_of(halls, "H530102"), 2).value = "五华区为民中心"
        staff.cell(row_of(staff, "S530100000"), 6).value = date(2026, 10, 31)
        window = staff.cell(row_of(staff, "S530100001"), 4)
        staff.cell(window.row, 6).value = date(2026, 5, 31)
        staff.append(
            ["S530100001", staff.cell(window.row, 2).value, staff.cell(window.row, 3).value, "", "2026-06-01"]
        )
        staff.delete_rows(row_of(staff, "S530102000"))

    edited(book, edit)
    report = take(book, now, dry_run=True)
    assert [(one.file, one.code, one.name) for one in report.additions] == [("大厅", "H9", "新大厅")]
    (renamed, moved) = report.turns
    assert (renamed.code, renamed.column, renamed.old, renamed.new, renamed.since) == (
        BUREAU,
        "name",
        "昆明市公安局",
        "昆明市警务局",
        "2026-03-01",
    )
    assert (moved.code, moved.column, moved.new, moved.since) == ("S530100001", "window", "", "2026-06-01")
    told_of = {(one.code, one.column): (one.old, one.new) for one in report.changes}
    assert told_of == {
        (BUREAU, "valid_to"): ("", "2026-02-28"),
        ("H530102", "name"): ("五华区政务服务中心", "五华区为民中心"),
        ("S530100000", "valid_to"): ("", "2026-10-31"),
        ("S530100001", "valid_to"): ("", "2026-05-31"),
    }
    counts = report.files["机构"]
    assert (counts.new, counts.renamed, counts.ended, counts.unchanged) == (1, 1, 1, 125)
    assert report.absent["工作人员"] == ("S530102000",)
    whats = [row[2] for row in diff_table(report).rows]
    assert whats == [
        "新增",
        "更名",
        "自某日起变更",
        "终止",
        "更正",
        "终止",
        "终止",
        "文件中已没有、登记库中保留",
    ]
    assert not models.HallRecord.objects.filter(hall__code="H9").exists()
    done = take(book, now)
    assert (done.additions, done.turns, done.changes) == (report.additions, report.turns, report.changes)
    assert take(book, now).edition == 2


def test_a_long_list_is_abbreviated_and_whole_in_the_file(db, folder, now) -> None:
    report = import_registry(directory=folder.path, now=now, actor="test", dry_run=True)
    lines = summary(report)
    assert "新增 928 项：" in lines
    assert sum(line.startswith("  ") for line in lines) == SHOWN + 1
    assert f"……另有 {928 - SHOWN} 项（全部内容：--output 文件.csv、.xlsx 或 .json）" in lines[-2]
    assert sum(1 for _ in diff_table(report).rows) == 928


def test_every_mistake_is_called_by_its_cell(book, now) -> None:
    def edit(opened: openpyxl.Workbook) -> None:
        items, halls = opened["事项"], opened["大厅"]
        items["A2"], items["B3"], items["C4"] = "=A3", 115322160000000001, True
        items["C4"].data_type = "b"
        items["D5"], items["D5"].number_format = 1, "000"
        halls["B2"], halls["C3"] = "", "530999"
        halls["Z4"] = "?"

    edited(book, edit)
    problems = refused(book, now).problems
    assert [(one.file, one.cell, one.column, one.code) for one in problems] == [
        ("大厅", "B2", "name", "required"),
        ("大厅", "C3", "division", "reference"),
        ("大厅", "", "", "cells"),
        ("事项", "A2", "task_code", "formula"),
        ("事项", "B3", "handle_item", "digits"),
        ("事项", "C4", "name", "boolean"),
        ("事项", "D5", "task_type", "unknown_value"),
    ]
    assert told(problems[4]).startswith("事项!B3:handle_item “1.1532216e+17”")
    assert [row[2] for row in problem_table(problems).rows] == [one.cell for one in problems]
    assert edition() == 1


def test_the_commands_give_out_and_take_over(
    committed_db: None,
    folder,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_address())
    monkeypatch.setattr(
        import_command, "PATIENCE", 0
    )  # who waits is told how far it is, however short the wait
    book, diff, wrong = tmp_path / "r.xlsx", tmp_path / "diff.json", tmp_path / "wrong.csv"
    assert main(["import", "registry", str(folder.path)]) == 0
    assert main(["registry", "template", "--filled", "--output", str(book)]) == 0
    capsys.readouterr()
    edited(book, lambda opened: opened["大厅"].append(["H9", "新大厅", "530102"]))
    assert main(["import", "registry", str(book), "--dry-run", "--output", str(diff)]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("试运行：什么也没有写入。\n")
    assert "  大厅:17 H9 新大厅\n" in said.out
    assert "正在与登记库比较" in said.err
    (row,) = json.loads(diff.read_text("utf-8"))["diff"]
    assert (row["table"], row["what"], row["code"], row["new"]) == ("大厅", "新增", "H9", "新大厅")
    edited(book, lambda opened: opened["大厅"].__setitem__("C17", "=C16"))
    assert main(["import", "registry", str(book), "--output", str(wrong)]) == 1
    assert capsys.readouterr().out.startswith("大厅!C17:division “=C16” 单元格是公式")
    assert [row.cells[2] for row in csv_rows(wrong)] == ["cell", "C17"]
    with pytest.raises(SystemExit):
        main(["import", "registry", str(folder.path), "--output", str(book)])


def test_sheets_and_columns_may_be_called_by_their_names(book, now) -> None:
    def edit(opened: openpyxl.Workbook) -> None:
        opened["大厅"].title = "halls"
        for cell, column in zip(
            opened["halls"][1], ("code", "name", "division", "valid_from", "valid_to"), strict=False
        ):
            cell.value = column
        opened.move_sheet("halls", -3)

    edited(book, edit)
    assert take(book, now).files["halls"].unchanged == 15


def test_a_missing_sheet_and_a_wrong_title_are_told(book, now) -> None:
    def edit(opened: openpyxl.Workbook) -> None:
        del opened["窗口"]
        opened["大厅"]["B1"] = "名子"

    edited(book, edit)
    assert [(one.file, one.column, one.code) for one in refused(book, now).problems] == [
        ("大厅", "name", "column_missing"),
        ("大厅", "名子", "column_unknown"),
        ("窗口", "", "sheet_missing"),
    ]


def test_what_is_no_workbook_is_one_problem(db, now, tmp_path) -> None:
    (tmp_path / "old.xlsx").write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    (tmp_path / "text.xlsx").write_text("code,name")
    kinds = {"old.xlsx": "old_workbook", "none.xlsx": "file_missing", "text.xlsx": "not_a_workbook"}
    for name, code in kinds.items():
        (one,) = refused(tmp_path / name, now).problems
        assert (one.file, one.code) == (name, code)


def test_a_name_as_long_as_a_cell_is_refused_by_length(book, now) -> None:
    edited(book, lambda opened: opened["大厅"].__setitem__("B2", "名" * LONGEST_IN_WORKBOOK))
    assert [one.code for one in refused(book, now).problems] == ["too_long"]
