"""Signing in by the provider: the way there, and what comes back (authorization code with PKCE, RFC 6749 and 7636)."""

import base64
import hashlib
import json
import os
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Final
from urllib.parse import urlencode

from haochaping.exchange.identity_provider.peer import Failure, SignOnFailed, peer
from haochaping.exchange.identity_provider.settings import Provider
from haochaping.exchange.identity_provider.tokens import Identity, UnknownKey, identity
from haochaping.foundation.keys import key_for
from haochaping.foundation.sealing import SealBroken, same, seal, unseal

# So long somebody may take at the provider.
WINDOW: Final = timedelta(minutes=10)
_PURPOSE: Final = "sign-in by provider"
_SECRET_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class Begun:
    """An attempt as the browser carries it, sealed: what has to come back, what proves that the code is ours, and where its
    official wanted to go. `until` in seconds since 1970."""

    state: str
    nonce: str
    verifier: str
    wanted: str
    until: float

    def sealed(self) -> str:
        """For a cookie: nothing is kept here, so that strangers fill no table."""
        kept = seal(key_for(_PURPOSE), json.dumps(asdict(self)).encode(), _PURPOSE.encode())
        return base64.urlsafe_b64encode(kept).decode()


def begun_in(sealed: str, *, state: str, now: datetime) -> Begun | None:
    """The attempt that this browser began, if what came back is an answer to it and not too late; else None."""
    try:
        text = unseal(key_for(_PURPOSE), base64.urlsafe_b64decode(sealed), _PURPOSE.encode())
    except (SealBroken, ValueError):
        return None
    begun = Begun(**json.loads(text))
    answers = same(begun.state.encode(), state.encode()) and now.timestamp() < begun.until
    return begun if answers else None


def begin(provider: Provider, *, back: str, wanted: str, now: datetime) -> tuple[str, Begun]:
    """The provider's address to which the browser goes, and what it carries meanwhile. Raises SignOnFailed."""
    where = peer(provider).endpoints(now).authorize
    begun = Begun(_fresh(), _fresh(), _fresh(), wanted, (now + WINDOW).timestamp())
    asked = {
        "response_type": "code",
        "scope": "openid",
        "client_id": provider.client_id,
        "redirect_uri": back,
        "state": begun.state,
        "nonce": begun.nonce,
        "code_challenge": _plain(hashlib.sha256(begun.verifier.encode()).digest()),
        "code_challenge_method": "S256",
    }
    return _with(where, asked), begun


def finish(provider: Provider, begun: Begun, *, code: str, back: str, now: datetime) -> Identity:
    """Who signed in there. Keys that are not known yet are asked for once more: providers change them. Raises
    SignOnFailed."""
    there = peer(provider)
    token = there.redeemed(code=code, verifier=begun.verifier, back=back, now=now)
    for anew in (False, True):
        try:
            return identity(token, there.keys(now, anew=anew), provider, nonce=begun.nonce, now=now)
        except UnknownKey:
            continue
    raise SignOnFailed(Failure.TOKEN, "unknown key")


def leaving(provider: Provider, *, back: str, now: datetime) -> str:
    """The provider's address at which its own session ends; "" where it has none or does not answer. The token, which could
    be handed in there, is not kept here: it would stand in an address."""
    try:
        where = peer(provider).endpoints(now).leave
    except SignOnFailed:
        return ""
    asked = {"client_id": provider.client_id, "post_logout_redirect_uri": back}
    return _with(where, asked) if where else ""


def _with(address: str, asked: dict[str, str]) -> str:
    return address + ("&" if "?" in address else "?") + urlencode(asked)


def _fresh() -> str:
    return _plain(os.urandom(_SECRET_BYTES))


def _plain(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()
