"""The public port: a bare ASGI application. It answers its own routes and passes everything else to
Django.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, nullcontext, suppress
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any, Final, Protocol, TypeVar

from haochaping.foundation.requests import HEADER, request_id
from haochaping.intake import health
from haochaping.intake.answers import send_response, trouble
from haochaping.intake.bodies import ALWAYS_ROOM, Room
from haochaping.intake.bounds import Bounds
from haochaping.intake.heads import address_length, excessive, headers_of
from haochaping.intake.http import Receive, Request, Response, Route, Scope, Send
from haochaping.intake.reception import taken_in, turned_away
from haochaping.intake.routing import Match, NoMatch, RouteTable
from haochaping.intake.whereabouts import whereabouts
from haochaping.starter.durability import NotDurable

if TYPE_CHECKING:
    from haochaping.intake.services import Services

MakeServices = Callable[[], "AbstractAsyncContextManager[Services]"]

# Django's server takes no longer request line; our own addresses stay far below.
ADDRESS_BYTES: Final = 4000
_RETRY: Final = (("Retry-After", "5"),)
_CLOSE: Final = (("Connection", "close"),)
_PAUSES: Final = (0.2, 0.5, 1.0, 2.0)
_WITH_BODY: Final = frozenset({"POST", "PUT", "PATCH", "DELETE"})

log = logging.getLogger(__name__)

_Answer = TypeVar("_Answer", bound=Response | None)
_With = TypeVar("_With", bound="Services | None")


class Passes(Protocol):
    """What the door needs of a relay."""

    async def open(self) -> None: ...
    async def close(self) -> None: ...
    async def reachable(self) -> bool: ...
    async def pass_on(
        self,
        scope: Scope,
        receive: Receive,
        send: Send,
        *,
        headers: Mapping[str, str],
        client: str,
        scheme: str,
    ) -> None: ...


class Door:
    """`make_services` is entered in the background at start-up, again and again until it succeeds: until then
    routes answer 503 and /readyz says so. Without a `relay` what is not ours is 404."""

    def __init__(
        self,
        routes: Sequence[Route],
        make_services: MakeServices,
        relay: Passes | None = None,
        *,
        now: Callable[[], datetime],
        bounds: Bounds | None = None,
    ) -> None:
        bounds = bounds or Bounds()
        self._table = RouteTable(routes)
        self._make_services = make_services
        self._relay = relay
        self._now = now
        self._proxies = bounds.proxies
        self._visitors = bounds.visitors
        self._patience = bounds.patience
        self._room = Room(bounds.all_bodies)
        self._services: Services | None = None
        self._stack = AsyncExitStack()
        self._starting: asyncio.Task[None] | None = None
        self._why_not = health.NOT_REACHED

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        match scope["type"]:
            case "http":
                await self._answer(scope, receive, send)
            case "lifespan":
                await self._live(receive, send)
            case "websocket":
                await receive()
                await send({"type": "websocket.close", "code": 1000})

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        method, path = scope["method"], scope["path"]
        received_at = self._now()
        head = method == "HEAD"
        if excessive(scope):
            await send_response(send, trouble("headers_too_large", path=path, headers=_CLOSE), head=head)
            return
        if address_length(scope) > ADDRESS_BYTES:
            await send_response(send, trouble("address_too_long", path=path, headers=_CLOSE), head=head)
            return
        if path in ("/livez", "/readyz") and method in ("GET", "HEAD"):
            web = self._relay.reachable if self._relay else None
            state = (
                health.live() if path == "/livez" else await health.ready(self._services, web, self._why_not)
            )
            await send_response(send, state, head=head)
            return
        headers = headers_of(scope)
        match self._table.find(method, path):
            case Match(route, parameters):
                await self._handle(route, parameters, headers, received_at, scope, receive, send)
            case NoMatch(allowed=(_, *_) as allowed):
                refusal = trouble("method_not_allowed", path=path, headers=(("Allow", ", ".join(allowed)),))
                await send_response(send, refusal, head=head)
            case NoMatch(ours=False) if self._relay is not None:
                await self._pass_on(self._relay, headers, scope, receive, send)
            case NoMatch():
                await send_response(send, trouble("not_found", path=path), head=head)

    def at_once(self, scope: Scope, body: bytes) -> "Coroutine[Any, Any, Response] | None":
        """The answer to a request that is here whole, if it is one for our handlers and within all limits. Without it
        the request comes as ASGI has it, and is told there what is wrong with it."""
        services = self._services
        if services is None or excessive(scope) or address_length(scope) > ADDRESS_BYTES:
            return None
        found = self._table.find(scope["method"], scope["path"])
        # Of a large body a Room must know; a spooled one is written down as it comes.
        if not isinstance(found, Match) or found.route.spool is not None:
            return None
        if len(body) > min(found.route.body_limit, ALWAYS_ROOM):
            return None
        with_body = body if found.route.method in _WITH_BODY else b""
        request = self._request(scope, headers_of(scope), self._now(), found.parameters, body=with_body)
        return self._admitted(found.route, request, services)

    def _request(
        self,
        scope: Scope,
        headers: Mapping[str, str],
        received_at: datetime,
        parameters: Mapping[str, str],
        *,
        body: bytes = b"",
    ) -> Request:
        return Request(
            method=scope["method"],
            path=scope["path"],
            query=scope["query_string"].decode("latin-1"),
            headers=headers,
            address=self._proxies.client(scope, headers),
            received_at=received_at,
            body=body,
            parameters=parameters,
        )

    async def _handle(
        self,
        route: Route,
        parameters: Mapping[str, str],
        headers: Mapping[str, str],
        received_at: datetime,
        scope: Scope,
        receive: Receive,
        send: Send,
    ) -> None:
        head = scope["method"] == "HEAD"
        request = self._request(scope, headers, received_at, parameters)
        made = route.spool(headers) if route.spool else nullcontext()
        with self._room.share() as share, made as spool:
            if route.method in _WITH_BODY:
                if route.admission is not None and self._services is not None:
                    refusal = await _guarded(route, route.admission, request, self._services)
                    if refusal is not None:
                        await turned_away(refusal, receive, send)
                        return
                into = spool.write if spool else None
                body = await taken_in(
                    scope, receive, send, headers, limit=route.body_limit, share=share, into=into
                )
                if body is None:
                    return
                request = replace(request, body=body, spool=spool)
            if self._services is None:
                response = await _starting(route, request)
            else:
                response = await self._respond(route, request, self._services)
            await send_response(send, response, head=head)

    async def _admitted(self, route: Route, request: Request, services: "Services") -> Response:
        """The answer of the route's admission, else that of its handler."""
        if route.admission is not None and route.method in _WITH_BODY:
            refusal = await _guarded(route, route.admission, request, services)
            if refusal is not None:
                return refusal
        return await self._respond(route, request, services)

    async def _respond(self, route: Route, request: Request, services: "Services") -> Response:
        """The handler's answer, or what the route has for who comes too often."""
        handler = route.handler
        if route.slowed is not None:
            token, agent = request.parameters.get("token", ""), request.headers.get("user-agent", "")
            if wait := self._visitors.wait(request.address, token, agent):
                handler = partial(route.slowed, wait)
        return await _guarded(route, handler, request, services)

    async def _pass_on(
        self, relay: Passes, headers: Mapping[str, str], scope: Scope, receive: Receive, send: Send
    ) -> None:
        client, scheme = self._proxies.client(scope, headers), self._proxies.scheme(scope, headers)
        await relay.pass_on(scope, receive, send, headers=headers, client=client, scheme=scheme)

    async def _live(self, receive: Receive, send: Send) -> None:
        """Start-up is over at once, or after our patience, so that /livez answers while the database is still away."""
        await receive()
        if self._relay is not None:
            await self._relay.open()
        self._starting = asyncio.get_running_loop().create_task(self._start())
        if self._patience:
            await asyncio.wait({self._starting}, timeout=self._patience)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self._starting.cancel()
        with suppress(asyncio.CancelledError):
            await self._starting
        self._services = None
        await self._stack.aclose()
        if self._relay is not None:
            await self._relay.close()
        await send({"type": "lifespan.shutdown.complete"})

    async def _start(self) -> None:
        attempt = 0
        while self._services is None:
            try:
                self._services = await self._stack.enter_async_context(self._make_services())
            except NotDurable as problem:
                if self._why_not == health.NOT_REACHED:
                    log.error("the door refuses to work: %s", problem)
                self._why_not = f"refused: {', '.join(problem.off)} off"
                await asyncio.sleep(_PAUSES[-1])
            except Exception as problem:
                log.warning("the door cannot work yet: %s", type(problem).__name__)
                self._why_not = health.NOT_REACHED
                await asyncio.sleep(_PAUSES[min(attempt, len(_PAUSES) - 1)])
                attempt += 1


async def _starting(route: Route, request: Request) -> Response:
    """503 of a door without its database: in the words of the route, where it has its own."""

    async def in_its_words(request: Request, _: None) -> Response | None:
        return await route.unready(request) if route.unready else None

    own = await _guarded(route, in_its_words, request, None)
    return own or trouble("starting", path=request.path, headers=_RETRY)


async def _guarded(
    route: Route,
    handler: "Callable[[Request, _With], Awaitable[_Answer]]",
    request: Request,
    services: _With,
) -> _Answer | Response:
    """The handler's answer, counted, or 500 with a reference. The log gets the route's pattern and where it happened:
    no path (tokens), no body, no message of the error (databases quote rows in them)."""
    response: _Answer | Response
    try:
        response = await handler(request, services)
    except Exception as problem:
        reference = request_id(request.headers.get(HEADER.lower(), ""))
        log.error(
            "reference %s: %s %s failed: %s",
            reference,
            route.method,
            route.pattern,
            whereabouts(problem),
            extra={"request_id": reference},
        )
        response = trouble("internal_error", path=request.path, reference=reference)
    if response is not None and services is not None:
        services.metrics.answered(route.method, route.pattern, response.status)
    return response
