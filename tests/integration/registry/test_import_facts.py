"""What rules are chosen by: columns that a file may have or not, dated like the rest, unknown where nobody says it."""

from datetime import date, datetime

import pytest

from haochaping.registry import queries
from haochaping.registry.operations import ImportRefused, ImportReport, import_registry

pytestmark = pytest.mark.django_db

BUREAU, TODAY = "11532216MB3585447A", date(2026, 11, 23)


def take(folder, now: datetime) -> ImportReport:
    return import_registry(directory=folder.path, now=now, actor="test")


def line(day: date = TODAY) -> str:
    found = queries.directory().organisation(BUREAU, day)
    assert found is not None
    return found.department


def kind() -> str:
    found = queries.directory().hall("H530102", TODAY)
    assert found is not None
    return found.kind


def changed(report: ImportReport) -> list[tuple[str, str, str, str]]:
    return [(one.code, one.column, one.old, one.new) for one in report.changes]


def test_without_the_columns_nothing_is_known(folder, now) -> None:
    take(folder, now)
    assert (line(), kind()) == ("", "")


def test_with_them_they_are_known_and_told_as_a_correction(folder, now) -> None:
    take(folder, now)
    folder.describe("organisations", "department", **{BUREAU: "public_security"})
    folder.describe("halls", "kind", H530102="own_hall")
    assert changed(take(folder, now)) == [
        (BUREAU, "department", "", "public_security"),
        ("H530102", "kind", "", "own_hall"),
    ]
    assert (line(), kind()) == ("public_security", "own_hall")
    again = take(folder, now)
    assert changed(again) == []
    assert again.edition == 2


def test_a_file_without_the_column_leaves_what_is_known(folder, now) -> None:
    plain = folder.text("organisations")
    folder.describe("organisations", "department", **{BUREAU: "public_security"})
    take(folder, now)
    folder.write("organisations", plain)
    assert take(folder, now).edition == 1
    assert line() == "public_security"
    # Corrected otherwise, and renamed, it stays what it is.
    folder.replace("organisations", f"{BUREAU},昆明市公安局", f"{BUREAU},昆明市公安总局")
    take(folder, now)
    renamed = f"{BUREAU},昆明市警务局,530100,department,2025-03-01,"
    folder.replace("organisations", f"{BUREAU},昆明市公安总局,530100,department,2019-01-01,", renamed)
    take(folder, now)
    assert (line(date(2025, 2, 28)), line()) == ("public_security", "public_security")
    assert take(folder, now).edition == 3


def test_an_empty_cell_takes_it_back(folder, now) -> None:
    plain = folder.text("organisations")
    folder.describe("organisations", "department", **{BUREAU: "public_security"})
    take(folder, now)
    folder.write("organisations", plain)
    folder.describe("organisations", "department")
    assert changed(take(folder, now)) == [(BUREAU, "department", "public_security", "")]
    assert line() == ""


def test_a_line_has_its_days_like_a_name(folder, now) -> None:
    take(folder, now)
    folder.describe("organisations", "department", **{BUREAU: "public_security"})
    row = f"{BUREAU},昆明市公安局,530100,department,"
    ended = f"{row}2019-01-01,2026-06-30,public_security\n{row}2026-07-01,,emergency"
    folder.replace("organisations", f"{row}2019-01-01,,public_security", ended)
    take(folder, now)
    assert (line(date(2026, 6, 30)), line(date(2026, 7, 1))) == ("public_security", "emergency")


@pytest.mark.parametrize(
    ("name", "column", "code", "value", "fault"),
    [
        ("organisations", "department", BUREAU, "人社", "form"),
        ("organisations", "department", BUREAU, "HRSS", "form"),
        ("halls", "kind", "H530102", "大厅", "unknown_value"),
    ],
)
def test_a_wrong_word_is_refused(
    folder, now, name: str, column: str, code: str, value: str, fault: str
) -> None:
    folder.describe(name, column, **{code: value})
    with pytest.raises(ImportRefused) as refused:
        take(folder, now)
    (one,) = refused.value.problems
    assert (one.file, one.column, one.value, one.code) == (f"{name}.csv", column, value, fault)
    assert queries.edition() == 0


def test_a_missing_column_is_no_problem_and_a_strange_one_tells_of_it(folder, now) -> None:
    folder.describe("halls", "sort")
    with pytest.raises(ImportRefused) as refused:
        take(folder, now)
    (one,) = refused.value.problems
    assert one.code == "column_unknown"
    assert "kind" in one.remedy


def test_a_station_of_a_township_has_a_division_of_twelve_digits(folder, now) -> None:
    folder.add("divisions", "530102001000,华山街道,530102,township,,,")
    folder.add("halls", "H530102001,华山街道便民服务中心,530102001000,,")
    folder.describe("halls", "kind", H530102001="station")
    take(folder, now)
    memory = queries.directory()
    asked = {
        "division_id": memory.division_id("530102000000"),
        "organisation_id": memory.organisation_id(BUREAU),
        "hall_id": memory.hall("H530102001", TODAY).id,
        "item_id": None,
        "day": TODAY,
    }
    told = queries.situation(**asked)
    assert told == memory.situation(**asked)
    assert (told.division, told.place) == ("530102001000", "station")
    assert memory.division("530102001000", TODAY).name == "华山街道"


def test_who_answers_for_a_hall_is_told_dated_and_taken_back(folder, now) -> None:
    def answers() -> str:
        memory = queries.directory()
        found = memory.responsible_for(memory.hall("H530102", TODAY), TODAY)
        return found.code if found else ""

    take(folder, now)
    plain, authority = folder.text("halls"), answers()
    assert authority  # that of its division, where nobody is told
    folder.describe("halls", "organisation", H530102=BUREAU)
    assert changed(take(folder, now)) == [("H530102", "organisation", "", BUREAU)]
    assert answers() == BUREAU
    folder.write("halls", plain)
    take(folder, now)
    assert answers() == BUREAU
    folder.describe("halls", "organisation")
    take(folder, now)
    assert answers() == authority


def test_who_answers_for_a_hall_must_be_there(folder, now) -> None:
    unknown = "11530100MB0000003K"
    folder.describe("halls", "organisation", H530102=unknown)
    with pytest.raises(ImportRefused) as refused:
        take(folder, now)
    assert {(one.file, one.column) for one in refused.value.problems} == {("halls.csv", "organisation")}
