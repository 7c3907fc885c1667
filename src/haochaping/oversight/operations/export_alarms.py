"""An export that could not be made, or whose sums are not those of the tallies, is an alarm, until a whole one is made."""

from datetime import datetime
from typing import Final

from django.db import transaction

from haochaping.audit.operations import record
from haochaping.oversight.operations.alarms import Key, Trouble, Turned, turn
from haochaping.oversight.watching import EXPORT

_KEY: Final[Key] = (EXPORT, "", 0, None)


@transaction.atomic
def watch_export(trouble: str, *, now: datetime, tell: bool) -> Turned:
    """`trouble`: what was wrong with it in a few words of ours, "" for nothing. One transaction; an audit row when the alarm
    went on or off."""
    troubles = {_KEY: Trouble(now, reason=trouble)} if trouble else {}
    turned = turn(troubles, [] if trouble else [_KEY], now=now, tell=tell)
    if turned.raised or turned.ended:
        detail = {"raised": turned.raised, "ended": turned.ended}
        record(now=now, actor="system", act="oversight.export", subject="export", detail=detail)
    return turned
