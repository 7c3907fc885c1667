"""What static codes are of: who answers for it, and whether the rules rate it without a case."""

from datetime import date
from pathlib import Path

import pytest

from haochaping.cases.static_code import StaticCode
from haochaping.cases.static_places import WhyNot, place_of, places, ruled, why_not
from haochaping.policy.rulebook import Rulebook
from haochaping.registry.directory import Directory
from tests.unit.policy.samples import laid_down

DAY, ENDED = date(2026, 11, 30), date(2026, 6, 30)
CITY, COUNTY, TOWNSHIP, BARE = 1, 2, 3, 4
CITY_AUTHORITY, BUREAU, HOTLINE, PORTAL, COUNTY_AUTHORITY = 11, 12, 13, 14, 15


def directory(*halls: tuple[object, ...]) -> Directory:
    return Directory(
        edition=1,
        divisions=[
            (None, None, CITY, "999100", "某市", "prefecture", None, None),
            (None, None, COUNTY, "999101", "某区", "county", CITY, None),
            (None, None, TOWNSHIP, "999101001000", "某街道", "township", COUNTY, None),
            (None, None, BARE, "998100", "别市", "prefecture", None, None),
        ],
        organisations=[
            (None, None, CITY_AUTHORITY, "A1", "市政务局", CITY, "999100", "authority"),
            (None, None, BUREAU, "B1", "人社局", CITY, "999100", "department"),
            (None, None, HOTLINE, "C1", "12345热线", CITY, "999100", "hotline"),
            (None, None, PORTAL, "D1", "一网通办", BARE, "998100", "platform"),
            (date(2026, 7, 1), None, COUNTY_AUTHORITY, "A2", "区政务局", COUNTY, "999101", "authority"),
        ],
        halls=halls or [(None, None, 21, "H1", "市政务大厅", CITY, "999100", "government_hall")],
        windows=[
            (None, None, 31, "W1", "1号窗口", 21, BUREAU),
            (None, ENDED, 32, "W2", "2号窗口", 21, BUREAU),
        ],
        staff=[],
        items=[(None, None, 41, "I1", "社保卡申领", "T1", "07", BUREAU, "即办件")],
    )


def hall(
    division: int, code: str, organisation: int | None = None, *, number: int = 21
) -> tuple[object, ...]:
    return (None, None, number, f"H{number}", "大厅", division, code, "", organisation)


def test_each_with_its_place_and_who_answers_for_it() -> None:
    found = {place.of.subject: place for place in places(directory(), DAY) if place.code != "D1"}
    told = {
        subject: (
            place.code,
            place.division_id,
            place.organisation_id,
            place.hall_id,
            place.window_id,
            place.item_id,
        )
        for subject, place in found.items()
    }
    assert told == {
        "window": ("W1", CITY, BUREAU, 21, 31, None),
        "hall": ("H1", CITY, CITY_AUTHORITY, 21, None, None),
        "platform": ("C1", CITY, HOTLINE, None, None, None),
        "guide": ("I1", CITY, BUREAU, None, None, 41),
    }


@pytest.mark.parametrize(
    ("where", "day", "who"),
    [
        (hall(CITY, "999100", BUREAU), DAY, BUREAU),  # the registry tells
        (hall(TOWNSHIP, "999101001000"), DAY, COUNTY_AUTHORITY),  # the nearest above
        (hall(TOWNSHIP, "999101001000"), ENDED, CITY_AUTHORITY),  # before there was one in the county
        (hall(BARE, "998100"), DAY, None),
        (hall(CITY, "999100", 99), DAY, CITY_AUTHORITY),
        (hall(CITY, "999100", COUNTY_AUTHORITY), ENDED, CITY_AUTHORITY),  # not yet there
        (hall(77, "997100"), DAY, None),
    ],
)
def test_who_answers_for_a_hall(where: tuple[object, ...], day: date, who: int | None) -> None:
    place = place_of(StaticCode("hall", 21), directory(where), day)
    assert place is not None
    assert place.organisation_id == who


@pytest.mark.parametrize(
    "of",
    [
        StaticCode("window", 32),
        *(StaticCode(subject, 99) for subject in ("window", "hall", "platform", "guide")),
        StaticCode("platform", BUREAU),
    ],
)
def test_what_is_over_unknown_or_something_else_is_not_there(of: StaticCode) -> None:
    assert place_of(of, directory(), DAY) is None


def test_a_division_in_itself_ends_the_search() -> None:
    circle = Directory(
        edition=1,
        divisions=[
            (None, None, 1, "999100", "甲", "prefecture", 2, None),
            (None, None, 2, "999101", "乙", "county", 1, None),
        ],
        organisations=[],
        halls=[hall(1, "999100")],
        windows=[],
        staff=[],
        items=[],
    )
    place = place_of(StaticCode("hall", 21), circle, DAY)
    assert place is not None
    assert place.organisation_id is None
    assert ruled(place, circle, DAY) is None


@pytest.fixture
def book(tmp_path: Path) -> Rulebook:
    folder = tmp_path / "jurisdictions" / "sample"
    folder.mkdir(parents=True)
    (folder / "profile.toml").write_text(laid_down(subjects=NAMED), encoding="utf-8")
    return Rulebook.load(tmp_path)


NAMED = '[{ subject = "item" }, { subject = "hall" }, { subject = "window", needs_case = true }]'


@pytest.mark.parametrize(
    ("of", "why"),
    [
        (StaticCode("hall", 21), None),
        (StaticCode("window", 31), WhyNot.NEEDS_CASE),
        (StaticCode("guide", 41), WhyNot.NOT_NAMED),
        (StaticCode("platform", PORTAL), WhyNot.NO_RULES),
    ],
)
def test_the_rules_say_whether(book: Rulebook, of: StaticCode, why: WhyNot | None) -> None:
    memory = directory()
    place = place_of(of, memory, DAY)
    assert place is not None
    assert why_not(place, memory, book, day=DAY, channel="qr") is why


def test_where_nobody_answers_nothing_is_rated(book: Rulebook) -> None:
    memory = directory(hall(BARE, "998100"))
    place = place_of(StaticCode("hall", 21), memory, DAY)
    assert place is not None
    assert why_not(place, memory, book, day=DAY, channel="qr") is WhyNot.NOBODY


def test_the_rules_see_what_it_is_of() -> None:
    memory = directory()
    place = place_of(StaticCode("guide", 41), memory, DAY)
    assert place is not None
    occasion = ruled(place, memory, DAY)
    assert occasion is not None
    assert (occasion.occasion.subject, occasion.occasion.item, occasion.accepted_day) == ("guide", "I1", None)
