"""One act on one order, by the handler whose turn it is."""

from datetime import datetime, timedelta
from random import Random
from typing import Final

from haochaping.foundation.clock import local_day
from haochaping.rectification.led import OrderToLead
from haochaping.rectification.operations import act
from haochaping.rectification.rules import Said
from haochaping.rectification.states import Act, Finding
from haochaping.simulation.filling.batches import Ground
from haochaping.simulation.orders.calendar import later
from haochaping.simulation.orders.officials import Officials
from haochaping.simulation.orders.texts import ACTS
from haochaping.simulation.orders.traits import drawn, traits

_FINDINGS: Final = (Finding.TRUE, Finding.TRUE, Finding.PARTLY, Finding.UNTRUE)
# The revision of an order that was just taken, and just verified: of all that comes later there is more or less.
_TAKEN, _VERIFIED = 1, 2
_LONGER: Final = timedelta(days=60)
_IDLE: Final = (15, 60)


def when(ground: Ground, order: OrderToLead) -> datetime:
    """When the next act on an order is done, if nothing comes between."""
    draws = _drawn(ground, order)
    least, most = (0, ground.shape.orders.pace)
    if order.next_act is Act.TAKE:
        least, most = _IDLE if traits(ground.shape, ground.seed, order.subject_id).idle else (0, 1)
    return later(order.since, draws, ground.services.rulebook.calendar, least=least, most=most)


def handle(ground: Ground, officials: Officials, order: OrderToLead, at: datetime) -> None:
    """Does it, where its time has come. Raises Refused where the rules of the day do not let it."""
    if at < when(ground, order):
        return
    draws, doing = _drawn(ground, order), order.next_act
    said = Said()
    if doing is Act.VERIFY:
        said = Said(finding=draws.choice(_FINDINGS))
    elif order.revision == _VERIFIED and traits(ground.shape, ground.seed, order.subject_id).extended:
        doing, said = Act.ASK_EXTENSION, Said(until=(local_day(at) + _LONGER).isoformat())
    act(
        order_id=order.id,
        act=doing,
        official_id=officials.handler(order.organisation_id, at, second=doing is Act.APPROVE),
        revision=order.revision,
        now=at,
        text=draws.choice(ACTS.get(doing, ("",))),
        said=said,
    )


def gives_a_part(ground: Ground, order: OrderToLead) -> bool:
    """Whether the authority then gives another organisation a part: once the order was taken."""
    return order.revision == _TAKEN and traits(ground.shape, ground.seed, order.subject_id).joint


def _drawn(ground: Ground, order: OrderToLead) -> Random:
    return drawn(ground.seed, order.subject_id, order.revision)
