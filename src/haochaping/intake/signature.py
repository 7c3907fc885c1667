"""Who calls: requests signed with HMAC-SM3 over method, path, query, time, nonce and body.

`X-HCP-Signature` is the hex HMAC-SM3, keyed with the secret's characters, over
``METHOD\\npath\\nquery sorted\\ntimestamp\\nnonce\\nhex SM3 of the body``. "query sorted" is the raw query's
parts between ``&``, sorted and joined again; the body is taken as sent, compressed or not.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from haochaping.accounts.fragments import SECRET_PURPOSE, SELECT_CLIENT_OF_KEY, USE_NONCE, secret_place
from haochaping.foundation.errors import Refused
from haochaping.foundation.keys import key_for
from haochaping.foundation.sealing import hmac_sm3, same, sm3, unseal
from haochaping.intake.asking import asking
from haochaping.intake.http import Request

if TYPE_CHECKING:
    from haochaping.intake.services import Services

TOLERANCE_SECONDS = 300
_PATIENCE_SECONDS = 5
_HEADERS = ("X-HCP-Key", "X-HCP-Timestamp", "X-HCP-Nonce", "X-HCP-Signature")
_LONGEST_KEY = 40
_NONCE_LENGTH = range(8, 65)
_TIMESTAMP_LENGTH = range(1, 13)
# Compared against when the key is unknown, so that the answer takes as long as for a known one.
_NOBODYS_SECRET = b"nobody"


class Unauthenticated(Refused):
    """We do not know who calls: answered 401."""


class Forbidden(Refused):
    """We know who calls, and he may not do this: answered 403."""


@dataclass(frozen=True, slots=True)
class Client:
    """A business system whose request was rightly signed. `platform` numbers the cases that it reports."""

    id: UUID
    key_id: str
    organisation_id: int
    platform: str
    rights: frozenset[str]


@dataclass(frozen=True, slots=True)
class Credentials:
    """The four headers, well formed."""

    key_id: str
    timestamp: str
    nonce: str
    signature: str


def signature(secret: bytes, request: Request, *, timestamp: str, nonce: str) -> str:
    """The signature due for a request, 64 lower-case hex digits."""
    query = "&".join(sorted(request.query.split("&")))
    text = "\n".join((request.method, request.path, query, timestamp, nonce, sm3(request.body).hex()))
    return hmac_sm3(secret, text.encode()).hex()


def read_credentials(headers: Mapping[str, str]) -> Credentials:
    """The four headers. Raises Unauthenticated for a missing or malformed one."""
    missing = [name for name in _HEADERS if not headers.get(name.lower())]
    if missing:
        raise Unauthenticated(
            "signature_missing",
            f"请求未签名：缺少请求头 {'、'.join(missing)}。请按接口说明为每次请求签名。",
        )
    key_id, timestamp, nonce, signed = (headers[name.lower()] for name in _HEADERS)
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) in _TIMESTAMP_LENGTH):
        raise Unauthenticated("timestamp_malformed", "X-HCP-Timestamp 应为Unix时间（秒，整数）。")
    if len(nonce) not in _NONCE_LENGTH or not (nonce.isascii() and nonce.isprintable()):
        raise Unauthenticated("nonce_malformed", "X-HCP-Nonce 应为8至64个ASCII字符，每次请求都要新生成。")
    if not (key_id.isascii() and key_id.isalnum() and signed.isascii()):
        raise _wrong()
    return Credentials(key_id, timestamp, nonce, signed.lower())


def check_timestamp(timestamp: str, now: datetime) -> None:
    """Raises Unauthenticated when the clock of the caller is more than five minutes off."""
    if abs(int(timestamp) - now.timestamp()) > TOLERANCE_SECONDS:
        raise Unauthenticated(
            "timestamp_stale",
            "X-HCP-Timestamp 与本系统时间相差超过5分钟：请校准时钟，重新签名后再发送。",
        )


async def admit(request: Request, services: "Services") -> None:
    """Whether a request may at all be of a client, by its head: before a large body is read. Who passes is not
    known yet. Raises Unauthenticated.
    """
    given = read_credentials(request.headers)
    now = services.now()
    check_timestamp(given.timestamp, now)
    if len(given.key_id) > _LONGEST_KEY:
        raise _wrong()
    async with asking(services.pool, seconds=_PATIENCE_SECONDS) as connection:
        if await connection.fetchrow(SELECT_CLIENT_OF_KEY, given.key_id, now) is None:
            raise _wrong()


async def authenticate(request: Request, services: "Services", right: str) -> Client:
    """The client that signed this request and holds `right` ("report", "rate").

    Keys are read at every call, so that a revoked one stops at once. The nonce is spent only when the
    signature is right: nobody can spend another's. Raises Unauthenticated (unknown key and wrong signature
    alike) or Forbidden.
    """
    given = read_credentials(request.headers)
    now = services.now()
    check_timestamp(given.timestamp, now)
    async with asking(services.pool, seconds=_PATIENCE_SECONDS) as connection:
        row = None
        if len(given.key_id) <= _LONGEST_KEY:
            row = await connection.fetchrow(SELECT_CLIENT_OF_KEY, given.key_id, now)
        secret = _NOBODYS_SECRET
        if row is not None:
            secret = unseal(key_for(SECRET_PURPOSE), row["sealed_secret"], secret_place(given.key_id))
        due = signature(secret, request, timestamp=given.timestamp, nonce=given.nonce)
        if not same(due.encode(), given.signature.encode()) or row is None:
            raise _wrong()
        if await connection.fetchval(USE_NONCE, given.key_id, given.nonce, now) is None:
            raise Unauthenticated(
                "nonce_used", "X-HCP-Nonce 已使用过：请换一个新的随机值，重新签名后再发送。"
            )
    client = Client(
        row["id"], given.key_id, row["organisation_id"], row["platform"], frozenset(row["rights"])
    )
    if right not in client.rights:
        raise Forbidden(
            "right_missing",
            f"该接口密钥没有“{right}”权限：请联系好差评系统管理员。",
        )
    return client


def _wrong() -> Unauthenticated:
    return Unauthenticated(
        "signature_wrong",
        "密钥不存在、已停用，或签名不正确：请核对X-HCP-Key、密钥和签名原文的拼接方式。",
    )
