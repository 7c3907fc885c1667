"""The registry takes over what changes, keeps what was, and does nothing twice."""

import shutil
import tempfile
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as budget
from hypothesis import strategies as st

import haochaping.simulation
from haochaping.audit.models import AuditEntry
from haochaping.registry import models, queries
from haochaping.registry.operations import FileCounts, ImportReport, import_registry

pytestmark = pytest.mark.django_db

KUNMING = Path(haochaping.simulation.__file__).parent / "cities" / "kunming"
BUREAU = "11532216MB3585447A"
NAMES = ("divisions", "organisations", "halls", "windows", "staff", "items")
RECORDS = (
    models.DivisionRecord,
    models.OrganisationRecord,
    models.HallRecord,
    models.WindowRecord,
    models.StaffRecord,
    models.ItemRecord,
)


def everything() -> list[list[tuple[object, ...]]]:
    return [sorted(model.objects.values_list(), key=str) for model in RECORDS]


def take(folder, now: datetime, **options: bool) -> ImportReport:
    return import_registry(directory=folder.path, now=now, actor="test", **options)


def test_every_row_of_kunming_becomes_a_record(folder, now) -> None:
    report = take(folder, now)
    assert report.files == {
        "divisions.csv": FileCounts(17, 0, 0, 0, 0),
        "organisations.csv": FileCounts(126, 0, 0, 0, 0),
        "halls.csv": FileCounts(15, 0, 0, 0, 0),
        "windows.csv": FileCounts(220, 0, 0, 0, 0),
        "staff.csv": FileCounts(220, 0, 0, 0, 0),
        "items.csv": FileCounts(330, 0, 0, 0, 0),
    }
    assert [model.objects.count() for model in RECORDS] == [folder.rows(name) for name in NAMES]
    assert report.edition == queries.edition() == 1


def test_the_import_is_in_the_audit_trail_with_its_counts(folder, now) -> None:
    take(folder, now)
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.actor, entry.at) == ("registry.import", "test", now)
    assert entry.detail["files"]["items.csv"]["new"] == 330


def test_the_same_once_more_changes_nothing(folder, now) -> None:
    take(folder, now)
    before = everything()
    report = take(folder, now)
    assert everything() == before
    assert queries.edition() == 1
    assert [(one.new, one.changed, one.ended, one.absent) for one in report.files.values()] == [
        (0, 0, 0, 0)
    ] * 6
    assert sum(one.unchanged for one in report.files.values()) == 928


def test_a_dry_run_tells_and_writes_nothing(folder, now) -> None:
    report = take(folder, now, dry_run=True)
    assert report.files["staff.csv"].new == 220
    assert report.dry_run
    assert not models.Division.objects.exists()
    assert not models.Edition.objects.exists()
    assert not AuditEntry.objects.exists()


def test_jinning_has_each_name_at_its_time(folder, now) -> None:
    take(folder, now)
    tree = {
        on: {one.code: one.name for one in queries.division_tree(on)}
        for on in map(date.fromisoformat, ("2016-12-31", "2017-01-01"))
    }
    assert tree[date(2016, 12, 31)]["530122"] == "晋宁县"
    assert "530115" not in tree[date(2016, 12, 31)]
    assert tree[date(2017, 1, 1)]["530115"] == "晋宁区"
    assert "530122" not in tree[date(2017, 1, 1)]


def test_a_later_name_under_the_same_code_ends_the_one_before(folder, now) -> None:
    take(folder, now)
    old = f"{BUREAU},昆明市公安局,530100,department,2019-01-01,"
    folder.replace("organisations", old, f"{BUREAU},昆明市警务局,530100,department,2025-03-01,")
    report = take(folder, now)
    assert report.files["organisations.csv"] == FileCounts(1, 0, 1, 125, 0, 1)
    assert report.edition == 2
    number = queries.organisation_id_by_credit_code(BUREAU)
    records = models.OrganisationRecord.objects.filter(organisation_id=number).order_by("valid_from")
    assert [(one.name, one.valid_from, one.valid_to) for one in records] == [
        ("昆明市公安局", date(2019, 1, 1), date(2025, 2, 28)),
        ("昆明市警务局", date(2025, 3, 1), None),
    ]
    again = take(folder, now)
    assert again.files["organisations.csv"] == FileCounts(0, 0, 0, 126, 0)
    assert again.changes == ()


def test_an_older_file_once_more_does_not_undo_what_came_later(folder, now) -> None:
    take(folder, now)
    older = folder.text("organisations")
    old = f"{BUREAU},昆明市公安局,530100,department,2019-01-01,"
    folder.replace("organisations", old, f"{BUREAU},昆明市警务局,530100,department,2025-03-01,")
    take(folder, now)
    before = everything()
    folder.write("organisations", older)
    report = take(folder, now)
    assert report.files["organisations.csv"] == FileCounts(0, 0, 0, 126, 0)
    assert everything() == before


