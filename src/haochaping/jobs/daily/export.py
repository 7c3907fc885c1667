"""Ratings, defaults, occasions and orders of the months that changed are exported for questions that no tally answers."""

from datetime import datetime

from haochaping.analysis.operations.exporting import export
from haochaping.exchange.webhook import told


def run(*, now: datetime) -> int:
    """How many files were written anew. Raises ExportFailed, after it became an alarm."""
    return export(now=now, tell=told()).written
