"""Who calls: requests signed over method, path, query, time, nonce and body, with HMAC-SM3 or HMAC-SHA256.

`X-HCP-Signature` is the hex HMAC, keyed with the secret's characters, over
``METHOD\\npath\\nquery sorted\\ntimestamp\\nnonce\\nhex digest of the body``. "query sorted" is the raw query's
parts between ``&``, sorted and joined again; the body is taken as sent, compressed or not. `X-HCP-Algorithm` names
the algorithm, of which HMAC and digest are; without it, HMAC-SM3.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Final
from uuid import UUID

from haochaping.accounts.clients import TOLERANCE, TOLERANCES, Allowance, Reach, Right, Scope, allowance
from haochaping.accounts.fragments import SECRET_PURPOSE, SELECT_CLIENT_OF_KEY, USE_NONCE, secret_place
from haochaping.foundation.errors import Refused
from haochaping.foundation.keys import key_for
from haochaping.foundation.sealing import Sm3, hmac_sm3, same, unseal
from haochaping.intake.asking import asking
from haochaping.intake.dialects import Dialect
from haochaping.intake.http import Request
from haochaping.intake.spool import Digest, Spool

if TYPE_CHECKING:
    import asyncpg
    from asyncpg.pool import PoolConnectionProxy

    from haochaping.intake.services import Services

    Connection = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]

SM3: Final = "HMAC-SM3"
SHA256: Final = "HMAC-SHA256"
ALGORITHM: Final = "X-HCP-Algorithm"
_PATIENCE_SECONDS = 5
HEADERS: Final = ("X-HCP-Key", "X-HCP-Timestamp", "X-HCP-Nonce", "X-HCP-Signature")
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
    reach: Reach = Reach.PLATFORM
    listed: frozenset[int] = frozenset()
    allowance: Allowance = field(default_factory=Allowance)
    dialect: Dialect | None = None

    @property
    def scope(self) -> Scope:
        """For which organisations it may report."""
        return Scope(self.organisation_id, self.reach, self.listed)


@dataclass(frozen=True, slots=True)
class Credentials:
    """The four headers, well formed, and the algorithm."""

    key_id: str
    timestamp: str
    nonce: str
    signature: str
    algorithm: str = SM3


def signature(secret: bytes, request: Request, *, timestamp: str, nonce: str, algorithm: str = SM3) -> str:
    """The signature due for a request, 64 lower-case hex digits."""
    query = "&".join(sorted(request.query.split("&")))
    head = "\n".join((request.method, request.path, query, timestamp, nonce, ""))
    text = (head + _body_digest(request, algorithm)).encode()
    if algorithm == SHA256:
        return hmac.new(secret, text, hashlib.sha256).hexdigest()
    return hmac_sm3(secret, text).hex()


def signed_spool(headers: Mapping[str, str]) -> Spool:
    """For the body of a signed request: hashed, as it comes, by the algorithm that the request names."""
    return Spool(_digest(headers.get("x-hcp-algorithm", SM3)))


def _digest(algorithm: str) -> Digest:
    return hashlib.sha256() if algorithm == SHA256 else Sm3()


def _body_digest(request: Request, algorithm: str) -> str:
    if request.spool is not None:
        return request.spool.hexdigest()
    digest = _digest(algorithm)
    digest.update(request.body)
    return digest.hexdigest()


def read_credentials(headers: Mapping[str, str]) -> Credentials:
    """The headers of a signed request. Raises Unauthenticated for a missing or malformed one."""
    missing = [name for name in HEADERS if not headers.get(name.lower())]
    if missing:
        raise Unauthenticated(
            "signature_missing",
            f"请求未签名：缺少请求头 {'、'.join(missing)}。请按接口说明为每次请求签名。",
        )
    key_id, timestamp, nonce, signed = (headers[name.lower()] for name in HEADERS)
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) in _TIMESTAMP_LENGTH):
        raise Unauthenticated("timestamp_malformed", "X-HCP-Timestamp 应为Unix时间（秒，整数）。")
    if len(nonce) not in _NONCE_LENGTH or not (nonce.isascii() and nonce.isprintable()):
        raise Unauthenticated("nonce_malformed", "X-HCP-Nonce 应为8至64个ASCII字符，每次请求都要新生成。")
    algorithm = headers.get(ALGORITHM.lower(), SM3)
    if algorithm not in (SM3, SHA256):
        raise Unauthenticated(
            "algorithm_unknown", f"X-HCP-Algorithm 只能是 {SM3} 或 {SHA256}；不填即为 {SM3}。"
        )
    if not (key_id.isascii() and key_id.isalnum() and signed.isascii()):
        raise _wrong()
    return Credentials(key_id, timestamp, nonce, signed.lower(), algorithm)


def check_timestamp(timestamp: str, now: datetime, tolerance: int = TOLERANCE) -> None:
    """Raises Unauthenticated when the clock of the caller is more than `tolerance` seconds off."""
    if abs(int(timestamp) - now.timestamp()) > tolerance:
        raise Unauthenticated(
            "timestamp_stale",
            f"X-HCP-Timestamp 与本系统时间相差超过{tolerance}秒：请校准时钟，重新签名后再发送。",
        )


async def admit(request: Request, services: "Services") -> None:
    """Whether a request may at all be of a client, by its head: before a large body is read. Who passes is not
    known yet. Raises Unauthenticated, and Limited for a client that has sent too much.
    """
    given = read_credentials(request.headers)
    async with asking(services.pool, seconds=_PATIENCE_SECONDS) as connection:
        row = await _client_row(connection, given, services.now())
    if row is None:
        raise _wrong()
    services.limits.check(row["id"], _allowance(row))


async def authenticate(request: Request, services: "Services", *rights: Right) -> Client:
    """The client that signed this request and holds one of these rights.

    Keys are read at every call, so that a revoked one stops at once. The nonce is spent, and the call counted, only
    when the signature is right: nobody can spend another's. Raises Unauthenticated (unknown key and wrong signature
    alike), Limited (the nonce is not spent) or Forbidden.
    """
    given = read_credentials(request.headers)
    now = services.now()
    async with asking(services.pool, seconds=_PATIENCE_SECONDS) as connection:
        row = await _client_row(connection, given, now)
        secret = _NOBODYS_SECRET
        if row is not None:
            secret = unseal(key_for(SECRET_PURPOSE), row["sealed_secret"], secret_place(given.key_id))
        due = signature(
            secret, request, timestamp=given.timestamp, nonce=given.nonce, algorithm=given.algorithm
        )
        if not same(due.encode(), given.signature.encode()) or row is None:
            raise _wrong()
        services.limits.check(row["id"], _allowance(row))
        if await connection.fetchval(USE_NONCE, given.key_id, given.nonce, now) is None:
            raise Unauthenticated(
                "nonce_used", "X-HCP-Nonce 已使用过：请换一个新的随机值，重新签名后再发送。"
            )
        services.limits.call(row["id"], _allowance(row))
        dialect = await services.dialects.edition(connection, row["dialect_id"])
    client = client_of(row, given.key_id, dialect)
    if client.rights.isdisjoint(rights):
        raise Forbidden(
            "right_missing",
            f"该接口密钥没有“{rights[0]}”权限：请联系好差评系统管理员。",
        )
    return client


async def _client_row(connection: "Connection", given: Credentials, now: datetime) -> "asyncpg.Record | None":
    """The client's row when the key is in force. Raises Unauthenticated for a clock that is too far off."""
    check_timestamp(given.timestamp, now, TOLERANCES[-1])
    row = None
    if len(given.key_id) <= _LONGEST_KEY:
        row = await connection.fetchrow(SELECT_CLIENT_OF_KEY, given.key_id, now)
    check_timestamp(given.timestamp, now, TOLERANCE if row is None else row["clock_tolerance"])
    return row


def client_of(row: "asyncpg.Record", key_id: str, dialect: Dialect | None) -> Client:
    """The client of a row of SELECT_CLIENT or SELECT_CLIENT_OF_KEY."""
    return Client(
        id=row["id"],
        key_id=key_id,
        organisation_id=row["organisation_id"],
        platform=row["platform"],
        rights=frozenset(row["rights"]),
        reach=Reach(row["reach"]),
        listed=frozenset(row["listed"]),
        allowance=_allowance(row),
        dialect=dialect,
    )


def _allowance(row: "asyncpg.Record") -> Allowance:
    return allowance(row["calls"], row["calls_burst"], row["records"], row["records_burst"])


def _wrong() -> Unauthenticated:
    return Unauthenticated(
        "signature_wrong",
        "密钥不存在、已停用，或签名不正确：请核对X-HCP-Key、密钥和签名原文的拼接方式。",
    )
