"""When the day is over, organisations learn of their parts and of late ones, and staff of ratings that they may contest."""

from datetime import datetime

from haochaping.rectification.operations import tell_what_waited


def run(*, now: datetime) -> int:
    """How much was told."""
    return tell_what_waited(now=now)
