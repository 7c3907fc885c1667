"""Authorities learn which of their own orders, out of reports of pressure, are late."""

from datetime import datetime

from haochaping.oversight.operations.late_reports import tell_late


def run(*, now: datetime) -> int:
    """Of how many it was told."""
    return tell_late(now=now)
