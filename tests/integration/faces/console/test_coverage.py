"""The pages of coverage: for officers of the authority, as far as their division reaches, and as files."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest
from django.test import Client

from haochaping.accounts.rules import Role
from haochaping.foundation.sheets.csv_reading import csv_rows
from haochaping.foundation.sheets.workbook_reading import Workbook
from haochaping.registry import models as registry
from tests.orders import City, make_official

COVERAGE = "/console/coverage/"
POLICE = "11532216MB3585447A"
FORMULA = "=HYPERLINK(A1)"


@pytest.fixture
def officer(city: City, now: datetime, signed_in: Callable[[UUID], Client]) -> Client:
    """Looks after the whole city."""
    return signed_in(make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER))


def items(city: City, number: int) -> None:
    for place in range(number):
        item = registry.Item.objects.create(handle_item=f"{POLICE}2053010000{place:03d}01")
        registry.ItemRecord.objects.create(
            item=item,
            task_code="",
            name=FORMULA,
            task_type="20",
            organisation_id=city.police,
            project_type="1",
        )


def test_gaps_are_counted_by_organisation_and_listed_by_name(officer, city) -> None:
    page = officer.get(COVERAGE).content.decode()
    assert "昆明市公安局" in page
    assert "五华区人力资源和社会保障局" not in page  # offers nothing, lacks nothing
    assert "五华区人力资源和社会保障局" in officer.get(COVERAGE + "?show=all&days=30&page=9").content.decode()
    one = officer.get(f"{COVERAGE}{POLICE}/").content.decode()
    assert "户口迁移" in one
    assert "覆盖率0.0%" in one
    assert "移动端" in officer.get(f"{COVERAGE}{POLICE}/?kind=channel").content.decode()
    assert "登记库中没有这一类" in officer.get(f"{COVERAGE}{POLICE}/?kind=staff").content.decode()


def test_a_long_list_comes_in_pages(officer, city) -> None:
    items(city, 60)
    first = officer.get(f"{COVERAGE}{POLICE}/").content.decode()
    assert "第1页，共2页" in first
    assert "?days=90&amp;kind=item&amp;page=2" in first
    assert officer.get(f"{COVERAGE}{POLICE}/?kind=item&page=2").content.decode().count(FORMULA) == 11


def test_the_files_hold_everything_as_text(officer, city, tmp_path: Path) -> None:
    items(city, 60)
    for form in ("xlsx", "csv"):
        answer = officer.get(f"{COVERAGE}export/{form}/?organisation={POLICE}")
        assert answer["Content-Disposition"] == f'attachment; filename="coverage.{form}"'
        (tmp_path / f"a.{form}").write_bytes(b"".join(answer.streaming_content))
    with Workbook(tmp_path / "a.xlsx") as workbook:
        rows = [row.cells for row in workbook.rows("覆盖缺口")]
    assert len(rows) == 1 + 61 + 2
    assert sum(row[4] == FORMULA for row in rows) == 60
    assert rows == [row.cells for row in csv_rows(tmp_path / "a.csv")]
    assert officer.get(f"{COVERAGE}export/pdf/").status_code == 404


def test_it_is_for_officers_and_as_far_as_they_reach(officer, browser, city, now, signed_in) -> None:
    for address in (COVERAGE, f"{COVERAGE}{POLICE}/", f"{COVERAGE}export/xlsx/"):
        assert browser.get(address).status_code == 403
        assert Client().get(address).status_code == 302
    for code in ("11539436MB36597999", "%00", "昆明"):
        assert officer.get(f"{COVERAGE}{code}/").status_code == 404
    office = registry.OrganisationRecord.objects.get(organisation_id=city.county)
    registry.OrganisationRecord.objects.filter(pk=office.pk).update(kind="authority")
    narrow = signed_in(make_official(city.county, now, "county", Role.AUTHORITY_OFFICER))
    assert narrow.get(f"{COVERAGE}{POLICE}/").status_code == 404
    assert narrow.get(f"{COVERAGE}export/csv/?organisation={POLICE}").status_code == 404
    assert "没有缺口：" in narrow.get(COVERAGE).content.decode()


def test_nothing_registered_is_said(officer, city) -> None:
    registry.OrganisationRecord.objects.update(valid_to="2020-01-01")
    assert "没有登记的机构" in officer.get(COVERAGE).content.decode()
