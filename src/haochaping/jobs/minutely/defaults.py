"""Silence counts where its instant has come; where it stays silence, nobody is waited for after the window."""

from datetime import datetime

from haochaping.ratings.operations import default_due, default_taken_back

# About a second of the sweep, which is set-based; a longer backlog is worked off in the next minutes.
LIMIT = 50_000


def run(*, now: datetime) -> int:
    """How many occasions are no longer waited for, and for how many silence counts after their rating was taken back."""
    return default_due(now=now, limit=LIMIT) + default_taken_back(now=now)
