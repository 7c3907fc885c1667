"""The departments' figures of the day are frozen in its first minute, or the first after a standstill."""

from datetime import datetime

from haochaping.publication.operations import freeze_departments


def run(*, now: datetime) -> int:
    """How many departments were frozen; 0 when today's stand already."""
    return freeze_departments(now=now)
