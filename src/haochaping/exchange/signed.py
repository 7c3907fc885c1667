"""JSON sent to a machine of the operator's: signed as business systems sign what they send to us."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from haochaping.foundation.errors import Refused
from haochaping.foundation.outgoing import Answer, call, checked_address
from haochaping.intake.signature import SHA256, SM3
from haochaping.intake.signing import signed_headers

_LEAST_SECRET: Final = 16


class WebhookUnusable(Refused):
    """The settings of a webhook cannot be used."""


@dataclass(frozen=True, slots=True)
class Webhook:
    """Where to send. `key` is the public name under which we sign; `algorithm` is one of `intake.signature`."""

    key: str
    address: str
    secret: str
    algorithm: str

    def __repr__(self) -> str:
        """Without the secret, and without the address, which may hold one as well."""
        return "Webhook()"


def webhook_of(environment: Mapping[str, str], prefix: str, *, key: str) -> Webhook | None:
    """From PREFIX_URL, PREFIX_SECRET and PREFIX_ALGORITHM; None without an address. Raises WebhookUnusable."""
    address = environment.get(f"{prefix}_URL", "")
    if not address:
        return None
    code = prefix.removeprefix("HAOCHAPING_").lower()
    try:
        checked_address(address)
    except ValueError as error:
        raise WebhookUnusable(f"{code}_url", f"{prefix}_URL is {error}.") from None
    secret = environment.get(f"{prefix}_SECRET", "")
    if len(secret) < _LEAST_SECRET:
        raise WebhookUnusable(
            f"{code}_secret", f"{prefix}_SECRET must have at least {_LEAST_SECRET} characters."
        )
    algorithm = environment.get(f"{prefix}_ALGORITHM", SM3)
    if algorithm not in (SM3, SHA256):
        raise WebhookUnusable(f"{code}_algorithm", f"{prefix}_ALGORITHM is {SM3} or {SHA256}.")
    return Webhook(key, address, secret, algorithm)


def post(where: Webhook, body: bytes, *, idempotency: str, now: datetime) -> Answer:
    """One signed POST with a fresh nonce; `idempotency` is the same each time that the same is sent. Raises NoAnswer."""
    parts = checked_address(where.address)
    signed = signed_headers(
        where.key,
        where.secret,
        parts.path or "/",
        body,
        now=now,
        query=parts.query,
        algorithm=where.algorithm,
    )
    headers = {"Content-Type": "application/json", "Idempotency-Key": idempotency, **signed}
    return call("POST", where.address, headers=headers, body=body)
