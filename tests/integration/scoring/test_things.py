"""Members of staff, windows, halls and items are scored by what was counted of them; organisations by channel as well."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from haochaping.foundation.errors import Conflict
from haochaping.policy.measures import Filter
from haochaping.policy.owed import period_of
from haochaping.policy.rulebook import Rulebook
from haochaping.registry import models as registry
from haochaping.scoring.countable import Picking
from haochaping.scoring.gathering import Asked, gather
from haochaping.scoring.models import Result, Unit
from haochaping.scoring.operations.running import RunRequest, run_scores
from haochaping.tallies.declared import FROM_ROWS
from haochaping.tallies.models import Change, Filled
from tests.orders import City, make_city

DAY = date(2025, 5, 6)
BY_CHANNEL = {"organisation": Picking(frozenset(), voice=True, staff=False, tallied=True)}


@pytest.fixture(scope="module")
def rules() -> Rulebook:
    return Rulebook.load()


@pytest.fixture
def city(db: None, now: datetime) -> City:
    for tally in FROM_ROWS:
        Filled.objects.get_or_create(pk=tally.table, defaults={"filled_at": now})
    return make_city()


def hall(city: City) -> tuple[int, int]:
    """A hall of the city, and a window of the police in it."""
    of_city, window = registry.Hall.objects.create(code="H1"), registry.Window.objects.create(code="W1")
    registry.HallRecord.objects.create(hall=of_city, name="市民中心", division_id=city.division)
    registry.WindowRecord.objects.create(
        window=window, name="1号窗口", hall=of_city, organisation_id=city.police
    )
    return of_city.id, window.id


def count(city: City, **columns: object) -> None:
    Change.objects.create(**{"organisation_id": city.police, "day": DAY} | columns)


def test_a_member_of_staff_is_scored_by_his_services_and_what_was_said_of_him(city, rules, now) -> None:
    person = registry.Staff.objects.create(code="S1")
    registry.StaffRecord.objects.create(staff=person, name="王芳", organisation_id=city.police)
    count(city, staff_id=person.id, occasions=200, times=20)
    for level, times in ((5, 17), (1, 2)):
        count(city, staff_id=person.id, staff_level=level, times=times)
    count(city, staff_id=person.id, d3=1)
    run_scores(RunRequest(city.division, "year", DAY, "test"), rulebook=rules, now=now)
    unit = Unit.objects.get(kind="staff")
    assert (unit.name, unit.of) == ("王芳", f"organisation:{city.police}")
    assert unit.beside["shares"] == {
        **{"good_active": "17/19", "bad_active": "2/19", "participation": "19/20"},
        **{"unrated_share": "0", "default_share": "1/20", "good_inclusive": "9/10"},
    }
    # 19 of 20 rated: three points. (17×10 + 2×0 + 1×6) / 20 = 8.8: five.
    result = Result.objects.get(unit=unit, score="final")
    assert (result.points, result.why, [part["value"] for part in result.parts]) == (
        "8",
        "",
        ["19/20", "44/5"],
    )


def test_windows_halls_and_items_have_their_own_figures(city, rules, now) -> None:
    where, window = hall(city)
    count(city, occasions=10, hall_id=where, window_id=window, item_id=city.item, times=10)
    count(city, n5=4, hall_id=where, window_id=window, item_id=city.item)
    count(city, n1=2, hall_id=where, item_id=city.item)
    # The same item elsewhere, and a window that nobody knows.
    count(city, organisation_id=99, n5=50, item_id=city.item, window_id=12_345)
    asked = Asked(city.division, frozenset({"organisation", "window", "hall", "item"}), rules, now)
    found = gather(asked, "year", period_of("year", DAY))
    counted = {
        unit.kind: (unit.of, int(figures.count("occasions")), int(figures.count("ratings")))
        for unit, figures in found.figures.items()
        if unit.kind not in ("organisation", "region")
    }
    assert counted == {
        "window": (f"organisation:{city.police}", 10, 4),
        "hall": (f"region:{city.division}", 10, 6),
        "item": (f"organisation:{city.police}", 10, 6),
    }


def test_organisations_and_regions_are_counted_by_channel_and_name(city, rules, now) -> None:
    count(city, occasions=20, d3=4)
    for channel, named, number in ((1, True, 3), (1, False, 2), (4, False, 6)):
        count(city, n5=number, channel=channel, named=named)
    asked = Asked(city.division, frozenset({"organisation", "region"}), rules, now)
    for unit, figures in gather(asked, "year", period_of("year", DAY), BY_CHANNEL).figures.items():
        if unit.name not in (f"organisation:{city.police}", f"region:{city.division}"):
            continue
        assert figures.count("ratings", Filter(channels=("web",))) == 5
        assert figures.count("ratings", Filter(named=False)) == 8
        assert figures.count("defaults", Filter(named=False)) == 4
        assert (figures.count("occasions"), figures.count("unrated")) == (20, 5)


def test_while_tallies_are_being_filled_nothing_is_scored(city, rules, now) -> None:
    Filled.objects.filter(pk="tallies_staffservice").delete()
    asked = RunRequest(city.division, "year", DAY, "test")
    with pytest.raises(Conflict) as refusal:
        run_scores(replace(asked, kind="quarter"), rulebook=rules, now=now)
    assert refusal.value.code == "tallies_not_filled"
