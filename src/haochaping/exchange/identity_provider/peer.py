"""The provider as it is reached over HTTP: what it says of itself, its keys, and the codes that it redeems."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cache
from typing import Any, Final
from urllib.parse import quote, urlencode

from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from haochaping.exchange.identity_provider.settings import Provider, usable
from haochaping.foundation.outgoing import Answer, NoAnswer, call

# Somebody waits in front of the page, and a thread of ours with him.
SECONDS: Final = 3.0
IN_ALL: Final = 6.0
# For so long a document is taken as still true; keys are asked for anew whenever a token names one that is not known.
GOOD_FOR: Final = timedelta(hours=1)
# After a failure nobody else waits for it again at once.
REST: Final = timedelta(seconds=15)
_WELL_KNOWN: Final = "/.well-known/openid-configuration"
_NEEDED: Final = ("authorization_endpoint", "token_endpoint", "jwks_uri")
_FORM: Final = "application/x-www-form-urlencoded"


class Failure(StrEnum):
    """Why a sign-in by the provider came to nothing."""

    AWAY = "away"  # it does not answer, or not with what the standard says
    CODE = "code"  # it does not redeem the code: used, expired, or another's
    TOKEN = "token"  # noqa: S105  (what it says of who signed in cannot be relied upon)


class SignOnFailed(Exception):
    """`reason` is for the log and the trail: one word, nothing of what the provider or the browser sent."""

    def __init__(self, failure: Failure, reason: str) -> None:
        super().__init__(f"{failure}: {reason}")
        self.failure = failure
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Endpoints:
    """Addresses of the provider; `leave` is "" where it has none. `posts_secret`: it wants the secret in the form."""

    authorize: str
    token: str
    keys: str
    leave: str
    posts_secret: bool


class Peer:
    """One provider, for all threads of a process. What two of them fetch at once is fetched twice, and alike."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider
        self._endpoints: tuple[datetime, Endpoints] | None = None
        self._keys: tuple[datetime, KeySet] | None = None
        self._rests_until: datetime | None = None

    def endpoints(self, now: datetime) -> Endpoints:
        """What the provider says of itself (OpenID Connect Discovery 1.0, 4). Raises SignOnFailed."""
        if self._endpoints is None or self._endpoints[0] + GOOD_FOR <= now:
            said = self._document(self._provider.issuer.rstrip("/") + _WELL_KNOWN, now)
            self._endpoints = (now, _endpoints(said, self._provider.issuer))
        return self._endpoints[1]

    def keys(self, now: datetime, *, anew: bool = False) -> KeySet:
        """The keys by which its tokens are signed; `anew`: as they are at this moment. Raises SignOnFailed."""
        if anew or self._keys is None or self._keys[0] + GOOD_FOR <= now:
            said = self._document(self.endpoints(now).keys, now)
            try:
                self._keys = (now, KeySet.import_key_set(said))  # type: ignore[arg-type]
            except (JoseError, ValueError, TypeError, KeyError, AttributeError):
                raise SignOnFailed(Failure.AWAY, "keys") from None
        return self._keys[1]

    def redeemed(self, *, code: str, verifier: str, back: str, now: datetime) -> str:
        """The ID token for a code. Raises SignOnFailed."""
        where, provider = self.endpoints(now), self._provider
        form = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": back,
            "code_verifier": verifier,
        }
        headers = {"Content-Type": _FORM, "Accept": "application/json"}
        if provider.client_secret and not where.posts_secret:
            pair = f"{quote(provider.client_id, safe='')}:{quote(provider.client_secret, safe='')}"
            headers["Authorization"] = "Basic " + base64.b64encode(pair.encode()).decode()
        else:
            form["client_id"] = provider.client_id
            if provider.client_secret:
                form["client_secret"] = provider.client_secret
        answer = self._called("POST", where.token, now, headers=headers, body=urlencode(form).encode())
        if 400 <= answer.status < 500:
            raise SignOnFailed(Failure.CODE, f"HTTP {answer.status}")
        token = _object(answer).get("id_token")
        if not isinstance(token, str):
            raise SignOnFailed(Failure.TOKEN, "missing")
        return token

    def _document(self, address: str, now: datetime) -> dict[str, Any]:
        return _object(self._called("GET", address, now, headers={"Accept": "application/json"}))

    def _called(
        self, method: str, address: str, now: datetime, *, headers: Mapping[str, str], body: bytes = b""
    ) -> Answer:
        if self._rests_until is not None and now < self._rests_until:
            raise SignOnFailed(Failure.AWAY, "resting")
        try:
            answer = call(method, address, headers=headers, body=body, seconds=SECONDS, in_all=IN_ALL)
        except NoAnswer as problem:
            self._rests_until = now + REST
            raise SignOnFailed(Failure.AWAY, problem.reason) from None
        self._rests_until = None
        return answer


@cache
def peer(provider: Provider) -> Peer:
    """The one of this process."""
    return Peer(provider)


def _endpoints(said: Mapping[str, Any], issuer: str) -> Endpoints:
    """Raises SignOnFailed for another issuer (Discovery 4.3) and for addresses to which nothing secret may go."""
    if said.get("issuer") != issuer:
        raise SignOnFailed(Failure.AWAY, "issuer")
    authorize, token, keys = (said.get(name) for name in _NEEDED)
    leave = said.get("end_session_endpoint") or ""
    if not all(isinstance(each, str) and usable(each) for each in (authorize, token, keys, leave or issuer)):
        raise SignOnFailed(Failure.AWAY, "addresses")
    # What is not said is client_secret_basic (Discovery 3).
    ways = said.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    return Endpoints(
        authorize=str(authorize),
        token=str(token),
        keys=str(keys),
        leave=str(leave),
        posts_secret="client_secret_basic" not in ways,
    )


def _object(answer: Answer) -> dict[str, Any]:
    """Raises SignOnFailed for what is no JSON object, or no answer to what was asked."""
    try:
        said = json.loads(answer.body) if answer.status == 200 else None
    except ValueError:
        said = None
    if not isinstance(said, dict):
        raise SignOnFailed(Failure.AWAY, f"HTTP {answer.status}")
    return said
