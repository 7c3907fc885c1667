"""Corrections of past days as a page and as files: what moved, on which day, why, and whom it is shown."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.test import Client

from haochaping.accounts.rules import Role
from haochaping.foundation.clock import local_day
from haochaping.publication.operations.publishing import publish_ranking
from haochaping.tallies.models import Change, CorrectionDay
from haochaping.tallies.operations import fold
from haochaping.tallies.rules import Correction
from tests.integration.publication.test_publications import signed
from tests.orders import City, make_official

PATH = "/console/corrections/"
DAY = date(2025, 5, 6)


@pytest.fixture
def officer(city: City, now: datetime) -> UUID:
    return make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER)


@pytest.fixture
def desk(signed_in: Callable[[UUID], Client], officer: UUID) -> Client:
    return signed_in(officer)


def counted(organisation: int, *, day: date = DAY, why: Correction | None = None, **measures: int) -> None:
    Change.objects.create(organisation_id=organisation, day=day, why=int(why or 0), **measures)


def noted(organisation: int, on: date, why: Correction, *, day: date = DAY, **measures: int) -> None:
    """As the fold of that day left it."""
    nothing = dict.fromkeys(("occasions", "late", *(f"{kind}{n}" for kind in "nd" for n in range(1, 6))), 0)
    CorrectionDay.objects.create(
        organisation_id=organisation, day=day, noted_on=on, why=int(why), **(nothing | measures)
    )


def text(client: Client, path: str = PATH, **asked: str) -> str:
    return client.get(path, asked).content.decode()


def test_what_moved_is_shown_with_what_was_counted_before_and_after(
    desk: Client, city: City, now: datetime
) -> None:
    assert "近30天没有更正" in text(desk)
    counted(city.police, occasions=10, n5=6, n1=2, d3=1)
    counted(city.police, why=Correction.COUNTED_OUT, n1=-1, occasions=-1)
    counted(city.county, why=Correction.LATE_AFTER_ALL, occasions=-2, late=2)
    # What came to nothing, and what was changed on the day of the service itself, corrects no past day.
    counted(city.county, why=Correction.CORRECTED, n5=1)
    counted(city.county, why=Correction.CORRECTED, n5=-1)
    counted(city.police, day=local_day(now), why=Correction.TAKEN_BACK, n5=-1)
    for _folded in range(2):
        page = text(desk)
        assert "不满意 2 → 1（−1）" in page
        assert "办件服务 10 → 9（−1）" in page
        assert "经两人决定不予采纳" in page
        assert "迟报 0 → 2（+2）" in page
        assert "业务系统更正后属于迟报" in page
        assert "评价人更正了评价" not in page
        assert "撤回了评价" not in page
        fold(limit=100)
    english = desk.get(PATH, headers={"accept-language": "en"}).content.decode()
    assert "Counted out by decision of two" in english


def test_each_is_held_against_what_was_corrected_later(desk: Client, city: City, now: datetime) -> None:
    today = local_day(now)
    counted(city.police, occasions=10, n5=7, n1=2)
    noted(city.police, today - timedelta(days=9), Correction.COUNTED_OUT, n1=-1)
    noted(city.police, today - timedelta(days=3), Correction.COUNTED_AGAIN, n1=1)
    noted(city.police, today - timedelta(days=1), Correction.CORRECTED, n5=-1, n1=1)
    page = text(desk)
    places = [page.index(f"非常不满意 {each}") for each in ("1 → 2（+1）", "0 → 1（+1）", "1 → 0（−1）")]
    assert places == sorted(places)
    assert "非常满意 8 → 7（−1）" in page


def test_it_is_narrowed_in_its_address_paged_by_key_and_taken_along(
    desk: Client, city: City, now: datetime
) -> None:
    today = local_day(now)
    for number in range(51):
        day = DAY + timedelta(days=number)
        noted(city.police, today - timedelta(days=1), Correction.TAKEN_BACK, day=day, n5=-1)
    noted(city.county, today - timedelta(days=40), Correction.RATED_AFTER_ALL, d3=-1)
    page = text(desk)
    assert page.count("评价人撤回了评价") == 50
    address = page.split("&amp;after=")[1].split('"')[0]
    rest = text(desk, after=address)
    assert rest.count("评价人撤回了评价") == 1
    assert DAY.isoformat() in rest
    assert "默认评价以后又有评价" not in page + rest
    assert "没有符合这些条件的更正" in text(desk, unit=str(city.county), **{"from": today.isoformat()})
    assert "基本满意" not in text(desk, unit=str(city.county))
    assert "默认评价：基本满意 1 → 0（−1）" in text(desk, unit=str(city.county), to=today.isoformat())
    assert text(desk, day=DAY.isoformat()).count("评价人撤回了评价") == 1
    assert text(desk, after="no place", unit="x", day="2026-99-99").count("评价人撤回了评价") == 50
    answer = desk.get(PATH + "export.csv", {"unit": city.police})
    lines = b"".join(answer.streaming_content).decode("utf-8-sig").splitlines()  # type: ignore[attr-defined]
    assert len(lines) == 52
    assert lines[0] == '"更正日期","单位","服务日期","原因","数量","更正前","更正后","增减","涉及的公布"'
    as_json = desk.get(PATH + "export.json", {"unit": city.police})
    rows = as_json.streaming_content  # type: ignore[attr-defined]
    assert b"".join(rows).decode().count("评价人撤回了评价") == 51
    assert desk.get(PATH + "export.xml").status_code == 404


def test_nobody_sees_the_corrections_of_where_he_sits_and_the_rated_none(
    desk: Client, browser: Client, signed_in: Callable[[UUID], Client], city: City, now: datetime
) -> None:
    counted(city.authority, why=Correction.TAKEN_BACK, n5=-1)
    assert "评价人撤回了评价" not in text(desk)
    assert f'value="{city.authority}"' not in text(desk)
    assert "评价人撤回了评价" not in text(desk, unit=str(city.authority))
    exported = desk.get(PATH + "export.csv", {"unit": city.authority})
    assert "撤回" not in b"".join(exported.streaming_content).decode()  # type: ignore[attr-defined]
    assert browser.get(PATH).status_code == 403
    staff = signed_in(make_official(city.police, now, "window", Role.WINDOW_STAFF))
    assert staff.get(PATH).status_code == 403
    assert staff.get(PATH + "export.csv").status_code == 403


def test_publications_that_it_would_change_are_named_until_they_are_corrected(
    desk: Client, city: City, officer: UUID, now: datetime
) -> None:
    counted(city.police, occasions=100, n5=90, n1=10)
    before = publish_ranking(run=signed(city, now), official_id=officer, now=now)
    noted(city.police, local_day(now) - timedelta(days=1), Correction.COUNTED_OUT, n1=-1)  # was in it already
    assert before not in text(desk)
    counted(city.police, why=Correction.COUNTED_OUT, n1=-1, occasions=-1)
    assert f'href="/publications/{before}"' in text(desk)
    counted(city.police, day=date(2024, 5, 6), why=Correction.COUNTED_OUT, n1=-1)  # of another year
    assert text(desk).count(f'href="/publications/{before}"') == 1
    after = publish_ranking(run=signed(city, now), official_id=officer, now=now)
    page = text(desk)
    assert before not in page
    assert after in page
