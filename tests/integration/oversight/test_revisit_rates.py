"""The rates of what followed bad ratings, counted by hand."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

from haochaping.oversight.models import (
    Revisit,
)
from haochaping.oversight.operations.duties import assess_answered
from haochaping.oversight.operations.revisits import Attempt, attempt
from haochaping.oversight.queries.revisit_rates import RevisitCounts, revisit_rates
from haochaping.policy.rulebook import Rulebook
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.states import Act
from tests.orders import City, open_order
from tests.revisits import REACHED


def test_the_rates_of_a_hand_counted_month(
    answered: Callable[..., WorkOrder], city: City, handler: UUID, now: datetime, shipped: Rulebook
) -> None:
    """Seven orders: three named and answered, of which one is satisfied, one is not, one refuses; one named that is still
    due, one anonymous and answered, one only taken, one taken back. One more lies before the month."""
    named = [answered(named=True) for _ in range(4)]
    answered()
    answered(Act.TAKE)
    back = open_order(city, now)
    WorkOrder.objects.filter(pk=back.pk).update(state="closed", exclusion="corrected")
    old = open_order(city, now)
    WorkOrder.objects.filter(pk=old.pk).update(opened_at=now - timedelta(days=40))
    assess_answered(now=now, rulebook=shipped)
    for order, typed in zip(
        named,
        (REACHED, replace(REACHED, satisfied="no"), Attempt("refused", "sms")),
        strict=False,
    ):
        pk = Revisit.objects.get(order_id=order.id).pk
        attempt(revisit_id=pk, official_id=handler, revision=0, typed=typed, now=now)
    (found,) = revisit_rates(
        organisations={city.police, city.authority},
        first=date(2026, 11, 1),
        last=date(2026, 11, 30),
        on=date(2026, 11, 30),
    )
    assert found.name == "昆明市公安局"
    assert found.counts == RevisitCounts(
        orders=6,
        taken_back=1,
        replied=5,
        rectified=5,
        rechecked=2,
        due=4,
        revisited=3,
        answered=2,
        satisfied=1,
        undetermined=5,
    )
    counts = found.counts
    assert counts.reply_rate() == counts.rectification_rate() == (5, 6)
    assert (counts.recheck_rate(), counts.revisit_rate(), counts.revisit_satisfaction()) == (
        (2, 5),
        (3, 4),
        (1, 2),
    )
    assert (counts.reply_rate().tenths, RevisitCounts().reply_rate().tenths) == (833, None)
    assert (
        revisit_rates(
            organisations={city.police}, first=date(2026, 9, 1), last=date(2026, 9, 30), on=date(2026, 11, 30)
        )
        == ()
    )
