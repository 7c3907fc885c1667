"""Rows that were not taken go back masked, are corrected by hand, and come in again whole."""

import csv
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from django.db import connection

from haochaping.cli.main import main
from haochaping.foundation.sheets.workbook_writing import write_workbook
from haochaping.foundation.sheets.writing import Column, Table, write_csv
from tests.integration.intake.importing.conftest import Operator, dump, stored
from tests.integration.intake.importing.test_sample_files import rows_of
from tests.reporting import sample_lines

pytestmark = pytest.mark.usefixtures("at_reception")

PEOPLE = (
    ("欧阳翠花", "530102198001011237", "13888887777"),
    ("阿卜杜热合曼·买买提", "530102197505050017", "13900001111"),
    ("王小伟", "530102199002020018", "13800002222"),
    ("李娜", "530102198503030019", "13700003333"),
    ("昆明翠湖商贸有限公司", "530102199512120011", "13600004444"),
    ("赵一曼", "530102198811110012", "13500005555"),
)


def right() -> list[dict[str, str]]:
    """Six records as they should be."""
    record = json.loads(sample_lines()[0])
    found = []
    for number, (name, document, phone) in enumerate(PEOPLE):
        people = {"userName": name, "certKey": _checked(document), "mobile": phone, "userPageType": "111"}
        found.append(
            record | people | {"projectNo": f"IMP{number}", "备注": f"{name}，电话{phone}，住翠湖边"}
        )
    return found


def _checked(document: str) -> str:
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return (
        document[:17] + "10X98765432"[sum(int(d) * w for d, w in zip(document, weights, strict=False)) % 11]
    )


# What is wrong with each of the six, and how the department mends it.
WRONG: tuple[dict[str, str], ...] = (
    {"certKey": "530102198001011230"},
    {"taskName": "不在事项库的事项"},
    {"serviceNumber": "0"},
    {"userName": "无"},
    {"acceptDate": "2026/10/5"},
    {"promiseTime": "2"},
)
VERDICTS = ["rejected", "quarantined", "rejected", "quarantined", "rejected", "conflicting"]


def mended(rows: list[dict[str, str]]) -> list[dict[str, str]]:
    """The wrong cells typed anew, all others left as they came: masked."""
    good = right()
    return [row | {name: good[place][name] for name in WRONG[place]} for place, row in enumerate(rows)]


def save_ndjson(path: Path, rows: list[dict[str, str]]) -> None:
    path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")


def save_csv(path: Path, rows: list[dict[str, str]]) -> None:
    names = list(rows[0])
    write_csv(path, Table("x", [Column(name) for name in names], [[row[n] for n in names] for row in rows]))


def save_xlsx(path: Path, rows: list[dict[str, str]]) -> None:
    names = list(rows[0])
    table = Table("x", [Column(name) for name in names], [[row.get(n, "") for n in names] for row in rows])
    write_workbook(path, [table])


@pytest.mark.parametrize(("kind", "save"), [("ndjson", save_ndjson), ("csv", save_csv), ("xlsx", save_xlsx)])
def test_corrected_rows_come_in_whole_and_no_file_names_anybody(
    operator: Operator, kind: str, save: Callable[[Path, list[dict[str, str]]], None]
) -> None:
    good = right()
    held = operator.file("held.ndjson", json.dumps(good[5], ensure_ascii=False))
    assert operator.types(held).code == 0
    wrong = [record | change for record, change in zip(good, WRONG, strict=True)]
    file = operator.folder / f"a.{kind}"
    save(file, wrong)
    said = operator.types(file)
    assert said.code == 3
    path = Path(said.answer["error_file"])
    assert path == operator.folder / f"a.errors.{kind}"
    errors = rows_of(path)
    assert [row["#verdict"] for row in errors] == VERDICTS
    assert errors[0]["projectNo"] == "IMP0"  # what is nobody's name is shown
    assert errors[0]["taskName"] == good[0]["taskName"]
    _names_nobody(operator, path, said.beside)

    save(path, mended(errors))
    said = operator.types(path)
    assert (said.code, said.answer["error_file"]) == (0, None), rows_of(
        operator.folder / f"a.errors-2.{kind}"
    )
    assert "corrected rows that come back" in said.beside
    assert (said.answer["counts"]["accepted"], said.answer["counts"]["repeated"]) == (5, 1)
    # Equal to the last character: the right records sent anew are known.
    again = operator.file("again.ndjson", "\n".join(json.dumps(each, ensure_ascii=False) for each in good))
    assert operator.types(again).answer["counts"]["repeated"] == 6


def _names_nobody(operator: Operator, path: Path, said: str) -> None:
    files = [path, *(each for each in (operator.data / "imports").rglob("*") if each.is_file())]
    assert len(files) > 3
    for file in files:
        assert file.stat().st_mode & 0o777 == 0o600
        text = _unpacked(file)
        for name, document, phone in PEOPLE:
            shown = {private for private in (name, document[:17], phone, name[-2:]) if private in text + said}
            assert shown - {"公司"} == set(), file


