"""What the worker does while people act: orders follow their raters, silence counts, limits that passed mean something."""

from datetime import datetime
from typing import Final

_LIMIT: Final = 500
# What follows may have something follow: a limit that passed is a finding, of which an escalation is planned.
_AT_MOST: Final = 10


def sweep(now: datetime) -> int:
    """All of it once, as the jobs of a minute; how much was done."""
    from haochaping.rectification import operations

    operations.plan_escalations(now=now, limit=_LIMIT)
    counted = operations.count_times(now=now, limit=_LIMIT)
    set_off = operations.set_off_due(now=now, limit=_LIMIT)
    return (
        operations.open_orders(now=now, limit=_LIMIT)
        + operations.lapse(now=now, limit=_LIMIT)
        + operations.lapse_objections(now=now, limit=_LIMIT)
        + operations.count_silence(now=now, limit=_LIMIT)
        + counted
        + set_off.set_off
        + set_off.lapsed
    )


def settle(now: datetime) -> None:
    """Sweeps until nothing follows any more. Raises RuntimeError where that never ends: something would be done twice."""
    for _ in range(_AT_MOST):
        if not sweep(now):
            return
    raise RuntimeError("the sweeps find something to do at the same instant again and again")
