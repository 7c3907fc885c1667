"""The ledger: what is in it, what became of it, narrowed, and as long as it is."""

from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from haochaping.foundation.ids import random_id
from haochaping.rectification.listing import Ledger, LedgerFilter, Outcome, ledger, whole_ledger
from haochaping.rectification.models import OrderStep, WorkOrder
from haochaping.rectification.states import Act, State
from tests.orders import City, make_official, open_order


def enter(order: WorkOrder, now: datetime, *acts: tuple[Act, dict[str, str]]) -> WorkOrder:
    """Puts these steps into the history, and the order where such steps are."""
    WorkOrder.objects.filter(id=order.id).update(state=State.VERIFIED)
    for revision, (act, said) in enumerate(acts, start=1):
        OrderStep.objects.create(
            id=random_id(),
            order=order,
            act=act,
            from_state="",
            to_state="",
            actor="",
            at=now + timedelta(minutes=revision),
            note=f"理由{revision}",
            revision=revision,
            said=said,
        )
    return order


def look(official: UUID, now: datetime, **asked: Any) -> Ledger:
    return ledger(official_id=official, now=now, asked=LedgerFilter(**asked))


def test_the_last_reason_counts_and_what_became_of_it(city: City, officer: UUID, now: datetime) -> None:
    late = (Act.PLAN, {"until": "2026-11-20"})
    asked, alone = (Act.ASK_EXTENSION, {"waits": "yes", "until": "2026-12-20"}), (Act.ASK_EXTENSION, {})
    granted, refused = (Act.GRANT_EXTENSION, {}), (Act.REFUSE_EXTENSION, {})
    planned = enter(open_order(city, now), now, late)
    waits = enter(open_order(city, now), now, late, asked)
    given = enter(open_order(city, now), now, asked, granted)
    not_given = enter(open_order(city, now, organisation=city.county), now, asked, refused)
    undated = enter(open_order(city, now), now, alone)
    open_order(city, now)
    closed = enter(open_order(city, now), now, late)
    WorkOrder.objects.filter(id=closed.id).update(state=State.CLOSED)
    found = look(officer, now)
    assert {row.id: (row.outcome, row.until, row.reason, row.late) for row in found.rows} == {
        planned.id: (Outcome.PLAN, date(2026, 11, 20), "理由1", True),
        waits.id: (Outcome.WAITS, date(2026, 12, 20), "理由2", False),
        given.id: (Outcome.GRANTED, date(2026, 12, 20), "理由1", False),
        not_given.id: (Outcome.REFUSED, date(2026, 12, 20), "理由1", False),
        undated.id: (Outcome.GRANTED, None, "理由1", False),
    }
    assert (found.rows[0].id, found.rows[-1].id) == (planned.id, undated.id)
    assert (found.number, found.late, len(found.organisations)) == (5, 1, 2)
    assert [row.id for row in look(officer, now, late=True).rows] == [planned.id]
    assert [row.id for row in look(officer, now, outcome=Outcome.WAITS).rows] == [waits.id]
    assert [row.id for row in look(officer, now, organisation=city.county).rows] == [not_given.id]
    county = make_official(city.county, now, "county")
    assert [row.id for row in look(county, now).rows] == [not_given.id]


def test_fifty_on_a_page_and_all_of_them_in_the_file(city: City, officer: UUID, now: datetime) -> None:
    pattern = open_order(city, now)
    WorkOrder.objects.bulk_create(
        WorkOrder(
            **{
                **{field.attname: getattr(pattern, field.attname) for field in WorkOrder._meta.fields},
                "id": random_id(),
                "subject_id": random_id(),
                "number": f"CPMANY{number:03}",
                "state": State.VERIFIED,
            }
        )
        for number in range(52)
    )
    OrderStep.objects.bulk_create(
        OrderStep(id=random_id(), order=order, act=Act.PLAN, from_state="", to_state="", at=now, revision=1)
        for order in WorkOrder.objects.filter(number__startswith="CPMANY")
    )
    pages = [look(officer, now, page=page) for page in (1, 2, 9)]
    assert [(len(page.rows), page.page, page.pages) for page in pages] == [(50, 1, 2), (2, 2, 2), (2, 2, 2)]
    assert len(whole_ledger(official_id=officer, now=now, asked=LedgerFilter())) == 52
