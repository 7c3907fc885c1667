"""Takes a request's body in, or tells the client in words why not."""

from collections.abc import Callable, Mapping
from typing import Final

from haochaping.intake.answers import end, send_response, trouble
from haochaping.intake.bodies import (
    BodyTooLarge,
    BodyTooSlow,
    ClientGone,
    NoRoom,
    Share,
    discard_body,
    read_body,
)
from haochaping.intake.http import Receive, Response, Scope, Send

_CLOSE: Final = ("Connection", "close")
_RETRY: Final = ("Retry-After", "5")


async def taken_in(
    scope: Scope,
    receive: Receive,
    send: Send,
    headers: Mapping[str, str],
    *,
    limit: int,
    share: Share,
    into: Callable[[bytes], object] | None = None,
) -> bytes | None:
    """The body, as `read_body` gives it; None when nothing is left to be done: the client hung up, or has been told."""
    path, head = scope["path"], scope["method"] == "HEAD"
    try:
        return await read_body(receive, headers, limit=limit, share=share, into=into)
    except ClientGone:
        return None
    except BodyTooSlow:
        await send_response(send, trouble("too_slow", path=path, headers=(_CLOSE,)), head=head)
    except BodyTooLarge:
        await turned_away(trouble("too_large", path=path, headers=(_CLOSE,)), receive, send, head=head)
    except NoRoom:
        refusal = trouble("crowded", path=path, headers=(_CLOSE, _RETRY))
        await turned_away(refusal, receive, send, head=head)
    return None


async def turned_away(response: Response, receive: Receive, send: Send, *, head: bool = False) -> None:
    """Answers at once; what still comes is read and thrown away, so that the client gets to see the answer."""
    await send_response(send, response, head=head, more=True)
    await discard_body(receive)
    await end(send)
