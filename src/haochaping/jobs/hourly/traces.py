"""Traces kept long enough are removed: hourly, so that a machine that sleeps at night forgets as well."""

from datetime import datetime

from haochaping.ratings.operations import purge_traces


def run(*, now: datetime) -> int:
    """How many traces were removed."""
    return purge_traces(now=now)
