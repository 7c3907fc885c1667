"""Keyed hashes of address and device: enough to see that two ratings came from one place, and nothing
more.
"""

from collections.abc import Mapping

from haochaping.foundation.keys import key_for
from haochaping.foundation.sealing import hmac_sm3


def address_hash(address: str) -> bytes | None:
    """32 bytes; None when the address is not known."""
    return hmac_sm3(key_for("trace"), b"address " + address.encode()) if address else None


def device_hash(headers: Mapping[str, str]) -> bytes | None:
    """32 bytes of what the browser or device calls itself; None when it does not say."""
    agent = headers.get("user-agent", "")
    return hmac_sm3(key_for("trace"), b"device " + agent.encode(errors="replace")) if agent else None
