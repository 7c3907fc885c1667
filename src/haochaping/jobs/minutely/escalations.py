"""What the rules set off about a limit that nears its end or is over: planned, and set off when it has come."""

from datetime import datetime

from haochaping.rectification.operations import plan_escalations, set_off_due

# Some seconds of planning, about a second of the sweep, which is set-based; what is left is for the next minutes.
PLANNED = 500
LIMIT = 50_000


def run(*, now: datetime) -> int:
    """How many escalations were set off or lapsed."""
    plan_escalations(now=now, limit=PLANNED)
    found = set_off_due(now=now, limit=LIMIT)
    return found.set_off + found.lapsed
