"""Alarms told by webhook: POST of JSON, signed as business systems sign what they send to us (docs/watching.md)."""

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from haochaping.audit.queries import recorded
from haochaping.foundation.errors import Refused
from haochaping.foundation.outgoing import NoAnswer, call, checked_address
from haochaping.intake.signature import SHA256, SM3
from haochaping.intake.signing import signed_headers
from haochaping.oversight.operations.notices import Notice, not_sent, sent, take
from haochaping.simulation.marks import BEGUN

KEY: Final = "alarms"
_LEAST_SECRET: Final = 16
_AT_ONCE: Final = 10

logger = logging.getLogger(__name__)


class WebhookUnusable(Refused):
    """The settings of the webhook cannot be used."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where alarms go. `algorithm` is one of `intake.signature`."""

    address: str
    secret: str
    algorithm: str

    def __repr__(self) -> str:
        """Without the secret, and without the address, which may hold one as well."""
        return "Webhook()"


def webhook(environment: Mapping[str, str] = os.environ) -> Webhook | None:
    """From HAOCHAPING_ALARM_URL, HAOCHAPING_ALARM_SECRET and HAOCHAPING_ALARM_ALGORITHM; None without an address, and
    always for a demo, which sends nothing out. Raises WebhookUnusable."""
    address = environment.get("HAOCHAPING_ALARM_URL", "")
    if not address or recorded(BEGUN):
        return None
    try:
        checked_address(address)
    except ValueError as error:
        raise WebhookUnusable("alarm_url", f"HAOCHAPING_ALARM_URL is {error}.") from None
    secret = environment.get("HAOCHAPING_ALARM_SECRET", "")
    if len(secret) < _LEAST_SECRET:
        raise WebhookUnusable(
            "alarm_secret", f"HAOCHAPING_ALARM_SECRET must have at least {_LEAST_SECRET} characters."
        )
    algorithm = environment.get("HAOCHAPING_ALARM_ALGORITHM", SM3)
    if algorithm not in (SM3, SHA256):
        raise WebhookUnusable("alarm_algorithm", f"HAOCHAPING_ALARM_ALGORITHM is {SM3} or {SHA256}.")
    return Webhook(address, secret, algorithm)


def told(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether alarms are to go out at all. Settings that cannot be used are complained of when they are sent, and stop no
    self-test."""
    return bool(environment.get("HAOCHAPING_ALARM_URL")) and not recorded(BEGUN)


def tell_alarms(*, now: datetime) -> int:
    """Sends what is due, gives how many arrived. A peer that is away, or does not answer 2xx, is tried again later."""
    where = webhook()
    if where is None:
        return 0
    return sum(_tell(where, notice, now) for notice in take(now=now, limit=_AT_ONCE))


def _tell(where: Webhook, notice: Notice, now: datetime) -> bool:
    parts, body = checked_address(where.address), notice.body.encode()
    signed = signed_headers(
        KEY,
        where.secret,
        parts.path or "/",
        body,
        now=now,
        query=parts.query,
        algorithm=where.algorithm,
    )
    try:
        answer = call(
            "POST", where.address, headers={"Content-Type": "application/json", **signed}, body=body
        )
    except NoAnswer as problem:
        error = problem.reason
    else:
        if 200 <= answer.status < 300:
            sent(notice, now=now)
            return True
        error = f"HTTP {answer.status}"
    logger.warning("an alarm could not be told (%s)%s", error, ", given up" if notice.last else "")
    not_sent(notice, error=error, now=now)
    return False
