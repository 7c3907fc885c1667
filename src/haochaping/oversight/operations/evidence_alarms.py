"""Files of evidence that are missing are an alarm, until they are there again."""

from datetime import datetime
from typing import Final

from django.db import transaction

from haochaping.audit.operations import record
from haochaping.oversight.operations.alarms import Key, Trouble, Turned, turn
from haochaping.oversight.watching import EVIDENCE

_KEY: Final[Key] = (EVIDENCE, "", 0, None)


@transaction.atomic
def watch_files(missing: int, *, now: datetime, tell: bool) -> Turned:
    """By how many files a night did not find. One transaction; an audit row when the alarm went on or off."""
    troubles = {_KEY: Trouble(now, reason=f"{missing} missing")} if missing else {}
    turned = turn(troubles, [] if missing else [_KEY], now=now, tell=tell)
    if turned.raised or turned.ended:
        detail = {"raised": turned.raised, "ended": turned.ended}
        record(now=now, actor="system", act="oversight.evidence", subject="evidence", detail=detail)
    return turned
