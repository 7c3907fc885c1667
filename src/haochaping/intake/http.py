"""The door's small vocabulary: request, response, route. A route that declares no permission cannot be written down."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from haochaping.intake.services import Services


@dataclass(frozen=True, slots=True)
class Request:
    """One request, its body read whole (within the route's limit) before `received_at` is used for anything."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    address: str
    received_at: datetime
    body: bytes = b""
    parameters: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Response:
    """One answer. The door adds the headers that every answer carries (content policy, no-sniff, no-referrer)."""

    status: int
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()


Handler = Callable[[Request, "Services"], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Route:
    """`pattern` is a path with {names}, matched segment by segment, upper case accepted in tokens.

    `permission` says who may call it and is never empty: "public", "rating token", "receipt", "client:report".
    `body_limit` is in bytes; a longer body is answered 413.
    """

    method: str
    pattern: str
    handler: Handler
    permission: str
    body_limit: int = 64 * 1024
