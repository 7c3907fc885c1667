"""The rated object: within which days, on what grounds, in which words, and who is to decide."""

from datetime import date, datetime, timedelta

import pytest

from haochaping.accounts.rules import Role
from haochaping.foundation.clock import CN
from haochaping.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from haochaping.ratings.queries import void_effect
from haochaping.ratings.states import VoidEffect
from haochaping.rectification import operations
from haochaping.rectification.contests import State
from haochaping.rectification.models import Objection, ObjectionStep, WorkOrder
from haochaping.rectification.objection_queries import (
    contests_of,
)
from haochaping.rectification.operations.contesting import deciding_body
from tests.objections import (
    CLAUSE,
    REFUSED,
    SERVED,
    TOLD,
    People,
    authority_of_province,
    confirm,
    decide,
    file,
)
from tests.orders import NAME, City, make_official, open_order


@pytest.fixture
def people(city: City) -> People:
    return People(city, datetime(2021, 3, 1, tzinfo=CN))


@pytest.fixture
def order(city: City) -> WorkOrder:
    return open_order(city, TOLD, service_day=SERVED)


def test_kunmings_days_over_a_holiday(city: City, people: People, order: WorkOrder) -> None:
    (offer,) = contests_of(order_id=order.id, official_id=people.handler, now=TOLD).offers
    assert (offer.last_day, offer.clause, offer.body) == (date(2021, 4, 7), CLAUSE, "昆明市政务服务管理局")
    late = datetime(2021, 4, 8, 0, 0, tzinfo=CN)
    with pytest.raises(Conflict) as refusal:
        file(order, people.handler, late)
    assert refusal.value.code == "late"
    (offer,) = contests_of(order_id=order.id, official_id=people.handler, now=late).offers
    assert offer.accepted, "视为无异议"

    filed = file(order, people.handler, late - timedelta(seconds=1))
    # Ten working days after Wednesday the 7th: 8, 9, 12 to 16, 19, 20, 21.
    assert (filed.due_at, filed.due_provisional) == (datetime(2021, 4, 22, tzinfo=CN), False)
    assert (filed.body_id, filed.due_clause, filed.silence) == (city.authority, CLAUSE, "")


def test_who_may_file(city: City, people: People, order: WorkOrder) -> None:
    other = make_official(city.county, datetime(2021, 3, 1, tzinfo=CN), "other")
    with pytest.raises(NotFound):
        file(order, other, TOLD)
    with pytest.raises(NotAllowed):
        file(order, people.first, TOLD)
    with pytest.raises(NotFound):
        contests_of(order_id=order.id, official_id=other, now=TOLD)
    assert contests_of(order_id=order.id, official_id=people.first, now=TOLD).offers == ()
    assert not Objection.objects.exists()


def test_what_is_filed_is_checked_all_at_once(people: People, order: WorkOrder) -> None:
    with pytest.raises(Invalid) as refusal:
        file(
            order,
            people.handler,
            TOLD,
            by="rated_person",
            ground="none",
            reasons="电话13888012345，请核对情况。",
        )
    found = {(each.field, each.code) for each in refusal.value.problems}
    assert found == {("by", "nobody"), ("ground", "required"), ("reasons", "personal")}
    with pytest.raises(Invalid) as refusal:
        file(order, people.handler, TOLD, by="", reasons="短\x07")
    found = {(each.field, each.code) for each in refusal.value.problems}
    assert found == {("by", "required"), ("reasons", "characters"), ("reasons", "length")}


def test_a_named_rater_is_not_named_in_what_is_written(city: City, people: People) -> None:
    order = open_order(city, TOLD, service_day=SERVED, named=True)
    with pytest.raises(Invalid):
        file(order, people.handler, TOLD, reasons=f"{NAME}把评价点错了，请予核对。")


def test_the_rated_authority_does_not_decide_its_own_case_and_without_one_above_nobody_does(
    city: City, people: People
) -> None:
    order = open_order(city, TOLD, service_day=SERVED, organisation=city.authority)
    handler = make_official(city.authority, datetime(2021, 3, 1, tzinfo=CN), "own")
    with pytest.raises(Conflict) as refusal:
        file(order, handler, TOLD)
    assert refusal.value.code == "no_body"
    above = authority_of_province()
    filed = file(order, handler, TOLD)
    assert filed.body_id == above
    with pytest.raises(NotFound):
        decide(filed, people.first, TOLD)
    officer = make_official(above, datetime(2021, 3, 1, tzinfo=CN), "above", Role.AUTHORITY_OFFICER)
    assert decide(filed, officer, TOLD, REFUSED) is State.DECIDED


def test_one_at_a_time_and_taken_back_it_was_nothing(people: People, order: WorkOrder) -> None:
    filed = file(order, people.handler, TOLD)
    with pytest.raises(Conflict) as refusal:
        file(order, people.handler, TOLD)
    assert refusal.value.code == "pending"
    decide(filed, people.first, TOLD)
    operations.withdraw(objection_id=filed.id, official_id=people.handler, now=TOLD)
    filed.refresh_from_db()
    assert (filed.state, filed.outcome, filed.found) == (State.WITHDRAWN, "", "")
    with pytest.raises(Conflict):
        confirm(filed, people.second, TOLD)
    assert void_effect(order.subject_id) is VoidEffect.COUNTED
    assert file(order, people.handler, TOLD).state == State.FILED
    assert [step.act for step in ObjectionStep.objects.filter(objection=filed).order_by("revision")] == [
        "file",
        "decide",
        "withdraw",
    ]


def test_a_limit_over_days_that_no_notice_settled_is_provisional_and_closes_nothing(
    city: City,
) -> None:
    at = datetime(2026, 12, 28, 9, 0, tzinfo=CN)
    people = People(city, at)
    order = open_order(city, at, service_day=date(2026, 12, 25))
    long_after = at + timedelta(days=60)
    filed = file(order, people.handler, long_after)
    assert filed.due_provisional
    (shown,) = contests_of(order_id=order.id, official_id=people.handler, now=long_after).filed
    assert shown.clock.provisional


def test_only_a_body_that_the_registry_tells_decides(city: City) -> None:
    def body(named: str | None, *, never: frozenset[int] = frozenset()) -> int | None:
        found = deciding_body(named, of=city.county, never=never, on=SERVED)
        return found.id if found else None

    for unknown in (
        None,
        "department_concerned",
        "named:市营商环境办",
        "county_authority",
        "province_authority",
    ):
        assert body(unknown) is None
    assert body("same_level_authority") is None, "the county has no authority in this registry"
    assert body("level_above_authority") == body("city_authority") == city.authority
    assert body("city_authority", never=frozenset({city.authority})) is None
    above = authority_of_province()
    assert body("city_authority", never=frozenset({city.authority})) == above
