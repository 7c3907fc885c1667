"""What the public sees of a small city."""

from datetime import datetime, timedelta

import pytest

from haochaping.audit.models import AuditEntry
from haochaping.foundation.clock import local_day
from haochaping.publication.models import DepartmentDay
from haochaping.publication.operations import freeze_departments
from haochaping.publication.queries import Row, live, place
from haochaping.registry import models
from haochaping.tallies.operations import fold
from haochaping.tallies.rules import Counts
from tests.integration.publication import city

pytestmark = pytest.mark.django_db


def test_an_empty_system_is_healthy(now: datetime) -> None:
    figures = live(now=now)
    assert figures.total == Counts()
    assert (figures.divisions, figures.departments, figures.departments_to) == ((), (), None)
    assert place(now=now) == ""
    assert freeze_departments(now=now) == 0


def test_totals_move_at_once_and_do_not_move_by_folding(now: datetime) -> None:
    town = city.build()
    today = local_day(now)
    city.count(town.bureau, today, occasions=40, n5=25, n1=1, d3=4)
    before = live(now=now)
    assert before.total == Counts(occasions=40, n5=25, n1=1, d3=4)
    assert before.place == "昆明市"
    assert fold(limit=10) == 1
    assert live(now=now) == before
    city.count(town.bureau, today, n2=1)
    assert live(now=now).total.bad == before.total.bad + 1


def test_divisions_are_shown_from_the_minimum_on(now: datetime) -> None:
    town = city.build()
    today = local_day(now)
    city.spread(town.bureau, today, 50)
    city.spread(town.north, today, 20)
    city.spread(town.south, today, 40)
    rows = {row.name: row.counts for row in live(now=now).divisions}
    assert rows == {"昆明市（本级）": Counts(n5=50), "五华区": Counts(n5=20), "盘龙区": Counts(n5=40)}
    city.count(town.north, today, n5=-1)
    rows = {row.name: row.counts for row in live(now=now).divisions}
    assert rows == {"昆明市（本级）": Counts(n5=50), "五华区": None, "盘龙区": None}


def test_a_division_of_one_organisation_is_shown_by_the_day_as_its_organisation_is(now: datetime) -> None:
    town = city.build()
    yesterday = local_day(now) - timedelta(days=1)
    for each in (town.bureau, town.south):
        city.spread(each, yesterday, 50)
    city.count(town.north, yesterday, n5=30)
    before = {row.name: row for row in live(now=now).divisions}
    assert before["五华区"] == Row("五华区", None, daily=True)
    # Two more of those that stand still, or the live ones and the total would tell what moves here.
    assert [row.name for row in before.values() if row.daily] == ["昆明市（本级）", "五华区"]
    freeze_departments(now=now)
    assert {row.name: row.counts for row in live(now=now).divisions}["五华区"] == Counts(n5=30)
    city.count(town.north, local_day(now), n1=1)
    after = live(now=now)
    assert {row.name: row.counts for row in after.divisions}["五华区"] == Counts(n5=30)
    assert after.total.bad == 1
    city.count(town.south, local_day(now), n1=1)
    assert {row.name: row.counts for row in live(now=now).divisions}["盘龙区"] == Counts(n5=50, n1=1)


def test_what_belongs_to_no_organisation_is_in_the_total_only(now: datetime) -> None:
    city.build()
    city.count(987654, local_day(now), n5=30)
    figures = live(now=now)
    assert figures.total.rated == 30
    assert figures.divisions == ()


def test_an_ended_organisation_keeps_its_ratings_in_its_division(now: datetime) -> None:
    town = city.build()
    today = local_day(now)
    division_id = city.models.Division.objects.get(code="530102").pk
    gone = city.organisation(
        "4" * 18, "五华区旧局", city.models.Division.objects.get(pk=division_id), today - timedelta(days=30)
    )
    city.count(gone, today - timedelta(days=60), n5=21)
    city.spread(town.north, today, 20)
    assert live(now=now).divisions == (Row("五华区", Counts(n5=41)),)


def test_departments_are_frozen_once_a_day_up_to_yesterday(now: datetime) -> None:
    town = city.build()
    today = local_day(now)
    city.count(town.bureau, today - timedelta(days=1), occasions=30, n5=25)
    city.count(town.bureau, today, occasions=9, n1=9)
    assert live(now=now).departments == ()
    assert freeze_departments(now=now) == 1
    assert freeze_departments(now=now) == 0
    city.count(town.bureau, today - timedelta(days=1), n1=1)
    figures = live(now=now)
    assert figures.departments_to == today - timedelta(days=1)
    assert figures.departments[0].rows == (Row("昆明市公安局", Counts(occasions=30, n5=25)),)
    assert [entry.act for entry in AuditEntry.objects.all()] == ["publication.departments_frozen"]
    tomorrow = now + timedelta(days=1)
    assert live(now=tomorrow).departments == figures.departments
    assert freeze_departments(now=tomorrow) == 1
    assert live(now=tomorrow).departments[0].rows == (
        Row("昆明市公安局", Counts(occasions=39, n5=25, n1=10)),
    )
    assert DepartmentDay.objects.count() == 2


def test_a_bulk_load_may_freeze_anew(now: datetime) -> None:
    town = city.build()
    day = local_day(now) - timedelta(days=3)
    city.count(town.bureau, day, n5=25)
    freeze_departments(now=now)
    city.count(town.north, day, n5=25)
    assert freeze_departments(now=now, replace=True) == 2
    assert [group.division for group in live(now=now).departments] == ["昆明市（本级）", "五华区"]
    assert DepartmentDay.objects.count() == 2


def test_small_departments_are_not_shown(now: datetime) -> None:
    town = city.build()
    day = local_day(now) - timedelta(days=3)
    city.count(town.north, day, n5=19)
    freeze_departments(now=now)
    assert live(now=now).departments[0].rows == (Row("五华区民政局", None),)


def test_a_township_stands_below_its_county_which_then_has_its_own_only(now: datetime) -> None:
    town = city.build()
    north = models.Division.objects.get(code="530102")
    street = city.division("530102001000", "华山街道", "township", north)
    office = city.organisation("4" * 18, "华山街道办事处", street)
    day = local_day(now) - timedelta(days=3)
    for organisation in (town.bureau, town.north, town.south, office):
        city.count(organisation, day, n5=50)
    freeze_departments(now=now)
    names = ["昆明市（本级）", "五华区（本级）", "华山街道", "盘龙区"]
    assert [row.name for row in live(now=now).divisions] == names
    assert [group.division for group in live(now=now).departments] == names
