"""Passes what is not the door's own to Django, over a Unix socket.

The request body is read whole before Django is bothered: a slow sender holds a few kilobytes here instead of
one of the few threads there. Answers stream.
"""

import logging
from collections.abc import Iterable, Mapping
from typing import Final

import aiohttp
from yarl import URL

from haochaping.foundation.requests import HEADER, request_id
from haochaping.intake.answers import end, send_response, trouble
from haochaping.intake.bodies import Room
from haochaping.intake.http import Receive, Scope, Send
from haochaping.intake.reception import taken_in
from haochaping.intake.whereabouts import whereabouts

log = logging.getLogger(__name__)

BODY_LIMIT: Final = 10 * 1024 * 1024
_ALL_BODIES: Final = 64 * 1024 * 1024
_RETRY: Final = (("Retry-After", "5"),)
# Connections at once; more wait here. Django has a few threads only.
_CONNECTIONS: Final = 64
# An answer of up to this size frees Django's thread however slowly the client reads.
_READ_AHEAD: Final = 1024 * 1024
_TIMES: Final = aiohttp.ClientTimeout(total=None, sock_connect=2, sock_read=60)
_PROBE_TIMES: Final = aiohttp.ClientTimeout(total=2)
# Answered by the static files' middleware: says that a worker runs, and asks no database.
_PROBE: Final = "/static/shared/tokens.css"

# RFC 9110, 7.6.1: these concern one connection only.
_HOP_BY_HOP: Final = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    }
)
# Said by us and by nobody else, or answered by us already.
_OURS: Final = frozenset(
    {
        "content-length",
        "expect",
        "forwarded",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-port",
        "x-forwarded-proto",
        "x-forwarded-server",
        "x-real-ip",
        "x-request-id",
    }
)
# The door's own server writes the date; who serves behind it is nobody's business.
_NOT_RETURNED: Final = frozenset({"date", "server"})


class Relay:
    """One per process; `socket` is the path of Django's Unix socket."""

    def __init__(self, socket: str, *, body_limit: int = BODY_LIMIT, all_bodies: int = _ALL_BODIES) -> None:
        self._socket = socket
        self._body_limit = body_limit
        self._room = Room(all_bodies)
        self._session: aiohttp.ClientSession | None = None

    async def open(self) -> None:
        """Makes the client. Every request has a connection of its own: on a Unix socket that costs next to
        nothing, and no request can meet a kept connection that is just being closed."""
        connector = aiohttp.UnixConnector(self._socket, limit=_CONNECTIONS, force_close=True)
        self._session = aiohttp.ClientSession(
            connector=connector,
            auto_decompress=False,
            cookie_jar=aiohttp.DummyCookieJar(),
            read_bufsize=_READ_AHEAD,
            timeout=_TIMES,
            skip_auto_headers=("Accept", "Accept-Encoding", "User-Agent", "Content-Type"),
        )

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()
            self._session = None

    async def reachable(self) -> bool:
        """Whether a worker behind the socket answers within two seconds."""
        if self._session is None:
            return False
        try:
            async with self._session.get(URL(f"http://localhost{_PROBE}"), timeout=_PROBE_TIMES) as response:
                return response.status < 500
        except (aiohttp.ClientError, OSError, TimeoutError):
            return False

    async def pass_on(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        *,
        headers: Mapping[str, str],
        client: str,
        scheme: str,
    ) -> None:
        """Passes one request on and its answer back; whatever goes wrong is answered here."""
        with self._room.share() as share:
            body = await taken_in(scope, receive, send, headers, limit=self._body_limit, share=share)
            if body is not None:
                outbound = _outbound(scope["headers"], headers, client=client, scheme=scheme)
                await self._exchange(scope, send, outbound, body)

    async def _exchange(self, scope: Scope, send: Send, headers: list[tuple[str, str]], body: bytes) -> None:
        if self._session is None:
            raise RuntimeError("the relay was not opened")
        path, head = scope["path"], scope["method"] == "HEAD"
        started = False
        try:
            async with self._session.request(
                scope["method"], _url(scope), headers=headers, data=body or None, allow_redirects=False
            ) as answer:
                started = True
                await send(
                    {
                        "type": "http.response.start",
                        "status": answer.status,
                        "headers": _inbound(answer.raw_headers),
                    }
                )
                async for chunk in answer.content.iter_any():
                    await send({"type": "http.response.body", "body": chunk, "more_body": True})
                await end(send)
        except (aiohttp.ClientError, OSError) as problem:
            if started:
                # Left unended on purpose: the server then cuts the connection, and a torn answer looks torn.
                return
            code = "web_slow" if isinstance(problem, TimeoutError) else "web_away"
            await send_response(send, trouble(code, path=path, headers=_RETRY), head=head)
        except Exception as problem:
            # Not left to the server, which would log the message: it may quote the address, and that a secret.
            log.error("passing on a %s request failed: %s", scope["method"], whereabouts(problem))
            if not started:
                await send_response(send, trouble("internal_error", path=path), head=head)


def _url(scope: Scope) -> URL:
    """The address as it came, byte for byte."""
    raw: bytes = scope.get("raw_path") or scope["path"].encode()
    query: bytes = scope["query_string"]
    text = raw.partition(b"?")[0].decode("latin-1") + ("?" + query.decode("latin-1") if query else "")
    return URL(f"http://localhost{text}", encoded=True)


def _outbound(
    raw: Iterable[tuple[bytes, bytes]], headers: Mapping[str, str], *, client: str, scheme: str
) -> list[tuple[str, str]]:
    left_out = _HOP_BY_HOP | _OURS | _named(headers.get("connection", ""))
    pairs = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in raw]
    kept = [(name, value) for name, value in pairs if name.lower() not in left_out]
    return [
        *kept,
        ("X-Forwarded-For", client),
        ("X-Forwarded-Proto", scheme),
        ("X-Forwarded-Host", headers.get("host", "")),
        (HEADER, request_id(headers.get(HEADER.lower(), ""))),
    ]


def _inbound(raw: Iterable[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    pairs = list(raw)
    connection = ",".join(value.decode("latin-1") for name, value in pairs if name.lower() == b"connection")
    left_out = _HOP_BY_HOP | _NOT_RETURNED | _named(connection)
    return [(name.lower(), value) for name, value in pairs if name.decode("latin-1").lower() not in left_out]


def _named(connection: str) -> frozenset[str]:
    """The headers that a Connection header declares to be for this connection only."""
    return frozenset(part.strip().lower() for part in connection.split(",") if part.strip())
