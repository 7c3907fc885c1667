"""Every bad rating becomes exactly one order, which tells the handler no more than he may know."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection

from haochaping.audit.models import AuditEntry
from haochaping.identity.models import VaultRecord
from haochaping.rectification.models import BadRating, WorkOrder
from haochaping.rectification.operations import open_orders
from haochaping.rectification.operations.masking import TEXT_WITHHELD
from tests.orders import NAME, PHONE, City, make_city, open_order, rate_badly


def test_an_order_carries_what_the_handler_may_see(city: City, now: datetime) -> None:
    order = open_order(city, now, service_day=date(2026, 11, 22))  # a Sunday
    assert order.number.startswith("CP")
    assert len(order.number) == 10
    assert order.week == date(2026, 11, 16)
    assert (order.tags, order.text) == ([111], "排队两小时，请回电[电话]")
    assert (order.state, order.organisation_id, order.due_at, order.revision) == (
        "opened",
        city.police,
        None,
        0,
    )
    assert order.id.version == 4  # tells no time, and nothing of the rating
    assert order.id != order.subject_id
    entry = AuditEntry.objects.get(act="order.open")
    assert (entry.actor, entry.subject) == ("system", f"order:{order.number}")
    assert str(order.subject_id) not in str(entry.__dict__)


def test_the_inbox_is_emptied_in_portions_the_oldest_first(city: City, now: datetime) -> None:
    ratings = [rate_badly(city, now + timedelta(minutes=minute)) for minute in range(5)]
    assert [open_orders(now=now, limit=2) for _ in range(4)] == [2, 2, 1, 0]
    assert not BadRating.objects.exists()
    assert set(WorkOrder.objects.values_list("subject_id", flat=True)) == set(ratings)


def test_a_rating_that_already_has_an_order_gets_no_second(city: City, now: datetime) -> None:
    order = open_order(city, now)
    BadRating.objects.create(rating_id=order.subject_id, received_at=now)
    assert open_orders(now=now, limit=10) == 0
    assert WorkOrder.objects.count() == 1
    assert not BadRating.objects.exists()
    assert AuditEntry.objects.filter(act="order.open").count() == 1


def test_a_row_that_fails_stays_and_holds_no_other_up(
    city: City, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    lost = [uuid4() for _ in range(3)]
    BadRating.objects.bulk_create(BadRating(rating_id=each, received_at=now) for each in lost)
    later = now + timedelta(minutes=1)
    rate_badly(city, later, text="机密的话")
    assert open_orders(now=later, limit=3) == 0
    assert open_orders(now=later, limit=3) == 1  # the three wait for their next turn
    assert set(BadRating.objects.values_list("rating_id", flat=True)) == set(lost)
    assert not [each for each in (*map(str, lost), "机密") if each in caplog.text]
    assert caplog.text.count("could not become an order") == 3
    # Their next turn has come; what is new goes first all the same.
    rate_badly(city, later)
    assert open_orders(now=later + timedelta(seconds=2), limit=3) == 1
    assert open_orders(now=later + timedelta(seconds=2), limit=3) == 0
    assert set(BadRating.objects.values_list("failures", flat=True)) == {2}


def test_a_row_the_database_refuses_costs_only_itself(city: City, now: datetime) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "ALTER TABLE rectification_workorder ADD CONSTRAINT refuse_for_test CHECK (text <> '触发约束')"
        )
    bad = rate_badly(city, now, text="触发约束")
    good = rate_badly(city, now + timedelta(seconds=1))
    assert open_orders(now=now, limit=10) == 1
    assert WorkOrder.objects.get().subject_id == good
    assert BadRating.objects.get().rating_id == bad
    assert AuditEntry.objects.filter(act="order.open").count() == 1


@pytest.mark.usefixtures("committed_db")
def test_several_at_once_open_each_order_exactly_once(now: datetime) -> None:
    city = make_city()
    ratings = {rate_badly(city, now) for _ in range(60)}

    def work(number: int) -> int:
        try:
            return sum(open_orders(now=now, limit=7) for _ in range(12))
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        opened = sum(pool.map(work, range(4)))
    assert opened == len(ratings)
    assert set(WorkOrder.objects.values_list("subject_id", flat=True)) == ratings
    assert AuditEntry.objects.filter(act="order.open").count() == len(ratings)
    assert not BadRating.objects.exists()


def test_the_raters_own_name_is_not_read_in_what_he_wrote(city: City, now: datetime) -> None:
    order = open_order(city, now, text=f"我叫{NAME}，电话{PHONE}，没人理我")
    assert order.text == "我叫[姓名]，电话[电话]，没人理我"


def test_what_the_vault_does_not_open_is_withheld_rather_than_shown(city: City, now: datetime) -> None:
    rate_badly(city, now, text=f"我叫{NAME}")
    VaultRecord.objects.update(name=b"0" * 40)
    assert open_orders(now=now, limit=10) == 1
    assert WorkOrder.objects.get().text == TEXT_WITHHELD
