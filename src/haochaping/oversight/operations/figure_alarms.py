"""Figures that are not what they should be, among the alarms: an export that could not be made or differs, tallies that are
not what their rows add up to, publications that were altered. Each is on until it is seen to be well again."""

from datetime import datetime

from django.db import transaction

from haochaping.audit.operations import record
from haochaping.oversight.operations.alarms import Key, Trouble, Turned, turn


@transaction.atomic
def watch_figures(kind: str, trouble: str, *, now: datetime, tell: bool) -> Turned:
    """`kind`: EXPORT, TALLIES or PUBLICATIONS; `trouble`: what was wrong with it in a few words of ours, "" for nothing. One
    transaction; an audit row when the alarm went on or off."""
    key: Key = (kind, "", 0, None)
    troubles = {key: Trouble(now, reason=trouble)} if trouble else {}
    turned = turn(troubles, [] if trouble else [key], now=now, tell=tell)
    if turned.raised or turned.ended:
        detail = {"raised": turned.raised, "ended": turned.ended}
        record(now=now, actor="system", act=f"oversight.{kind}", subject=kind, detail=detail)
    return turned
