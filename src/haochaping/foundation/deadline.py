"""An end for what a peer can make last: each read has a limit of its own, many small ones together have none."""

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


@contextmanager
def ends_after(seconds: float, connected: Callable[[], socket.socket | None]) -> Iterator[threading.Event]:
    """Within the block, after so many seconds the connection is cut: whoever reads or writes it then gets an OSError, or an
    end. The event says whether it was.

    `connected` gives the connection's socket, None while there is none.
    """
    ended = threading.Event()

    def cut() -> None:
        ended.set()
        held = connected()
        if held is not None:
            with suppress(OSError):
                # Past what TLS makes of it: that belongs to the thread that reads.
                socket.socket.shutdown(held, socket.SHUT_RDWR)

    timer = threading.Timer(seconds, cut)
    timer.daemon = True
    timer.start()
    try:
        yield ended
    finally:
        timer.cancel()
