"""What the rules set off about a limit that nears its end or is over: planned, counted where so many times are, and set off
when it has come."""

from datetime import datetime

from haochaping.rectification.operations import count_times, plan_escalations, set_off_due

# Some seconds of planning, about a second of the sweep, which is set-based; what is left is for the next minutes.
PLANNED = 500
COUNTED = 1_000
LIMIT = 50_000


def run(*, now: datetime) -> int:
    """How many escalations were set off or lapsed."""
    plan_escalations(now=now, limit=PLANNED)
    count_times(now=now, limit=COUNTED)
    found = set_off_due(now=now, limit=LIMIT)
    return found.set_off + found.lapsed
