"""Which identity provider there is, as the environment says it. Read once, by the settings."""

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import urlsplit

from haochaping.foundation.outgoing import checked_address

NAME: Final = "统一身份认证"
NONE: Final = "none"
# RFC 8176: several factors were asked for. What else a provider says of itself has to be laid down.
MULTIPLE_FACTORS: Final = "mfa"
_WHERE: Final = "HAOCHAPING_OIDC_ISSUER"
_CLIENT: Final = "HAOCHAPING_OIDC_CLIENT"
_LONGEST_NAME: Final = 30


@dataclass(frozen=True, slots=True)
class Provider:
    """`name` stands on the button. A sign-in of which one of `strong_amr` or `strong_acr` is said in the token needs no
    second factor of ours. Without `client_secret` PKCE alone proves who redeems a code."""

    issuer: str
    client_id: str
    client_secret: str = field(default="", repr=False)
    name: str = NAME
    strong_amr: frozenset[str] = frozenset({MULTIPLE_FACTORS})
    strong_acr: frozenset[str] = frozenset()


def provider_of(environment: Mapping[str, str]) -> Provider | None:
    """From HAOCHAPING_OIDC_ISSUER, _CLIENT, _SECRET, _NAME, _AMR, _ACR; None without an issuer. Raises ValueError: what is
    wrong and what may stand there."""
    issuer = environment.get(_WHERE, "").strip()
    if not issuer:
        return None
    if not usable(issuer) or urlsplit(issuer).query or urlsplit(issuer).fragment:
        raise ValueError(
            f"{_WHERE} is {issuer!r}: the provider's address is wanted, with https and without '?' or '#' "
            "(http for an address of this machine only)"
        )
    client_id = environment.get(_CLIENT, "").strip()
    if not client_id:
        raise ValueError(f"{_CLIENT} is missing: the name under which the provider knows this system")
    name = environment.get("HAOCHAPING_OIDC_NAME", "").strip() or NAME
    if len(name) > _LONGEST_NAME:
        raise ValueError(
            f"HAOCHAPING_OIDC_NAME has {len(name)} characters: at most {_LONGEST_NAME} fit the button"
        )
    return Provider(
        issuer=issuer,
        client_id=client_id,
        client_secret=environment.get("HAOCHAPING_OIDC_SECRET", "").strip(),
        name=name,
        strong_amr=_words(environment, "HAOCHAPING_OIDC_AMR", frozenset({MULTIPLE_FACTORS})),
        strong_acr=_words(environment, "HAOCHAPING_OIDC_ACR", frozenset()),
    )


def usable(address: str) -> bool:
    """Whether secrets may be sent there: by https, or to this machine itself."""
    try:
        parts = checked_address(address)
    except ValueError:
        return False
    return parts.scheme == "https" or _is_this_machine(parts.hostname or "")


def _is_this_machine(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _words(environment: Mapping[str, str], name: str, own: frozenset[str]) -> frozenset[str]:
    words = frozenset(environment.get(name, "").split())
    return (words - {NONE}) if words else own
