"""A score run: what Kunming's article 14 makes of a year, counted by hand; the same again; what cannot be; what changed."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest
from django.db import connection

from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from haochaping.cases.models import ServiceOccasion, Waiting
from haochaping.foundation.errors import Conflict, NotAllowed, NotFound, Refused
from haochaping.policy.rulebook import Rulebook
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.states import Act
from haochaping.registry import models as registry
from haochaping.scoring.again import differences, worked_again
from haochaping.scoring.models import Result, Run, Unit
from haochaping.scoring.operations.running import RunRequest, division_by_code, run_scores
from haochaping.scoring.queries.rows import orders_behind
from haochaping.scoring.queries.runs import run as run_of
from haochaping.scoring.queries.runs import units
from haochaping.tallies.models import Change
from tests.guards.floors import ROOT
from tests.orders import City, lead_to, make_city, make_official, open_order

DAY = date(2025, 5, 6)
# 860 of 1,000 rated: one point. (700×10 + 100×8 + 50×6 + 5×2 + 140×6) / 1,000 = 8.95: five points.
POLICE = {"occasions": 1_000, "n5": 700, "n4": 100, "n3": 50, "n2": 5, "n1": 5, "d3": 140}
MEAN = "179/20"


@pytest.fixture(scope="module")
def rules() -> Rulebook:
    return Rulebook.load()


@pytest.fixture
def city(db: None) -> City:
    found = make_city()
    Change.objects.create(organisation_id=found.police, day=DAY, **POLICE)
    Change.objects.create(organisation_id=found.authority, day=DAY, occasions=100, n5=100)
    return found


@pytest.fixture
def request_(city: City) -> RunRequest:
    return RunRequest(city.division, "year", DAY, "test")


def points(unit_kind: str, number: int, score: str = "final") -> Result:
    return Result.objects.get(unit__kind=unit_kind, unit__number=number, score=score)


def test_kunmings_article_14_to_the_digit_in_both_readings(request_, city, rules, now) -> None:
    made = run_scores(request_, rulebook=rules, now=now)
    assert made.new
    police = points("organisation", city.police)
    assert (police.points, police.rank, police.ranked) == ("6", 2, 2)
    participation, mean = police.parts
    assert (participation["value"], participation["points"]) == ("43/50", "1")
    assert (mean["value"], mean["points"], mean["by"]) == (MEAN, "5", {"from": "8", "points": "5"})
    assert ["default_points", "840"] in mean["inputs"]
    assert points("organisation", city.police, "final_active_only").points == "6"
    assert points("organisation", city.police, "final_with_defaults").points == "8"
    assert (points("organisation", city.authority).points, points("organisation", city.authority).rank) == (
        "10",
        1,
    )
    nobody = points("organisation", city.county)
    assert (nobody.points, nobody.why, nobody.rank) == ("", "nothing_to_measure", None)
    shown = Unit.objects.get(kind="organisation", number=city.police).beside
    assert shown["shares"]["good_inclusive"] == "99/100"
    assert AuditEntry.objects.filter(act="scoring.run", subject=made.number).count() == 1


def test_a_region_has_all_below_it_and_what_ended_keeps_its_name(request_, city, rules, now) -> None:
    registry.OrganisationRecord.objects.filter(organisation_id=city.police).update(valid_to=date(2025, 6, 30))
    run_scores(request_, rulebook=rules, now=now)
    police = Unit.objects.get(kind="organisation", number=city.police)
    assert (police.name, police.ended) == ("昆明市公安局", True)
    region = Unit.objects.get(kind="region", number=city.division)
    assert region.beside["counts"]["ratings"] == 960
    county = Unit.objects.exclude(number=city.division).get(kind="region")
    assert county.of == f"region:{city.division}"
    assert county.beside["counts"]["ratings"] == 0


def test_again_it_is_the_same_and_not_kept_twice(request_, city, rules, now) -> None:
    made = run_scores(request_, rulebook=rules, now=now)
    later = run_scores(request_, rulebook=rules, now=now + timedelta(days=1))
    assert (later.number, later.new) == (made.number, False)
    assert worked_again(made.number, rulebook=rules).holds
    Unit.objects.filter(number=city.police).update(
        inputs={"cells": [], "external": {}, "of": "", "division": "530100"}
    )
    assert worked_again(made.number, rulebook=rules).altered == ("inputs", "scores")
    Result.objects.filter(score="final").update(points="10")
    assert worked_again(made.number, rulebook=rules).altered == ("inputs", "results", "scores")
    Run.objects.update(version="0" * 12)
    assert worked_again(made.number, rulebook=rules).other_rules
    with pytest.raises(NotFound):
        worked_again("DF0", rulebook=rules)


def test_a_later_run_explains_each_difference(request_, city, rules, now) -> None:
    before = run_scores(request_, rulebook=rules, now=now)
    Change.objects.create(organisation_id=city.police, day=DAY, n1=-5, occasions=-5)  # counted out
    registry.OrganisationRecord.objects.filter(organisation_id=city.county).update(valid_to=date(2025, 6, 30))
    after = run_scores(request_, rulebook=rules, now=now + timedelta(days=1))
    assert Run.objects.get(number=after.number).previous.number == before.number
    found = {each.unit: each for each in differences(before.number, after.number)}
    police = found[f"organisation:{city.police}"]
    assert police.counts == {"occasions": (1_000, 995), "level_1": (5, 0)}
    assert police.points == {}  # within the same bands
    assert found[f"organisation:{city.county}"].only_in == "before"
    assert f"organisation:{city.authority}" not in found


def test_what_is_not_over_is_not_scored(request_, city, rules, now) -> None:
    with pytest.raises(Refused) as running:
        run_scores(replace(request_, day=date(2026, 5, 6)), rulebook=rules, now=now)
    assert running.value.code == "period_not_over"
    with pytest.raises(Refused) as unknown:
        run_scores(replace(request_, kind="decade"), rulebook=rules, now=now)
    assert unknown.value.code == "unknown_period"
    order = open_order(city, now, service_day=DAY)
    waiting = Waiting.objects.create(id=order.subject_id, known_at=now, window_at=now, default_at=None)
    Waiting.objects.filter(pk=waiting.pk).update(id=_occasion_of(order))
    with pytest.raises(Conflict) as open_:
        run_scores(request_, rulebook=rules, now=now)
    assert open_.value.code == "windows_open"
    Waiting.objects.update(window_at=None)  # the rules lay no end down: it keeps nothing open
    assert run_scores(request_, rulebook=rules, now=now).new


def test_only_services_that_count_here_keep_a_period_open(request_, city, rules, now) -> None:
    """A window of the county is the city's as well; one of the city is not the county's, but where it serves in its hall."""
    county = registry.OrganisationRecord.objects.get(organisation_id=city.county).division_id
    occasion = _occasion_of(open_order(city, now, service_day=DAY))
    Waiting.objects.create(id=occasion, known_at=now, window_at=now, default_at=None)
    with pytest.raises(Conflict):
        run_scores(request_, rulebook=rules, now=now)
    assert run_scores(replace(request_, division_id=county), rulebook=rules, now=now).new
    of_county = registry.Staff.objects.create(code="S1")
    registry.StaffRecord.objects.create(staff=of_county, name="王芳", organisation_id=city.county)
    ServiceOccasion.objects.update(staff_id=of_county.id)
    with pytest.raises(Conflict) as by_staff:
        run_scores(replace(request_, division_id=county, kind="quarter"), rulebook=rules, now=now)
    assert "1 件" in by_staff.value.message
    ServiceOccasion.objects.update(staff_id=None, shared_with=[city.county])
    with pytest.raises(Conflict):
        run_scores(replace(request_, division_id=county, kind="quarter"), rulebook=rules, now=now)


def _occasion_of(order) -> object:
    with connection.cursor() as cursor:
        cursor.execute("SELECT occasion_id FROM ratings_rating WHERE id = %s", [order.subject_id])
        return cursor.fetchone()[0]


def test_nobody_rated_and_no_such_place(request_, city, rules, now) -> None:
    made = run_scores(replace(request_, day=date(2023, 1, 1)), rulebook=rules, now=now)
    assert made.new  # an empty year is a result: nobody is scored
    assert not Result.objects.exclude(points="").exists()
    with pytest.raises(NotFound):
        run_scores(replace(request_, division_id=0), rulebook=rules, now=now)
    with pytest.raises(NotFound):
        run_scores(replace(request_, day=date(2019, 1, 1)), rulebook=Rulebook((), rules.calendar), now=now)
    assert division_by_code("530100", on=DAY) == city.division
    with pytest.raises(NotFound):
        division_by_code("110000", on=DAY)


def test_what_became_of_bad_ratings_counts_on_the_day_of_the_service(city, rules, now) -> None:
    handler = make_official(city.police, now, "handler")
    lead_to(open_order(city, now, named=True), Act.RECTIFY, handler, now)
    asked = RunRequest(city.division, "month", date(2026, 11, 1), "test")
    run_scores(asked, rulebook=rules, now=datetime(2027, 1, 20, tzinfo=UTC))
    cells = Unit.objects.get(kind="organisation", number=city.police).inputs["cells"]
    (orders,) = [each for each in cells if each.get("named")]
    assert orders["counts"] == {
        **dict.fromkeys(("orders", "orders_due", "rectified", "rectified_in_time"), 1),
        **dict.fromkeys(("verified", "bad_verified", "bad_named"), 1),
    }


def test_other_rules_over_the_same_period_are_looked_at_and_never_signed(
    request_, city, rules, now, tmp_path
) -> None:
    what_if = Rulebook.load(_rules_with(tmp_path, "from = 0.95, points = 3", "from = 0.8, points = 3"))
    run_scores(request_, rulebook=rules, now=now)
    made = run_scores(replace(request_, rules_name="trial"), rulebook=what_if, now=now)
    run = Run.objects.get(number=made.number)
    assert (run.what_if, run.previous) == (True, None)
    trial = Result.objects.get(
        unit__run=run, unit__kind="organisation", unit__number=city.police, score="final"
    )
    assert trial.points == "8"


def _rules_with(place: Path, before: str, after: str) -> Path:
    """The shipped rules with one thing changed in Kunming's."""
    copytree(ROOT / "rules", place / "rules")
    file = place / "rules/jurisdictions/kunming/profile.toml"
    text = file.read_text()
    assert before in text
    # The band below would begin where this one does now.
    file.write_text(text.replace(before, after).replace("    { from = 0.80, points = 1 },\n", ""))
    return place / "rules"


