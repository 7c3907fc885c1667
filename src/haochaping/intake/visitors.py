"""How often somebody without a signature may come: from one address, and with one rating token.

Nobody is counted together with another visitor of the same token, or the window that printed it could learn from its own
refusals that the citizen was there, or use the token up for him. A genuine token has an allowance of its own that does not
hang on the address: however many share one, or misuse it, who holds a token that is not tried all the time gets in.

Kept in this process, as numbers under a key that Python makes anew for each process: no address and no token lies here.
Who comes from the machine itself, or has no address that we know, is not counted: a trial of ours, or everybody behind a
proxy that nobody named.
"""

import math
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from typing import Final

from haochaping.cases import token as tokens
from haochaping.foundation.keys import key_for
from haochaping.foundation.subscribers import subscriber


@dataclass(frozen=True, slots=True)
class Pace:
    """So many `a_minute` in the long run, and so many `at_once` after a pause; both at least 1."""

    a_minute: int
    at_once: int


# A hall: two hundred people behind one address who within a minute open the page, send it, are told what is missing, send it
# again and look up their receipt. Against a door that answers thousands a second, twenty are nothing.
ADDRESS: Final = Pace(1_200, 1_200)
# One person with one link: opens it, changes size and language, is told three times what is missing, shows the code.
TOKEN: Final = Pace(30, 30)
# About 90 bytes each. Who is forgotten has his whole allowance again: a million addresses make nobody else wait.
REMEMBERED: Final = 20_000

_ROUNDING: Final = 1e-9


class Visitors:
    """All who came lately. None for a pace: no limit. `clock` gives seconds and only goes forward."""

    def __init__(
        self,
        address: Pace | None = ADDRESS,
        token: Pace | None = TOKEN,
        *,
        clock: Callable[[], float] = time.monotonic,
        remembered: int = REMEMBERED,
    ) -> None:
        self._clock = clock
        self._addresses = _Buckets(address, remembered) if address else None
        self._tokens = _Buckets(token, remembered) if token else None
        # Of genuine tokens, at addresses that have come too often: whatever they call themselves.
        self._genuine = _Buckets(token or TOKEN, remembered) if address else None

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Visitors":
        """By HAOCHAPING_ADDRESS_LIMIT and HAOCHAPING_TOKEN_LIMIT: "A_MINUTE/AT_ONCE" or "off". Raises ValueError."""
        return cls(
            _pace(environment, "HAOCHAPING_ADDRESS_LIMIT", ADDRESS),
            _pace(environment, "HAOCHAPING_TOKEN_LIMIT", TOKEN),
        )

    def wait(self, address: str, token: str = "", agent: str = "") -> int:
        """Whole seconds until this visitor may come again; 0 when he may come now, and is then counted. `token` as it stands
        in the address, "" where there is none; `agent` is what the browser calls itself."""
        who = _counted(address)
        if not who:
            return 0
        at = self._clock()
        if token:
            # However it is spelled (`foundation.base32`): `translate` would take ten times as long.
            token = token.upper().replace("O", "0").replace("I", "1").replace("L", "1")
            if self._tokens and (wait := self._tokens.wait(hash((token, who, agent)), at)):
                return math.ceil(wait)
        if self._addresses is None or self._genuine is None:
            return 0
        wait = self._addresses.wait(hash(who), at)
        if wait and token and _is_genuine(token):
            wait = self._genuine.wait(hash((token, who)), at)
        return math.ceil(wait)


class _Buckets:
    """For each key the instant at which its bucket will be full again: all that a bucket of tokens needs."""

    def __init__(self, pace: Pace, remembered: int) -> None:
        self._each = 60 / pace.a_minute
        self._most = (pace.at_once - 1) * self._each + _ROUNDING
        self._remembered = remembered
        # Who came since the last turn, and who came in the one before: that is cheaper than an order of all.
        self._lately: dict[int, float] = {}
        self._before: dict[int, float] = {}

    def wait(self, key: int, at: float) -> float:
        """Seconds until there is one again; 0.0 when there is one, which is then taken. Who has to wait takes nothing."""
        full_at = self._lately.get(key)
        if full_at is None:
            full_at = self._before.get(key, at)
        if full_at < at:
            full_at = at
        elif (beyond := full_at - at - self._most) > 0:
            return beyond
        if len(self._lately) >= self._remembered:
            self._lately, self._before = {}, self._lately
        self._lately[key] = full_at + self._each
        return 0.0


@lru_cache(maxsize=REMEMBERED)
def _counted(address: str) -> str:
    """Who stands behind an address; "" for who is not counted."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return ""
    ours = (getattr(parsed, "ipv4_mapped", None) or parsed).is_loopback
    return "" if ours else subscriber(address)


def _is_genuine(token: str) -> bool:
    try:
        tokens.read(token, key_for("rating token"))
    except tokens.ForgedToken:
        return False
    return True


def _pace(environment: Mapping[str, str], name: str, default: Pace) -> Pace | None:
    text = environment.get(name, "").strip()
    if not text:
        return default
    if text == "off":
        return None
    a_minute, _, at_once = text.partition("/")
    if not (a_minute.isdecimal() and at_once.isdecimal() and int(a_minute) and int(at_once)):
        raise ValueError(
            f"{name} is {text!r}: give how many a minute and how many at once, such as "
            f'"{default.a_minute}/{default.at_once}", or "off"'
        )
    return Pace(int(a_minute), int(at_once))
