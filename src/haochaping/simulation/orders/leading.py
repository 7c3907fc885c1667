"""All orders of a city are opened and led on, one happening after the other, up to the instant at which the city stands.

What has happened is asked of the rooms each time: whoever was killed goes on where he was.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from heapq import heappop, heappush
from typing import Final
from uuid import UUID

from haochaping.foundation.clock import CN, local_day
from haochaping.foundation.errors import Refused
from haochaping.oversight.queries.led import revisits_so_far
from haochaping.rectification import led
from haochaping.rectification.operations import open_orders
from haochaping.simulation.filling.batches import Ground
from haochaping.simulation.orders import contesting, handling, joining, sweeping
from haochaping.simulation.orders.officials import Officials
from haochaping.simulation.orders.traits import traits

Say = Callable[[str], None]
# The door opens an order within seconds.
_OPENED: Final = timedelta(seconds=2)
_TOLD_EVERY: Final = 200
_DAWN: Final = time(6, 0)
_LONG_AGO: Final = datetime.min.replace(tzinfo=CN)
# A sweep is about nobody.
_NOBODY: Final = UUID(int=0)
# What comes first of what comes at once.
_OPEN, _ORDER, _CONTEST, _OBJECTION, _PART, _SWEEP = range(6)


@dataclass(frozen=True, slots=True)
class Led:
    """How many orders, acts, objections and revisits a city has."""

    orders: int
    acts: int
    objections: int
    revisits: int


def lead(ground: Ground, *, say: Say) -> Led:
    """Everything that happens before the city's end; what is not done by then stays as it is."""
    _Leading(ground, say).run()
    return Led(**led.led_so_far(), revisits=revisits_so_far())


class _Leading:
    """What is to happen, the earliest first: an instant, a kind, and about which rating."""

    def __init__(self, ground: Ground, say: Say) -> None:
        self._ground, self._say = ground, say
        self._calendar = ground.services.rulebook.calendar
        self._officials = Officials()
        self._heap: list[tuple[datetime, int, UUID]] = []
        self._planned: set[tuple[datetime, int, UUID]] = set()
        self._happened = 0

    def run(self) -> None:
        for received_at, subject in led.unopened():
            self._plan(received_at + _OPENED, _OPEN, subject)
        for order in led.orders_to_lead():
            self._contest(order.subject_id, order.opened_at)
        self._follow(None, _LONG_AGO)
        while self._heap:
            at, kind, subject = heappop(self._heap)
            if self._happened % _TOLD_EVERY == 0:
                self._say(f"leading orders on, {local_day(at).isoformat()}")
            self._happened += 1
            try:
                self._happen(at, kind, subject)
            except Refused:
                continue  # by the rules of the day it cannot be done: nobody does it, and it stays as it is
        sweeping.sweep(self._ground, self._officials, self._ground.cut)

    def _happen(self, at: datetime, kind: int, subject: UUID) -> None:
        ground, officials = self._ground, self._officials
        if kind == _OPEN:
            open_orders(now=at, limit=1)
            self._contest(subject, at)
        elif kind == _ORDER:
            self._handle(at, subject)
        elif kind == _CONTEST:
            contesting.file(ground, officials, subject, at)
        elif kind == _OBJECTION:
            contesting.go_on(ground, officials, subject, at)
        elif kind == _PART:
            joining.go_on(ground, officials, subject, at)
        else:
            sweeping.sweep(ground, officials, at)
        self._follow([subject], at)

    def _contest(self, subject: UUID, opened_at: datetime) -> None:
        if traits(self._ground.shape, self._ground.seed, subject).contested:
            self._plan(contesting.begins(self._ground, subject, opened_at), _CONTEST, subject)

    def _handle(self, at: datetime, subject: UUID) -> None:
        for order in led.orders_to_lead(of=[subject]):
            handling.handle(self._ground, self._officials, order, at)
            if handling.gives_a_part(self._ground, order):
                joining.give(self._ground, self._officials, order, at + timedelta(hours=1))
        day = at.astimezone(CN)
        monday = datetime.combine(day.date() + timedelta(days=7 - day.weekday()), _DAWN, CN)
        self._plan(monday, _SWEEP, _NOBODY)

    def _follow(self, subjects: list[UUID] | None, at: datetime) -> None:
        """What is to happen next about these ratings, or all; it is looked at anew when its time comes."""
        for order in led.orders_to_lead(of=subjects):
            self._plan(max(at, handling.when(self._ground, order)), _ORDER, order.subject_id)
        for objection in led.objections_to_lead(of=subjects):
            if (due := contesting.when(self._ground, objection)) is not None:
                self._plan(max(at, due), _OBJECTION, objection.subject_id)
        for part in led.parts_to_lead(of=subjects):
            self._plan(max(at, joining.when(self._ground, part)), _PART, part.subject_id)

    def _plan(self, at: datetime, kind: int, subject: UUID) -> None:
        planned = (at, kind, subject)
        if at < self._ground.cut and planned not in self._planned:
            self._planned.add(planned)
            heappush(self._heap, planned)
