"""ID tokens, checked as OpenID Connect Core 1.0, 3.1.3.7 lays down. Pure.

The access token that comes beside one is thrown away unread, so that its hash (`at_hash`) protects nothing here.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet
from joserfc.jwt import JWTClaimsRegistry

from haochaping.exchange.identity_provider.peer import Failure, SignOnFailed
from haochaping.exchange.identity_provider.settings import Provider

# Signatures by keys that only the provider has. Neither "none" nor a keyed hash: its key would be our own secret.
ALGORITHMS: Final = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
# Two machines' clocks are a little apart.
LEEWAY: Final = 60
_LONGEST_SUBJECT: Final = 255


class UnknownKey(Exception):
    """The token names a key that is not among those at hand: it may be new."""


@dataclass(frozen=True, slots=True)
class Identity:
    """Who signed in there: `subject` is the provider's name for him. `strong`: by more than a password."""

    subject: str
    strong: bool


def identity(token: str, keys: KeySet, provider: Provider, *, nonce: str, now: datetime) -> Identity:
    """Whom the token speaks of. Raises UnknownKey, and SignOnFailed for a token that is not of this provider, for this
    system and this attempt, and good now."""
    try:
        claims = jwt.decode(token, keys, algorithms=ALGORITHMS).claims
    except InvalidKeyIdError:
        raise UnknownKey from None
    except (JoseError, ValueError, TypeError) as problem:
        raise SignOnFailed(Failure.TOKEN, getattr(problem, "error", "") or "form") from None
    rules = JWTClaimsRegistry(
        now=int(now.timestamp()),
        leeway=LEEWAY,
        iss={"essential": True, "value": provider.issuer},
        aud={"essential": True, "value": provider.client_id},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        rules.validate(claims)
    except JoseError as problem:
        raise SignOnFailed(
            Failure.TOKEN, f"{problem.error} {getattr(problem, 'claim', '')}".strip()
        ) from None
    _check_party(claims, provider)
    subject = claims["sub"]
    if not 0 < len(subject) <= _LONGEST_SUBJECT:
        raise SignOnFailed(Failure.TOKEN, "subject")
    return Identity(subject, _strong(claims, provider))


def _check_party(claims: Mapping[str, Any], provider: Provider) -> None:
    """Where it is for several, or names one, the party to whom it was given is this system."""
    audience, party = claims["aud"], claims.get("azp")
    several = isinstance(audience, list) and len(audience) > 1
    if (several or party is not None) and party != provider.client_id:
        raise SignOnFailed(Failure.TOKEN, "azp")


def _strong(claims: Mapping[str, Any], provider: Provider) -> bool:
    methods, context = claims.get("amr"), claims.get("acr")
    told = {each for each in methods if isinstance(each, str)} if isinstance(methods, list) else set()
    return bool(told & provider.strong_amr) or (isinstance(context, str) and context in provider.strong_acr)
