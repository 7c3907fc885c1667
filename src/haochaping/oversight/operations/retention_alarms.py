"""Terms of keeping that were not carried out, among the alarms: on until a later proof holds."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction

from haochaping.audit.operations import record
from haochaping.oversight.models import Alarm
from haochaping.oversight.operations.alarms import Key, Trouble, Turned, turn
from haochaping.oversight.watching import RETENTION

# Stands for all kinds of things: the terms themselves could not be read, and nothing was deleted.
ALL: Final = ""
_LONGEST_REASON: Final = 200


@transaction.atomic
def watch_terms(failed: Mapping[str, str], *, now: datetime, tell: bool) -> Turned:
    """Alarms by what a night found: `failed` has the reason for each kind of thing, or for ALL. One transaction; an audit
    row when an alarm went on or off.

    While the terms cannot be read nothing is known of the kinds: their alarms stay.
    """
    troubles = {_key(kind): Trouble(now, reason=reason[:_LONGEST_REASON]) for kind, reason in failed.items()}
    on = Alarm.objects.filter(kind=RETENTION, ended_at=None).values_list("way", flat=True)
    well = [] if ALL in failed else [_key(kind) for kind in on if kind not in failed]
    turned = turn(troubles, well, now=now, tell=tell)
    if turned.raised or turned.ended:
        detail = {"raised": turned.raised, "ended": turned.ended}
        record(now=now, actor="system", act="oversight.retention", subject="retention", detail=detail)
    return turned


def _key(kind: str) -> Key:
    return RETENTION, kind, 0, None
