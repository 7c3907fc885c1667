"""Notices are carried out by mail and by text message; that they do not arrive is an alarm."""

from datetime import datetime

from haochaping.exchange.delivering import carry_out
from haochaping.exchange.webhook import told
from haochaping.foundation import clock
from haochaping.oversight.operations.deliveries import watch_deliveries


def run(*, now: datetime) -> int:
    """How many arrived. Raises Refused for settings that cannot be used."""
    try:
        return carry_out(clock=clock.now)
    finally:
        watch_deliveries(now=now, tell=told())
