"""The beat of every second: what citizens and officials wait for."""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from datetime import datetime

from haochaping.jobs.failures import described
from haochaping.jobs.schedule import Run

logger = logging.getLogger(__name__)

INTERVAL = 1.0
LONGEST_PAUSE = 60.0


class Pulse:
    """Calls every job once a round until `stop` is set; the call that is under way is finished.

    A job that fails is logged, without what the database said of its rows, and left out for 1, 2, 4 ... 60
    seconds, while the others go on. `clock` gives the instant of a call, `timer` measures pauses in seconds.
    """

    def __init__(
        self,
        jobs: Mapping[str, Run],
        *,
        clock: Callable[[], datetime],
        stop: threading.Event,
        interval: float = INTERVAL,
        timer: Callable[[], float] = time.monotonic,
    ) -> None:
        self._jobs = jobs
        self._clock = clock
        self._stop = stop
        self._interval = interval
        self._timer = timer
        self._pauses: dict[str, float] = {}
        self._due: dict[str, float] = {}

    def run(self) -> None:
        """Beats until stopped."""
        while not self._stop.is_set():
            self.round()
            self._stop.wait(self._interval)

    def round(self) -> None:
        """Calls each job that is not paused."""
        for name, job in self._jobs.items():
            if self._stop.is_set():
                return
            if self._timer() >= self._due.get(name, float("-inf")):
                self._call(name, job)

    def _call(self, name: str, job: Run) -> None:
        try:
            job(now=self._clock())
        except Exception as error:
            pause = min(self._pauses.get(name, self._interval / 2) * 2, LONGEST_PAUSE)
            self._pauses[name] = pause
            self._due[name] = self._timer() + pause
            logger.error("%s failed (%s), again in %g s", name, described(error), pause)
        else:
            if self._pauses.pop(name, None):
                logger.info("%s works again", name)
