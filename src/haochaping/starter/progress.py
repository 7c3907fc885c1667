"""What is said to the person who waits in front of the terminal."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Say = Callable[[str], None]

PATIENCE = 2.0
REMINDER = 10.0


class StartError(Exception):
    """It cannot start. The message is for people: what, why, and what to do."""


@contextmanager
def step(say: Say, what: str) -> Iterator[None]:
    """Says `what` when the block takes longer than two seconds, then every ten seconds how long it took."""
    done = threading.Event()
    begun = time.monotonic()

    def remind() -> None:
        wait = PATIENCE
        while not done.wait(wait):
            say(f"{what} ({time.monotonic() - begun:.0f} s)" if wait == REMINDER else f"{what} ...")
            wait = REMINDER

    reminder = threading.Thread(target=remind, name="progress", daemon=True)
    reminder.start()
    try:
        yield
    finally:
        done.set()
        reminder.join()