def _unpacked(file: Path) -> str:
    if file.suffix == ".xlsx":
        return json.dumps(rows_of(file), ensure_ascii=False)
    return file.read_text(encoding="utf-8")


def test_what_is_still_masked_or_sealed_elsewhere_is_not_taken(operator: Operator) -> None:
    good = right()
    file = operator.folder / "a.csv"
    save_csv(file, [record | WRONG[0] for record in good])
    path = Path(operator.types(file).answer["error_file"])
    rows = [row | {"certKey": record["certKey"]} for row, record in zip(rows_of(path), good, strict=True)]
    rows[0]["#sealed"] = ""
    rows[1]["#sealed"] = rows[2]["#sealed"]
    rows[2]["#line"] = rows[3]["#line"]
    rows[3]["userName"] = rows[3]["userName"].replace("*", "伟*", 1)
    save_csv(path, rows)
    said = operator.types(path)
    assert said.answer["counts"]["accepted"] == 2
    left = rows_of(operator.folder / "a.errors-2.csv")
    assert [(row["#line"], row["#verdict"]) for row in left] == [(str(n), "rejected") for n in (2, 3, 4, 5)]
    assert {row["#code"].split("; ")[0] for row in left} == {"still_masked"}
    assert left[3]["#field"] == "userName"
    assert stored() == 2


def test_a_corrected_file_is_never_written_over(operator: Operator) -> None:
    file = operator.folder / "a.csv"
    save_csv(file, [record | WRONG[0] for record in right()])
    there = operator.file("a.errors.csv", "corrected by hand")
    said = operator.types(file)
    assert (said.code, said.answer) == (1, {})
    assert "somebody may have corrected it" in said.beside
    assert there.read_text() == "corrected by hand"
    said = operator.types(file, "--errors", str(operator.folder / "b.xlsx"))
    assert (said.code, len(rows_of(operator.folder / "b.xlsx"))) == (3, 6)


def test_a_dry_run_tells_the_same_and_leaves_nothing(operator: Operator) -> None:
    # Something is there before: the keys of the year as well, which whoever starts first makes.
    assert operator.types(operator.file("held.ndjson", sample_lines()[0])).code == 0
    shutil.rmtree(operator.data / "imports")
    file = operator.file("a.ndjson", "\n".join(sample_lines()))
    before = dump()
    errors = operator.folder / "judged.csv"
    judged = operator.types(file, "--dry-run", "--call-rows", "40", "--errors", str(errors))
    assert dump() == before
    assert not (operator.data / "imports").exists()
    assert judged.answer["dry_run"]
    done = operator.types(file)
    assert judged.answer["counts"] == done.answer["counts"]
    assert (judged.code, done.code) == (3, 3)

    def told(path: Path) -> list[tuple[str, str, str]]:
        rows = rows_of(path)
        return sorted((row["#line"], row["#verdict"], row["#field"]) for row in rows)

    assert told(errors) == told(operator.folder / "a.errors.ndjson")


def test_csv_of_the_error_file_opens_in_a_spreadsheet_without_formulas(operator: Operator) -> None:
    record = right()[0] | WRONG[0] | {"userName": "=HYPERLINK(1)", "备注": "+8613800001111", "orgName": "@x"}
    file = operator.folder / "a.csv"
    save_csv(file, [record])
    path = Path(operator.types(file).answer["error_file"])
    with path.open(encoding="utf-8-sig", newline="") as text:
        assert not any(cell[:1] in "=+-@\t" for row in csv.reader(text) for cell in row if cell)


def test_a_department_with_titles_and_codes_of_its_own(operator: Operator) -> None:
    """Error files have the fields' names and the values as they were sent, so that the same dialect reads them again."""
    dialect = operator.file(
        "d.toml",
        'format = 1\nabout = "科室台账"\n[columns]\n"办件编号" = "projectNo"\n"姓名" = "userName"\n'
        '[occasions.codes.promiseTime]\n1 = "2"\n2 = "1"\n',
    )
    assert main(["client", "dialect", "set", operator.key, str(dialect), "--data", str(operator.data)]) == 0
    sent = [
        {("办件编号" if n == "projectNo" else "姓名" if n == "userName" else n): v for n, v in r.items()}
        for r in right()
    ]
    file = operator.folder / "a.csv"
    save_csv(file, [sent[0] | {"userProp": "8"}, sent[1], sent[2] | {"promiseTime": "7"}])
    path = Path(operator.types(file).answer["error_file"])
    rows = rows_of(path)
    assert [(row["projectNo"], row["promiseTime"], row["#code"]) for row in rows] == [
        ("IMP0", "1", "unknown_code"),
        ("IMP2", "7", "not_in_dialect"),
    ]
    save_csv(path, [rows[0] | {"userProp": "2"}, rows[1] | {"promiseTime": "1"}])
    assert operator.types(path).answer["counts"]["accepted"] == 2
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(DISTINCT dialect_id), count(*) FROM cases_occasionversion WHERE dialect_id IS NOT NULL"
        )
        assert cursor.fetchone() == (1, 3)