def test_a_correction_of_a_record_is_told_value_by_value(folder, now) -> None:
    take(folder, now)
    row = folder.replace(
        "halls", "H530102,五华区政务服务中心,530102,,", "H530102,五华区为民服务中心,530102,,"
    )
    report = take(folder, now)
    assert report.files["halls.csv"] == FileCounts(0, 1, 0, 14, 0)
    (change,) = report.changes
    assert (change.file, change.row, change.code, change.column) == ("halls.csv", row, "H530102", "name")
    assert (change.old, change.new) == ("五华区政务服务中心", "五华区为民服务中心")
    assert models.HallRecord.objects.get(hall__code="H530102").name == "五华区为民服务中心"


def test_a_last_day_ends_a_record(folder, now) -> None:
    take(folder, now)
    row = "S530100000,周勇超,11532216MB3585447A,W530100000,,"
    folder.replace("staff", row, f"{row}2026-10-31")
    assert take(folder, now).files["staff.csv"] == FileCounts(0, 0, 1, 219, 0)
    assert models.StaffRecord.objects.get(staff__code="S530100000").valid_to == date(2026, 10, 31)


def test_a_row_that_vanished_is_left_and_reported(folder, now) -> None:
    take(folder, now)
    folder.replace("staff", "S530100000,周勇超,11532216MB3585447A,W530100000,,\n", "")
    folder.replace("divisions", "530122,晋宁县,530100,county,,2016-12-31,530115\n", "")
    report = take(folder, now)
    assert report.files["staff.csv"] == FileCounts(0, 0, 0, 219, 1)
    assert report.absent["staff.csv"] == ("S530100000",)
    assert report.absent["divisions.csv"] == ()  # it had ended anyway
    assert models.StaffRecord.objects.get(staff__code="S530100000").valid_to is None
    assert report.edition == 1


def test_the_registry_of_another_city_joins_the_first(folder, now) -> None:
    take(folder, now)
    folder.write(
        "divisions",
        "code,name,parent,level,valid_from,valid_to,successor\n530300,曲靖市,530000,prefecture,,,\n",
    )
    for name in NAMES[1:]:
        folder.write(name, folder.text(name).splitlines()[0] + "\n")
    report = take(folder, now)
    assert report.files["divisions.csv"].new == 1
    (added,) = (one for one in queries.division_tree(date(2026, 1, 1)) if one.code == "530300")
    assert added.depth == 1


def test_columns_in_another_order_with_a_mark_and_blanks_are_the_same(folder, now) -> None:
    take(folder, now)
    lines = [line.split(",") for line in folder.text("halls").splitlines()]
    swapped = "\r\n".join(f" {name} , {code},{from_},{to},{place}" for code, name, place, from_, to in lines)
    folder.write("halls", "\ufeff" + swapped + "\r\n\r\n")
    assert take(folder, now).files["halls.csv"] == FileCounts(0, 0, 0, 15, 0)


DAYS = st.integers(0, 400).map(lambda n: date.fromordinal(date(2024, 1, 1).toordinal() + n))


@st.composite
def histories(draw: st.DrawFn) -> list[str]:
    """Rows of one hall's history: names at times that follow one another."""
    edges = sorted(draw(st.lists(DAYS, min_size=1, max_size=4, unique=True)))
    names = [draw(st.sampled_from(["中心", "大厅", "服务站"])) for _ in edges]
    ends = [date.fromordinal(edge.toordinal() - 1).isoformat() for edge in edges[1:]] + [""]
    return [f"H1,{name},530100,{start},{end}" for name, start, end in zip(names, edges, ends, strict=True)]


@budget(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(first=histories(), split=st.integers(1, 4))
def test_a_history_that_comes_in_parts_is_the_same_as_at_once(
    first: list[str], split: int, now: datetime
) -> None:
    header = "code,name,division,valid_from,valid_to"
    with tempfile.TemporaryDirectory() as place:
        path = Path(place)
        for name in NAMES:
            shutil.copy(KUNMING / f"{name}.csv", path)
        for name in ("windows", "staff", "items"):  # a hall's history asks for none of them
            (path / f"{name}.csv").write_text(
                (path / f"{name}.csv").read_text("utf-8").splitlines()[0] + "\n", "utf-8"
            )

        def hall(rows: list[str]) -> list[tuple[object, ...]]:
            (path / "halls.csv").write_text("\n".join([header, *rows]) + "\n", "utf-8")
            import_registry(directory=path, now=now, actor="test")
            found = models.HallRecord.objects.filter(hall__code="H1").order_by("valid_from")
            return list(found.values_list("name", "valid_from", "valid_to"))

        earlier = first[:split]
        models.HallRecord.objects.filter(hall__code="H1").delete()
        # What is known at first has an open end: that it ends, the rows that follow tell.
        hall([*earlier[:-1], earlier[-1].rpartition(",")[0] + ","])
        in_parts = hall(first[split:] or first)
        assert hall(first) == in_parts
        assert hall(first) == in_parts
        models.HallRecord.objects.filter(hall__code="H1").delete()
        assert hall(first) == in_parts
