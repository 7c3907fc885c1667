"""Channels and levels through which ratings came and come no longer raise an alarm."""

from datetime import datetime

from haochaping.exchange.webhook import told
from haochaping.oversight.operations.arrivals import watch_arrivals
from haochaping.rectification.rulebook import rulebook


def run(*, now: datetime) -> int:
    """How many alarms went on."""
    return watch_arrivals(calendar=rulebook().calendar, now=now, tell=told()).raised
