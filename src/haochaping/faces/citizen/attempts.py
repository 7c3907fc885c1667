"""How often one address may try a wrong receipt.

Per process and forgetful: what protects a rating are the 80 bits of the secret.
"""

from collections import OrderedDict
from datetime import datetime

from haochaping.foundation.subscribers import subscriber


class Attempts:
    """`most` wrong attempts, refilled evenly `within_seconds`; `remembered` addresses that failed."""

    def __init__(self, *, most: int = 10, within_seconds: int = 60, remembered: int = 10_000) -> None:
        self._most = most
        self._within_seconds = within_seconds
        self._remembered = remembered
        self._failed: OrderedDict[str, tuple[datetime, int]] = OrderedDict()

    def forget(self) -> None:
        """Begins with nobody remembered."""
        self._failed.clear()

    def allowed(self, address: str, now: datetime) -> bool:
        """Whether this address may try once more."""
        return self._count(subscriber(address), now) < self._most

    def failed(self, address: str, now: datetime) -> None:
        """Counts a wrong attempt."""
        key = subscriber(address)
        self._failed[key] = (now, self._count(key, now) + 1)
        self._failed.move_to_end(key)
        while len(self._failed) > self._remembered:
            self._failed.popitem(last=False)

    def _count(self, key: str, now: datetime) -> int:
        last, count = self._failed.get(key, (now, 0))
        forgiven = int((now - last).total_seconds()) * self._most // self._within_seconds
        return max(0, count - max(0, forgiven))
