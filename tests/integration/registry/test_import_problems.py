"""Whatever is wrong is told at once, each with its place, and then nothing at all is written."""

from datetime import datetime

import pytest

from haochaping.audit.models import AuditEntry
from haochaping.registry import models
from haochaping.registry.operations import ImportProblem, ImportRefused, import_registry

pytestmark = pytest.mark.django_db

BUREAU = "11532216MB3585447A"


def refused(folder, now: datetime) -> tuple[ImportProblem, ...]:
    with pytest.raises(ImportRefused) as caught:
        import_registry(directory=folder.path, now=now, actor="test")
    assert not models.Division.objects.exists()
    assert not models.Edition.objects.exists()
    assert not AuditEntry.objects.exists()
    for one in caught.value.problems:
        assert one.reason
        assert one.remedy
    return caught.value.problems


def places(problems: tuple[ImportProblem, ...]) -> list[tuple[str, int | None, str, str]]:
    return [(one.file, one.row, one.column, one.code) for one in problems]


MISTAKES = [
    ("divisions", "53010,少一位区,530100,county,,,", "code", "form"),
    ("divisions", "530191,无级别区,530100,,,,", "level", "required"),
    ("divisions", "530192,怪级别区,530100,district,,,", "level", "unknown_value"),
    ("divisions", "530193,无上级区,530999,county,,,", "parent", "reference"),
    ("divisions", "530194,旧区,530100,county,,2020-12-31,530998", "successor", "reference"),
    ("divisions", "530195,没有止日,530100,county,,,530102", "valid_to", "no_end"),
    ("divisions", "530196,自己继任,530100,county,,2020-12-31,530196", "successor", "itself"),
    ("divisions", "530197,继任已撤,530100,county,,2020-12-31,530122", "successor", "reference_span"),
    ("divisions", "530102,五华区,530100,county,,,", "code", "duplicate"),
    ("divisions", "530115,晋宁区,530100,county,2018-01-01,,", "valid_from", "overlap"),
    ("organisations", "11532216MB3585447B,校验位,530100,department,,", "credit_code", "check_character"),
    ("organisations", "11532216mb3585447a,小写,530100,department,,", "credit_code", "form"),
    ("organisations", "11532216MB3585447A,昆明市公安局,530100,bureau,2030-01-01,", "kind", "unknown_value"),
    ("halls", "H1,在旧县,530122,2017-01-01,", "division", "reference_span"),
    ("halls", "H2,月份,530100,2026-13-01,", "valid_from", "date"),
    ("halls", "H3,斜线,530100,2026/01/01,", "valid_from", "date"),
    ("halls", "H4,二月,530100,20260228,", "valid_from", "date"),
    ("halls", "H5,倒置,530100,2026-02-01,2026-01-31", "valid_to", "span"),
    ("halls", "H 6,空格,530100,,", "code", "form"),
    ("halls", "H7,缺一格,530100,", "", "cells"),
    ("halls", "H8,多一格,530100,,,", "", "cells"),
    ("windows", f"W1,无大厅,H999,{BUREAU},,", "hall", "reference"),
    ("windows", "W2,无单位,H530100,11535863MB36169086,,", "organisation", "check_character"),
    ("windows", "W3,,H530100,11535863MB36169043,,", "name", "required"),
    ("staff", f"S1,{'名' * 101},{BUREAU},,,", "name", "too_long"),
    ("staff", f'S2,"换\n行",{BUREAU},,,', "name", "characters"),
    ("staff", f"S3,无窗口,{BUREAU},W999,,", "window", "reference"),
    (
        "items",
        f"{BUREAU}075301000099,{BUREAU}075301000099901,短码,07,{BUREAU},即办件,,",
        "task_code",
        "form",
    ),
    (
        "items",
        f"{BUREAU}0753010000099,{BUREAU}07530100000990011,长度,07,{BUREAU},即办件,,",
        "handle_item",
        "form",
    ),
    (
        "items",
        f"{BUREAU}0753010000000,{BUREAU}075301000000199,不属,07,{BUREAU},即办件,,",
        "handle_item",
        "code_family",
    ),
    (
        "items",
        f"{BUREAU}0753010000000,{BUREAU}075301000000099,类型,02,{BUREAU},即办件,,",
        "task_type",
        "unknown_value",
    ),
    (
        "items",
        f"{BUREAU}0753010000000,{BUREAU}075301000000098,件型,07,{BUREAU},1,,",
        "project_type",
        "unknown_value",
    ),
]


@pytest.mark.parametrize(("name", "row", "column", "code"), MISTAKES)
def test_each_mistake_is_told_where_it_stands(
    folder, now, name: str, row: str, column: str, code: str
) -> None:
    line = folder.add(name, row)
    assert (f"{name}.csv", line, column, code) in places(refused(folder, now))


def test_all_mistakes_are_told_at_once_and_nothing_else(folder, now) -> None:
    due, line = [], 0
    for name, row, column, code in MISTAKES:
        line = folder.add(name, row)
        due.append((f"{name}.csv", line, column, code))
    found = places(refused(folder, now))
    assert sorted(found) == sorted(due)


