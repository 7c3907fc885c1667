"""How we sign what we send: as a business system signs what it sends to us."""

import secrets
from datetime import datetime

from haochaping.intake.http import Request
from haochaping.intake.signature import ALGORITHM, HEADERS, SM3, signature


def signed_headers(
    key: str,
    secret: str,
    path: str,
    body: bytes,
    *,
    now: datetime,
    query: str = "",
    algorithm: str = SM3,
) -> dict[str, str]:
    """The headers that sign a POST to `path` with a fresh nonce; `algorithm` is one of `intake.signature`."""
    request = Request(
        method="POST", path=path, query=query, headers={}, address="", received_at=now, body=body
    )
    timestamp, nonce = str(int(now.timestamp())), secrets.token_hex(16)
    made = signature(secret.encode(), request, timestamp=timestamp, nonce=nonce, algorithm=algorithm)
    signed = dict(zip(HEADERS, (key, timestamp, nonce, made), strict=True))
    return signed if algorithm == SM3 else {**signed, ALGORITHM: algorithm}
