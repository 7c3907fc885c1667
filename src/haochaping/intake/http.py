"""The door's small vocabulary: request, response, route. A route that declares no permission cannot be
made.
"""

from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from haochaping.intake.spool import Spool

if TYPE_CHECKING:
    from haochaping.intake.services import Services

# ASGI's own words, as the server speaks them.
Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]


@dataclass(slots=True)
class Request:
    """One request, its body read whole, within the route's limit: `body`, or `spool` for a route with large ones.
    `received_at` is when its head arrived: who sends on a slow line in time is in time. `headers` have lower-case names;
    `address` is the client's. Not frozen, because a frozen one takes five times as long to make; nobody alters it."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    address: str
    received_at: datetime
    body: bytes = b""
    parameters: Mapping[str, str] = field(default_factory=dict)
    spool: Spool | None = None


class Response(Struct, frozen=True, gc=False):
    """One answer. The door adds the headers that every answer carries (content policy, no-sniff, no-referrer,
    no-store) unless `headers` has its own."""

    status: int
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


Handler = Callable[[Request, "Services"], Awaitable[Response]]
Admission = Callable[[Request, "Services"], Awaitable[Response | None]]
Slowed = Callable[[int, Request, "Services"], Awaitable[Response]]
Unready = Callable[[Request], Awaitable[Response | None]]


@dataclass(frozen=True, slots=True)
class Route:
    """`pattern` is a path with {names}, matched segment by segment; fixed segments in upper case match too,
    because QR codes carry upper case. What a name matched is passed on as it came.

    `permission` says who may call it: "public", "rating token", "receipt", "client:report". `body_limit` is
    in bytes; a longer body is answered 413. `admission` sees the request before its body is read, and may
    answer instead: a route with large bodies reads none of strangers. `spool` makes, by the headers, what such bodies
    are written into. `unready` answers while the door has no database yet, where that is not said as everywhere (None).
    Raises ValueError without a permission.
    """

    method: str
    pattern: str
    handler: Handler
    permission: str
    body_limit: int = 64 * 1024
    admission: Admission | None = None
    spool: Callable[[Mapping[str, str]], Spool] | None = None
    slowed: Slowed | None = None
    unready: Unready | None = None

    def __post_init__(self) -> None:
        if not self.permission:
            raise ValueError(f"the route {self.method} {self.pattern} declares no permission")