def test_a_wrong_row_is_no_second_problem_for_those_that_refer_to_it(folder, now) -> None:
    row = folder.replace("organisations", f"{BUREAU},昆明市公安局,530100", f"{BUREAU},昆明市公安局,5301")
    assert places(refused(folder, now)) == [("organisations.csv", row, "division", "form")]


def test_a_circle_of_parents_is_told_at_each_of_its_rows(folder, now) -> None:
    line = folder.add("divisions", "530201,甲区,530202,county,,,", "530202,乙区,530203,county,,,")
    folder.add("divisions", "530203,丙区,530201,county,2020-01-01,,", "530204,丁区,530201,county,,,")
    assert places(refused(folder, now)) == [
        ("divisions.csv", line + place, "parent", "circle") for place in range(3)
    ]


def test_parents_that_changed_places_are_no_circle(folder, now) -> None:
    folder.add(
        "divisions",
        "530201,甲区,530202,county,,2019-12-31,",
        "530202,乙区,530100,county,,2019-12-31,",
        "530201,甲区,530100,county,2020-01-01,,",
        "530202,乙区,530201,county,2020-01-01,,",
    )
    assert import_registry(directory=folder.path, now=now, actor="test").files["divisions.csv"].new == 21


def test_a_missing_file_is_named_and_the_others_are_judged_still(folder, now) -> None:
    (folder.path / "halls.csv").unlink()
    line = folder.add("items", "x")
    assert places(refused(folder, now)) == [
        ("halls.csv", None, "", "file_missing"),
        ("items.csv", line, "", "cells"),
    ]


def test_a_folder_in_the_place_of_a_file_is_told(folder, now) -> None:
    (folder.path / "halls.csv").unlink()
    (folder.path / "halls.csv").mkdir()
    assert places(refused(folder, now)) == [("halls.csv", None, "", "file_unreadable")]


def test_a_folder_that_is_not_there_is_one_problem(folder, now) -> None:
    folder.path = folder.path / "nowhere"
    assert places(refused(folder, now)) == [("nowhere", None, "", "directory_missing")]


@pytest.mark.parametrize(
    ("header", "column", "code"),
    [
        ("code,name,valid_from,valid_to", "division", "column_missing"),
        ("code,name,division,valid_from,valid_to,remark", "remark", "column_unknown"),
        ("code,name,division,valid_from,valid_to,name", "name", "column_twice"),
        ("code;name;division;valid_from;valid_to", "", "delimiter"),
        ("", "", "header_missing"),
    ],
)
def test_a_wrong_header_is_told_by_column(folder, now, header: str, column: str, code: str) -> None:
    folder.replace("halls", "code,name,division,valid_from,valid_to", header)
    assert places(refused(folder, now)) == [("halls.csv", 1, column, code)]


@pytest.mark.parametrize(
    ("encoding", "row", "hint"),
    [("gb18030", 2, "GBK"), ("utf-16", 1, "UTF-16"), ("latin-1", 2, "不是 UTF-8")],
)
def test_another_encoding_is_recognised(folder, now, encoding: str, row: int, hint: str) -> None:
    text = folder.text("halls") if encoding != "latin-1" else "code\n\u00ff\u00ff\u00ff\n"
    (folder.path / "halls.csv").write_bytes(text.encode(encoding))
    (problem,) = refused(folder, now)
    assert (problem.file, problem.row, problem.code) == ("halls.csv", row, "encoding")
    assert hint in problem.reason


def test_a_quote_that_is_never_closed_is_told_by_its_row(folder, now) -> None:
    row = folder.replace("halls", "H530102,五华", 'H530102,"五华')
    assert places(refused(folder, now)) == [("halls.csv", row, "", "csv")]


def test_a_row_after_a_cell_of_two_lines_keeps_its_line_number(folder, now) -> None:
    first = folder.add("halls", 'H1,"两\n行",530100,,', "H2,大厅,530999,,")
    found = places(refused(folder, now))
    assert found == [
        ("halls.csv", first, "name", "characters"),
        ("halls.csv", first + 2, "division", "reference"),
    ]


def test_the_message_holds_no_value(folder, now) -> None:
    folder.add("staff", f"S1,王某某,{BUREAU},W999,,")
    with pytest.raises(ImportRefused) as caught:
        import_registry(directory=folder.path, now=now, actor="test")
    assert "王某某" not in str(caught.value)


def test_a_record_of_the_registry_that_ended_is_not_overlapped(folder, now) -> None:
    folder.add("halls", "H1,中心,530100,2020-01-01,2024-12-31")
    import_registry(directory=folder.path, now=now, actor="test")
    row = folder.replace("halls", "H1,中心,530100,2020-01-01,2024-12-31", "H1,大厅,530100,2024-06-01,")
    with pytest.raises(ImportRefused) as caught:
        import_registry(directory=folder.path, now=now, actor="test")
    assert places(caught.value.problems) == [("halls.csv", row, "valid_from", "overlap")]
    assert models.HallRecord.objects.get(hall__code="H1").name == "中心"