def test_only_the_authority_of_the_place_may_ask(request_, city, rules, now) -> None:
    handler = make_official(city.police, now, "handler")
    with pytest.raises(NotAllowed):
        run_scores(replace(request_, official_id=handler), rulebook=rules, now=now)


def test_from_a_figure_of_orders_one_sees_each_of_them_that_is_in_reach(city, rules, now) -> None:
    handler, officer = (
        make_official(city.police, now, "handler"),
        make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER),
    )
    order = lead_to(open_order(city, now, named=True), Act.RECTIFY, handler, now)
    open_order(city, now, service_day=DAY)  # of another period
    asked = RunRequest(city.division, "month", date(2026, 11, 1), "test")
    later = datetime(2027, 1, 20, tzinfo=UTC)
    number = run_scores(asked, rulebook=rules, now=later).number
    view = run_of(number, official_id=officer, now=later)
    (police,) = [
        each
        for each in units(view, "organisation", official_id=officer, now=later)
        if each.number == city.police
    ]
    found = orders_behind(view, police, "rectified_in_time", official_id=officer, now=later)
    assert (found.counted, found.number, [row.id for row in found.rows]) == (1, 1, [order.id])
    (region,) = [
        each for each in units(view, "region", official_id=officer, now=later) if each.number == city.division
    ]
    assert orders_behind(view, region, "orders", official_id=officer, now=later).number == 1
    # Handled elsewhere now: it stays among the counted, and is not shown to who may not see it.
    WorkOrder.objects.filter(pk=order.id).update(organisation_id=city.county)
    mine = run_of(number, official_id=handler, now=later)
    hidden = orders_behind(mine, police, "orders", official_id=handler, now=later)
    assert (hidden.number, hidden.rows) == (1, ())
    with pytest.raises(NotFound):
        orders_behind(view, police, "ratings", official_id=officer, now=later)
