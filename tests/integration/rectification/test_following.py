"""What raters say later reaches their orders, once, and tells the handler no more than he may know."""

from datetime import datetime, timedelta

from haochaping.foundation.clock import CN
from haochaping.rectification.models import BadRating, OrderStep, WorkOrder
from haochaping.rectification.operations import open_orders
from haochaping.rectification.queries import order as view
from haochaping.rectification.rules import ClockKind
from haochaping.rectification.states import Act, State
from tests.orders import NAME, City, lead_to, make_official, open_order, rate_badly, say


def test_excluded_and_bad_again_it_begins_anew(city: City, now: datetime) -> None:
    handler = make_official(city.police, now, "handler")
    order = lead_to(open_order(city, now), Act.RECTIFY, handler, now)
    assert order.due_at is not None
    later = now + timedelta(hours=3)
    say(order.subject_id, later, "correction", level=5)
    assert open_orders(now=later, limit=10) == 0
    order.refresh_from_db()
    assert (order.state, order.exclusion, order.due_at) == (State.CLOSED, "corrected", None)
    assert order.closed_at == datetime(2026, 11, 23, tzinfo=CN), "as of the day, not of the hour"
    assert view(official_id=handler, order_id=order.id, now=later).row.clock.kind is ClockKind.EXCLUDED

    say(order.subject_id, later, "correction", level=2, text="还是不满意")
    assert open_orders(now=later, limit=10) == 0
    order.refresh_from_db()
    assert (order.state, order.exclusion, order.closed_at) == (State.OPENED, "", None)
    assert (order.text, order.tags, order.finding) == ("还是不满意", [207], "")
    shown = view(official_id=handler, order_id=order.id, now=later)
    assert (shown.row.next_act, shown.row.clock.kind) == (Act.TAKE, ClockKind.BEFORE_VERIFICATION)
    verified = lead_to(order, Act.VERIFY, handler, later)
    shown = view(official_id=handler, order_id=order.id, now=later)
    assert verified.due_at is not None
    assert shown.row.clock.kind is ClockKind.RUNNING, "what was rectified before stops no clock"
    assert WorkOrder.objects.count() == 1


def test_what_was_taken_in_once_is_not_taken_in_again(city: City, now: datetime) -> None:
    order = open_order(city, now)
    say(order.subject_id, now, "supplement", text=f"我是{NAME}，补充一句")
    for _ in range(2):
        assert open_orders(now=now, limit=10) == 0
        BadRating.objects.create(rating_id=order.subject_id, received_at=now)
    assert open_orders(now=now, limit=10) == 0
    order.refresh_from_db()
    assert order.additions == ["我是[姓名]，补充一句"]
    assert (order.revision, OrderStep.objects.filter(act="rater_added").count()) == (1, 1)


def test_a_correction_that_does_not_count_leaves_the_order_as_it_is(city: City, now: datetime) -> None:
    order = open_order(city, now)
    say(order.subject_id, now, "correction", level=5, counts=False)
    assert open_orders(now=now, limit=10) == 0
    order.refresh_from_db()
    assert (order.state, order.revision, order.words_seen) == (State.OPENED, 0, 1)


def test_corrected_before_there_was_an_order_there_is_none_until_it_is_bad_again(
    city: City, now: datetime
) -> None:
    rating = rate_badly(city, now)
    say(rating, now, "correction", level=4)
    assert open_orders(now=now, limit=10) == 0
    assert not WorkOrder.objects.exists()
    say(rating, now, "correction", level=1, text="误点了")
    assert open_orders(now=now, limit=10) == 1
    assert (WorkOrder.objects.get().text, WorkOrder.objects.get().words_seen) == ("误点了", 2)
