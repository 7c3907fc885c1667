"""No page of the console asks the database more than thirty times, nor more often when there is more to show."""

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from haochaping.accounts.models import Official
from haochaping.accounts.rules import Role
from haochaping.foundation.clock import now as present
from haochaping.foundation.ids import random_id
from haochaping.oversight.models import Revisit
from haochaping.oversight.revisiting import Terms
from haochaping.rectification.models import OrderStep, WorkOrder
from haochaping.rectification.states import Act, State
from haochaping.registry import models as registry
from tests.joint import put_part
from tests.objections import put_objection
from tests.orders import City, lead_to, make_city, make_official, open_order

MOST = 30
FEW, MANY = 3, 30
WEEK = timedelta(days=7)


@pytest.fixture(autouse=True)
def own_language() -> Iterator[None]:
    yield
    translation.deactivate()


@pytest.fixture
def now() -> datetime:
    return present()


@pytest.fixture
def city(db: None) -> City:
    return make_city()


def browser(official: UUID) -> Client:
    client = Client()
    client.force_login(Official.objects.get(id=official))
    return client


def asked(client: Client, path: str) -> int:
    """How often the database is asked for a page, each of which must be there."""
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = client.get(path)
    assert answer.status_code == 200, path
    assert len(queries) <= MOST, [path, len(queries), *(each["sql"][:160] for each in queries)]
    return len(queries)


class Filled:
    """A city's desk with as many of everything as is asked for, each order of another week and another state."""

    def __init__(self, city: City, now: datetime) -> None:
        self.city, self.now = city, now
        self.handler = make_official(city.police, now, "handler")
        self.officer = make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER)

    def more(self, number: int) -> None:
        for _ in range(number):
            count = WorkOrder.objects.count()
            day = (self.now - WEEK * count).date()
            organisation = self.city.county if count % 2 else self.city.police
            order = open_order(self.city, self.now, organisation=organisation, service_day=day)
            put_objection(order, self.now, body=self.city.authority)
            step(order, Act.PLAN, self.handler, self.now)
            WorkOrder.objects.filter(id=order.id).update(state=[State.OPENED, State.VERIFIED][count % 2])
            self._revisit(order)

    def _revisit(self, order: WorkOrder) -> None:
        Revisit.objects.create(
            id=random_id(),
            order_id=order.id,
            number=order.number,
            organisation_id=order.organisation_id,
            body="handling_unit",
            occasion="answered",
            conductors=[order.organisation_id],
            terms=[Terms("a", "bad", "", "1", None, (), "handling_unit", (), None, (), "", "").kept()],
            arisen_at=self.now,
            state="due",
        )


def step(order: WorkOrder, act: Act, official: UUID, now: datetime, revision: int = 1, **said: str) -> None:
    OrderStep.objects.create(
        id=random_id(),
        order=order,
        act=act,
        from_state=order.state,
        to_state=order.state,
        actor="赵敏",
        at=now,
        revision=revision,
        official_id=official,
        said=said,
    )


LISTS = (
    "/console/",
    "/console/?show=open",
    "/console/?show=open&due=none&contested=yes&type=07",
    "/console/?show=closed",
    "/console/ledger/",
    "/console/escalations/",
    "/console/revisits/",
    "/console/notices/",
)


@pytest.mark.parametrize("who", ["handler", "officer"])
def test_a_list_of_many_asks_as_often_as_one_of_few(city: City, now: datetime, who: str) -> None:
    filled = Filled(city, now)
    client = browser(getattr(filled, who))
    paths = [*LISTS, "/console/objections/"] if who == "officer" else LISTS
    filled.more(FEW)
    few = {path: asked(client, path) for path in paths}
    filled.more(MANY - FEW)
    assert {path: asked(client, path) for path in paths} == few


def test_the_page_of_scores_asks_as_often_however_many_are_in_reach(city: City, now: datetime) -> None:
    client = browser(make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER))
    few = asked(client, "/console/scores/")
    for number in range(MANY):
        organisation = registry.Organisation.objects.create(credit_code=f"REACH{number}")
        registry.OrganisationRecord.objects.create(
            organisation=organisation, name=f"单位{number}", division_id=city.division, kind="department"
        )
    assert asked(client, "/console/scores/") == few


def test_many_orders_are_looked_over_as_often_as_few(city: City, now: datetime) -> None:
    filled = Filled(city, now)
    client = browser(filled.officer)

    def looked_over() -> int:
        form = {
            "step": "choose",
            "order": [str(each) for each in WorkOrder.objects.values_list("id", flat=True)],
        }
        with CaptureQueriesContext(connection) as queries:
            assert client.post("/console/dispatch/", form).status_code == 200
        assert len(queries) <= MOST
        return len(queries)

    filled.more(FEW)
    few = looked_over()
    filled.more(MANY - FEW)
    assert looked_over() == few


Growth = Callable[[WorkOrder, Filled, int], None]


def longer_history(order: WorkOrder, filled: Filled, number: int) -> None:
    """Sent to and fro."""
    for revision in range(number):
        code = "11532216MB3585447A" if revision % 2 else "11539436MB36597916"
        step(order, Act.DISPATCH, filled.officer, filled.now, revision + 1, organisation=code)


def more_objections(order: WorkOrder, filled: Filled, number: int) -> None:
    for _ in range(number):
        objection = put_objection(order, filled.now, body=filled.city.authority)
        type(objection).objects.filter(pk=objection.pk).update(
            state="decided", outcome="refused", decided_at=filled.now
        )
    put_objection(order, filled.now, body=filled.city.authority)


def more_time(order: WorkOrder, filled: Filled, number: int) -> None:
    for revision in range(number):
        act = Act.REFUSE_EXTENSION if revision % 2 else Act.ASK_EXTENSION
        step(order, act, filled.handler, filled.now, revision + 3, waits="yes", until="2027-01-05")


def more_parts(order: WorkOrder, filled: Filled, number: int) -> None:
    for _ in range(number):
        organisation = registry.Organisation.objects.create(
            credit_code=f"PART{registry.Organisation.objects.count()}"
        )
        put_part(order, organisation.id)


@pytest.mark.parametrize("who", ["handler", "officer"])
@pytest.mark.parametrize("grow", [longer_history, more_objections, more_time, more_parts])
def test_an_order_with_a_long_story_asks_as_often_as_one_with_a_short(
    city: City, now: datetime, who: str, grow: Growth
) -> None:
    filled = Filled(city, now)
    client = browser(getattr(filled, who))
    pages = []
    for number in (FEW, MANY - MANY % 2 + 1):
        order = open_order(city, now)
        if grow is more_time:
            lead_to(order, Act.VERIFY, filled.handler, now)
        grow(order, filled, number)
        pages.append(asked(client, f"/console/orders/{order.id}/"))
    assert pages[0] == pages[1]


@pytest.mark.parametrize("last", [Act.TAKE, Act.VERIFY, Act.ANSWER, Act.CLOSE])
def test_each_state_of_an_order_asks_no_more(city: City, now: datetime, last: Act) -> None:
    filled = Filled(city, now)
    order = lead_to(open_order(city, now, named=True), last, filled.handler, now)
    for who in (filled.handler, filled.officer):
        asked(browser(who), f"/console/orders/{order.id}/")
