"""Notices that do not arrive are an alarm, by each way, until one arrives again."""

from datetime import datetime

from django.db import transaction

from haochaping.audit.operations import record
from haochaping.notices.queries.outbox import troubled
from haochaping.notices.states import Channel
from haochaping.oversight.operations.alarms import Key, Trouble, Turned, turn
from haochaping.oversight.states import CARRIERS

KIND = "notices"


@transaction.atomic
def watch_deliveries(*, now: datetime, tell: bool) -> Turned:
    """One transaction; an audit row when an alarm went on or off."""
    failing = troubled()
    numbers = {number: Channel(channel) for number, channel in CARRIERS.items()}
    troubles: dict[Key, Trouble] = {
        (KIND, "", number, None): Trouble(failing[channel])
        for number, channel in numbers.items()
        if channel in failing
    }
    well = [(KIND, "", number, None) for number, channel in numbers.items() if channel not in failing]
    turned = turn(troubles, well, now=now, tell=tell)
    if turned.raised or turned.ended:
        detail = {"raised": turned.raised, "ended": turned.ended}
        record(now=now, actor="system", act="oversight.notices", subject="notices", detail=detail)
    return turned
