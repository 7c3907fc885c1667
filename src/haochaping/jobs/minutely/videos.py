"""The video platform is asked to keep what was looked at, again and again until it takes it."""

from datetime import datetime

from haochaping.exchange.video import ask_to_keep, platform


def run(*, now: datetime) -> int:
    """How many requests were taken. Raises Refused for settings that cannot be used, also those by which clips are opened:
    pages only say that there is no platform."""
    taken = ask_to_keep(now=now)
    platform()
    return taken
