"""Keyed hashes of address and device: enough to see that two ratings came from one place, and nothing
more.
"""

from collections.abc import Mapping
from functools import lru_cache
from typing import Final

from haochaping.foundation.keys import key_for
from haochaping.foundation.sealing import hmac_sm3

# Few browsers are behind most ratings; addresses differ.
_AGENTS_KEPT: Final = 500


def address_hash(address: str) -> bytes | None:
    """32 bytes; None when the address is not known."""
    return hmac_sm3(key_for("trace"), b"address " + address.encode()) if address else None


def device_hash(headers: Mapping[str, str]) -> bytes | None:
    """32 bytes of what the browser or device calls itself; None when it does not say."""
    agent = headers.get("user-agent", "")
    return _agent_hash(agent) if agent else None


@lru_cache(maxsize=_AGENTS_KEPT)
def _agent_hash(agent: str) -> bytes:
    return hmac_sm3(key_for("trace"), b"device " + agent.encode(errors="replace"))
