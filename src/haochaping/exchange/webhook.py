"""Alarms told by webhook: POST of JSON, signed as business systems sign what they send to us (docs/watching.md)."""

import os
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from haochaping.audit.queries import recorded
from haochaping.exchange.outcome import NotTold
from haochaping.exchange.signed import Webhook, post, webhook_of
from haochaping.foundation.outgoing import NoAnswer
from haochaping.notices.operations.outbox import Taken, not_sent, sent, take
from haochaping.notices.states import Channel
from haochaping.simulation.marks import BEGUN

KEY: Final = "alarms"
_AT_ONCE: Final = 10


def webhook(environment: Mapping[str, str] = os.environ) -> Webhook | None:
    """From HAOCHAPING_ALARM_URL, HAOCHAPING_ALARM_SECRET and HAOCHAPING_ALARM_ALGORITHM; None without an address, and
    always for a demo, which sends nothing out. Raises WebhookUnusable."""
    if not environment.get("HAOCHAPING_ALARM_URL") or recorded(BEGUN):
        return None
    return webhook_of(environment, "HAOCHAPING_ALARM", key=KEY)


def told(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether alarms are to go out at all. Settings that cannot be used are complained of when they are sent, and stop no
    self-test."""
    return bool(environment.get("HAOCHAPING_ALARM_URL")) and not recorded(BEGUN)


def tell_alarms(*, now: datetime) -> int:
    """Sends what is due, gives how many arrived. A peer that is away, or does not answer 2xx, is tried again later."""
    where = webhook()
    if where is None:
        return 0
    arrived = 0
    for _ in range(_AT_ONCE):
        taken = take(channel=Channel.ALARM, now=now)
        if taken is None:
            break
        arrived += _tell(where, taken, now)
    return arrived


def _tell(where: Webhook, taken: Taken, now: datetime) -> bool:
    try:
        _post(where, taken, now)
    except NotTold as problem:
        not_sent(taken, error=problem.reason, now=now)
        return False
    sent(taken, now=now)
    return True


def _post(where: Webhook, taken: Taken, now: datetime) -> None:
    """Raises NotTold."""
    try:
        answer = post(where, taken.body.encode(), idempotency=str(taken.id), now=now)
    except NoAnswer as problem:
        raise NotTold(problem.reason, away=True) from None
    if not 200 <= answer.status < 300:
        raise NotTold(f"HTTP {answer.status}")
