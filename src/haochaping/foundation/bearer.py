"""The token with which a machine of the house reads what is measured."""

import hmac
import os
from collections.abc import Mapping
from typing import Final

TOKEN: Final = "HAOCHAPING_METRICS_TOKEN"  # noqa: S105  (the name of a setting)
LEAST: Final = 20


def metrics_token(environment: Mapping[str, str] = os.environ) -> str | None:
    """HAOCHAPING_METRICS_TOKEN; None where nothing is measured from outside. Raises ValueError for one that is too short."""
    token = environment.get(TOKEN, "")
    if token and len(token) < LEAST:
        raise ValueError(f"{TOKEN} must have at least {LEAST} characters")
    return token or None


def bears(authorization: str, token: str) -> bool:
    """Whether a header `Authorization: Bearer ...` carries the token."""
    scheme, _, given = authorization.partition(" ")
    return scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())
