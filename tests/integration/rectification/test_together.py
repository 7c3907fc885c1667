"""Dispatched together: each by itself, each told, none twice."""

from datetime import datetime
from uuid import UUID, uuid4

from haochaping.audit.models import AuditEntry
from haochaping.rectification.listing import Hindrance, together
from haochaping.rectification.models import OrderStep, WorkOrder
from haochaping.rectification.operations import Done, dispatch_together
from haochaping.rectification.states import Act
from haochaping.registry import models as registry
from tests.orders import City, lead_to, make_official, open_order


def code_of(organisation: int) -> str:
    code: str = registry.Organisation.objects.get(id=organisation).credit_code
    return code


def done(
    orders: list[WorkOrder], city: City, officer: UUID, now: datetime, text: str = "属县区职责"
) -> list[Done]:
    return list(
        dispatch_together(
            orders=[(each.id, each.revision) for each in orders],
            organisation=code_of(city.county),
            text=text,
            official_id=officer,
            now=now,
        )
    )


def test_each_is_an_act_of_its_own_and_none_is_done_twice(city: City, officer: UUID, now: datetime) -> None:
    handler = make_official(city.police, now, "handler")
    first, taken, last = (open_order(city, now) for _ in range(3))
    lead_to(taken, Act.TAKE, handler, now)
    told = done([first, taken, last], city, officer, now)
    assert [each.code for each in told] == ["", "changed", ""]
    moved = {row.id for row in WorkOrder.objects.filter(organisation_id=city.county)}
    assert moved == {first.id, last.id}
    assert AuditEntry.objects.filter(act="order.dispatch").count() == 2
    again = done([first, taken, last], city, officer, now)
    assert [each.code for each in again] == ["done", "changed", "done"]
    assert OrderStep.objects.filter(act=Act.DISPATCH).count() == 2


def test_what_is_wrong_with_the_form_is_told_for_each(city: City, officer: UUID, now: datetime) -> None:
    order = open_order(city, now)
    (told,) = done([order], city, officer, now, text="")
    assert (told.code, "2至500个字" in told.refusal) == ("invalid", True)
    stranger = make_official(city.police, now, "stranger")
    missing = WorkOrder(id=uuid4(), revision=0)
    assert [each.code for each in done([order, missing], city, stranger, now)] == ["not_handler", "order"]
    assert not OrderStep.objects.exists()


def test_before_it_is_done_it_is_told_what_can_be_and_what_cannot(
    city: City, officer: UUID, now: datetime
) -> None:
    handler = make_official(city.police, now, "handler")
    ready, taken = open_order(city, now), lead_to(open_order(city, now), Act.TAKE, handler, now)
    there = open_order(city, now, organisation=city.county)
    chosen = [ready.id, taken.id, there.id, uuid4()]
    found = together(official_id=officer, orders=chosen, now=now, organisation=code_of(city.county))
    assert [each.row.id for each in found.ready] == [ready.id]
    assert {each.row.id: each.hindrance for each in found.hindered} == {
        taken.id: Hindrance.STATE,
        there.id: Hindrance.THERE,
    }
    assert code_of(city.county) in dict(found.organisations)
    mine = together(official_id=handler, orders=chosen, now=now)
    assert {each.hindrance for each in mine.candidates} == {Hindrance.RIGHT}
    assert len(mine.candidates) == 2
