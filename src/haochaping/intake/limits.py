"""How much each client may send: a bucket for its calls and one for its records, kept in this process.

A call is let in while both buckets hold something; what it carries is then taken, more than there is if need be. So no
call is too large for its bucket, and who went beyond waits before the next one, at the cost of reading its head.
"""

import math
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from haochaping.accounts.clients import Allowance
from haochaping.foundation.errors import Refused

_WORDS: Final = {
    "calls": "调用过于频繁：该接入系统平均每秒最多{rate}次，可一次性突发{burst}次。",
    "records": "报送过快：该接入系统平均每秒最多{rate}条，可一次性突发{burst}条。",
}


class Limited(Refused):
    """A client has sent more than it may: answered 429. `kind` is "calls" or "records", `wait` in whole seconds."""

    def __init__(self, kind: str, rate: int, burst: int, wait: int) -> None:
        super().__init__(f"limit_{kind}", _WORDS[kind].format(rate=rate, burst=burst))
        self.kind, self.rate, self.burst, self.wait = kind, rate, burst, wait


@dataclass(slots=True)
class _Bucket:
    """`level` tokens at the instant `at` (seconds of a clock that only goes forward), filling up to `burst`."""

    rate: int
    burst: int
    level: float
    at: float

    def now(self, at: float) -> float:
        """The level at this instant."""
        self.level = min(float(self.burst), self.level + max(0.0, at - self.at) * self.rate)
        self.at = at
        return self.level

    def wait(self, at: float) -> int:
        """Whole seconds until there is a token again, 0 when there is one."""
        missing = 1.0 - self.now(at)
        return max(1, math.ceil(missing / self.rate)) if missing > 1e-9 else 0


class Limits:
    """The buckets of all clients that have called this process. `clock` gives seconds and only goes forward."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._buckets: dict[tuple[UUID, str], _Bucket] = {}

    def check(self, client: UUID, allowed: Allowance, *kinds: str) -> None:
        """Raises Limited when the client may not call now, for its calls or its records, or for `kinds` alone. Takes
        nothing."""
        for kind in kinds or ("calls", "records"):
            bucket = self._buckets.get((client, kind))
            if bucket is not None and (wait := self._bucket(client, kind, allowed).wait(self._clock())):
                raise Limited(kind, bucket.rate, bucket.burst, wait)

    def call(self, client: UUID, allowed: Allowance) -> None:
        """Takes one call."""
        self._take(client, "calls", allowed, 1)

    def records(self, client: UUID, allowed: Allowance, number: int) -> None:
        """Takes so many records."""
        self._take(client, "records", allowed, number)

    def _take(self, client: UUID, kind: str, allowed: Allowance, number: int) -> None:
        bucket = self._bucket(client, kind, allowed)
        bucket.level = bucket.now(self._clock()) - number

    def _bucket(self, client: UUID, kind: str, allowed: Allowance) -> _Bucket:
        """The bucket by the limits of today: who is given other ones keeps what he had, as far as it fits in."""
        rate, burst = (
            (allowed.calls, allowed.calls_burst)
            if kind == "calls"
            else (allowed.records, allowed.records_burst)
        )
        bucket = self._buckets.get((client, kind))
        if bucket is None:
            bucket = self._buckets[client, kind] = _Bucket(rate, burst, float(burst), self._clock())
        if (bucket.rate, bucket.burst) != (rate, burst):
            bucket.now(self._clock())
            bucket.rate, bucket.burst = rate, burst
        return bucket
