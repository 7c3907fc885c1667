"""What a crash left of evidence files is swept away; that files are missing is an alarm."""

from datetime import datetime

from haochaping.evidence.operations import sweep
from haochaping.exchange.webhook import told
from haochaping.oversight.operations.evidence_alarms import watch_files


def run(*, now: datetime) -> int:
    """How many were swept away."""
    found = sweep(now=now)
    watch_files(found.missing, now=now, tell=told())
    return found.removed
