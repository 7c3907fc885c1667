"""Silence counts where its window has closed."""

from datetime import datetime

from haochaping.ratings.operations import default_due

# About a second of the sweep, which is set-based; a longer backlog is worked off in the next minutes.
LIMIT = 50_000


def run(*, now: datetime) -> int:
    """How many windows were closed."""
    return default_due(now=now, limit=LIMIT)
