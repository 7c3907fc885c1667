"""Who may not try again yet, after too many failures."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from haochaping.accounts.models import FailedSignIn
from haochaping.foundation.keys import key_for
from haochaping.foundation.sealing import hmac_sm3

# What is counted of a username from all addresses together. A lock at one address is in the trail when it begins.
_OF_NAMES: Final = ("username", "second factor", "change of password")


@dataclass(frozen=True, slots=True)
class LockView:
    """A username that is locked everywhere; `what` was guessed."""

    username: str
    what: str
    until: datetime


def key_of(kind: str, value: str) -> str:
    """What failures are counted under: neither names nor addresses are kept in plain."""
    return hmac_sm3(key_for("failed sign-in"), f"{kind}:{value}".encode()).hex()


def locked(*, usernames: Collection[str], now: datetime) -> tuple[LockView, ...]:
    """Those of the usernames that are locked now, by what was guessed, the longest first."""
    rows = FailedSignIn.objects.filter(locked_until__gt=now).values_list("key", "locked_until")
    until = dict(rows)
    found = [
        LockView(name, what, end)
        for name in usernames
        for what in _OF_NAMES
        if (end := until.get(key_of(what, name)))
    ]
    return tuple(sorted(found, key=lambda lock: lock.until, reverse=True))
