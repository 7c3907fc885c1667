"""Watches over the processes of one start: logs, restarts with growing pauses, stops in reverse order."""

import time
from dataclasses import dataclass
from pathlib import Path

from haochaping.starter.children import Child, Spec, spawn
from haochaping.starter.progress import Say

FIRST_PAUSE = 0.5
LONGEST_PAUSE = 30.0
# Whoever lived this long is healthy: the next restart comes at once again.
HEALTHY = 60.0


@dataclass(slots=True)
class _Place:
    child: Child
    started: float
    pause: float = FIRST_PAUSE
    due: float | None = None
    deaths: int = 0


class Supervisor:
    """The processes that this start started, and nothing else. All times are those of time.monotonic()."""

    def __init__(self, *, log: Path, say: Say) -> None:
        self.log = log
        self._say = say
        self._places: list[_Place] = []

    def start(self, spec: Spec) -> Child:
        child = spawn(spec, self.log / f"{spec.name}.log")
        self.adopt(child)
        return child

    def adopt(self, child: Child) -> None:
        """Watches over a process that was started elsewhere as well."""
        self._places.append(_Place(child, time.monotonic()))

    def look(self, now: float) -> None:
        """One round: says who died, and starts again those whose pause is over."""
        for place in self._places:
            if place.due is None and (code := place.child.ended()) is not None:
                self._mourn(place, code, now)
            elif place.due is not None and now >= place.due:
                self._start_again(place, now)

    def _start_again(self, place: _Place, now: float) -> None:
        try:
            place.child = spawn(place.child.spec, place.child.log)
        except OSError as error:  # no memory, no process left: the others go on meanwhile
            place.due = now + LONGEST_PAUSE
            self._say(f"{place.child.spec.name} cannot be started ({error.strerror}); trying again later.")
        else:
            place.started, place.due = now, None

    def _mourn(self, place: _Place, code: int, now: float) -> None:
        if now - place.started >= HEALTHY:
            place.pause, place.deaths = FIRST_PAUSE, 0
        place.deaths += 1
        place.child.clear()  # its own children may still hold the socket
        place.due = now + place.pause
        how = f"signal {-code}" if code < 0 else f"code {code}"
        self._say(
            f"{place.child.spec.name} ended unasked ({how}); starting it again in {place.pause:g} s. "
            f"Its log: {place.child.log}"
        )
        place.pause = min(place.pause * 2, LONGEST_PAUSE)

    def failing(self, times: int) -> Child | None:
        """A process that died at least so often since it was last healthy."""
        return next((place.child for place in self._places if place.deaths >= times), None)

    def stop(self) -> None:
        """Stops all in reverse order, so that nobody loses what it still needs to finish."""
        while self._places:
            self._places.pop().child.stop()
