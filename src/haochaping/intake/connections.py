"""One client's connection, as uvicorn serves it, within limits: uvicorn itself lets a request's head grow without
end, and waits without end for its next byte. Behind nginx these never bite; `up` has nothing in front of the door.

A request that came whole in one piece, as citizens' ratings do, is handed to the door at once and answered in one piece.
ASGI's messages, and a task that waits for them, would cost as much as the rating itself. Everything else goes uvicorn's
own way.
"""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final, Protocol

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

from haochaping.intake.answers import bytes_of
from haochaping.intake.http import Response, Scope

# Above what the door answers in words (heads.HEADER_BYTES): this is for those who do not stop.
HEAD_BYTES: Final = 128 * 1024
HEAD_SECONDS: Final = 20.0
_REFUSAL: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
)


class AnswersAtOnce(Protocol):
    """An application that can do without ASGI's messages."""

    def at_once(self, scope: Scope, body: bytes) -> "Coroutine[Any, Any, Response] | None":
        """What will answer a request that is here whole; None when it has to go the long way."""


class _Exchange:
    """A request answered at once, as far as uvicorn looks at it (its own: RequestResponseCycle)."""

    # Set for who waits for a body; here nobody does.
    message_event = asyncio.Event()

    def __init__(self, *, keep_alive: bool) -> None:
        self.keep_alive = keep_alive
        self.disconnected = False
        self.response_complete = False


class BoundedConnection(HttpToolsProtocol):
    """Ends a connection whose head (or trailer) grows beyond HEAD_BYTES, or is not whole HEAD_SECONDS after it
    began; on a new connection that is when it was made. Bodies are bounded by who reads them."""

    _timer: asyncio.TimerHandle | None = None
    _unfinished = 0
    _progress = False
    _head_begun = False
    # The body so far of a request that may turn out to be whole; None while there is no such request.
    _held: list[bytes] | None = None

    def __init__(
        self, config: Config, server_state: ServerState, app_state: dict[str, Any], **more: Any
    ) -> None:
        super().__init__(config, server_state, app_state, **more)
        able = hasattr(self.app, "at_once") and self.limit_concurrency is None
        self._application: AnswersAtOnce | None = self.app if able else None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        self._head_came()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        self._progress = False
        super().data_received(data)
        self._take_long_way()
        if self._head_begun:
            self._expect_head()
        self._unfinished = 0 if self._progress else self._unfinished + len(data)
        if self._unfinished > HEAD_BYTES and not self.transport.is_closing():
            if self.cycle is None or self.cycle.response_complete:
                self.transport.write(_REFUSAL)
            self.transport.close()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._head_begun = True

    def on_headers_complete(self) -> None:
        self._progress = True
        self._head_came()
        idle = self.cycle is None or self.cycle.response_complete
        if idle and self._application and not self.expect_100_continue and not self.parser.should_upgrade():
            self._held = []
        else:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._progress = True
        if self._held is None:
            super().on_body(body)
        else:
            self._held.append(body)

    def on_message_complete(self) -> None:
        self._progress = True
        if self._held is not None and self._answer_at_once(b"".join(self._held)):
            self._held = None
            return
        self._take_long_way()
        if not self.transport.is_closing():
            super().on_message_complete()

    def _take_long_way(self) -> None:
        """Tells uvicorn what was held back, if anything was."""
        held, self._held = self._held, None
        if held is None or self.transport.is_closing():
            return
        super().on_headers_complete()
        for piece in held:
            super().on_body(piece)

    def _answer_at_once(self, body: bytes) -> bool:
        """Whether the door takes the request as it is. Addresses that want decoding are left to uvicorn."""
        path, _, query = self.url.partition(b"?")
        if not path.startswith(b"/") or b"%" in path or b"#" in self.url or self._application is None:
            return False
        scope: Scope = self.scope  # type: ignore[assignment]
        scope["method"] = self.parser.get_method().decode("ascii")
        scope["path"] = path.decode("ascii", "replace")
        scope["raw_path"] = path
        scope["query_string"] = query
        answering = self._application.at_once(scope, body)
        if answering is None:
            return False
        keep_alive = self.parser.get_http_version() != "1.0" and self.parser.should_keep_alive()
        self.cycle = exchange = _Exchange(keep_alive=keep_alive)  # type: ignore[assignment]
        task = self.loop.create_task(self._exchange(exchange, answering, head=scope["method"] == "HEAD"))
        task.add_done_callback(self.tasks.discard)
        self.tasks.add(task)
        return True

    async def _exchange(
        self, exchange: _Exchange, answering: "Coroutine[Any, Any, Response]", *, head: bool
    ) -> None:
        try:
            response = await answering
            if self.flow.write_paused and not exchange.disconnected:
                await self.flow.drain()
        except BaseException:
            self.transport.close()
            raise
        if exchange.disconnected:
            return
        exchange.response_complete = True
        dated = self.server_state.default_headers
        self.transport.write(bytes_of(response, dated, head=head, keep_alive=exchange.keep_alive))
        if not exchange.keep_alive:
            self.transport.close()
        self.on_response_complete()

    def _expect_head(self) -> None:
        if self._timer is None:
            self._timer = self.loop.call_later(HEAD_SECONDS, self.transport.close)

    def _head_came(self) -> None:
        self._head_begun = False
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None
