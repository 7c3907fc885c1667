"""One simulated city at a time: what was asked for when it was begun, so that whoever was killed goes on with the same."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from hashlib import sha256
from typing import Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from haochaping.audit import queries as audit
from haochaping.audit.operations import record
from haochaping.foundation.clock import CN, local_day
from haochaping.foundation.errors import Conflict
from haochaping.simulation.filling.batches import ACTOR
from haochaping.simulation.marginals import file_of
from haochaping.simulation.marks import CITY, CITY_BEGUN, CITY_DONE, CITY_REMOVED

# Any number will do, as long as all versions use the same.
LOCK: Final = 7_208_314_605


@dataclass(frozen=True, slots=True)
class Asked:
    """About how many ratings, over so many days up to and with the last one (None: yesterday), like which shape. The same
    seed makes the same city."""

    ratings: int
    seed: int = 1
    shape: str = "demo"
    days: int = 60
    last: date | None = None

    def kept(self) -> dict[str, object]:
        """As the audit trail keeps it, with a digest of the shape as it is now. Raises NotFound for an unknown one."""
        shape = sha256(file_of(self.shape).read_bytes()).hexdigest()
        return {
            "ratings": self.ratings,
            "seed": self.seed,
            "shape": self.shape,
            "days": self.days,
            "digest": shape,
        }


@dataclass(frozen=True, slots=True)
class Run:
    """A city that was begun: `cut` is the instant up to which it lived, the midnight after its last day."""

    name: str
    asked: Asked
    cut: datetime

    @property
    def first(self) -> date:
        return local_day(self.cut) - timedelta(days=self.asked.days)


@contextmanager
def alone() -> Iterator[None]:
    """Nobody else makes a city, or takes it away, while this lasts. Raises Conflict where somebody does."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        (mine,) = cursor.fetchone()
        if not mine:
            raise Conflict("busy", _("另一个进程正在模拟或者移除城市。请等它结束。"))
        try:
            yield
        finally:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])


def begin(asked: Asked, *, now: datetime) -> Run:
    """Begins a city, or goes on with the one that was begun with the same words. Raises Conflict where there is another one,
    or it is whole, and for days that are not over."""
    begun = audit.last(CITY_BEGUN, subject=CITY)
    removed = audit.last(CITY_REMOVED, subject=CITY)
    if begun is not None and (removed is None or removed.at < begun.at):
        return _resumed(asked, begun)
    today = local_day(now)
    last = asked.last or today - timedelta(days=1)
    if last >= today:
        raise Conflict("future", _("模拟只能到昨天为止：今天还没有过完。"))
    run = Run(secrets.token_hex(8), asked, datetime.combine(last + timedelta(days=1), time(), CN))
    detail = {**asked.kept(), "run": run.name, "last": last.isoformat()}
    with transaction.atomic():
        record(now=now, actor=ACTOR, act=CITY_BEGUN, subject=CITY, detail=detail)
    return run


def _resumed(asked: Asked, begun: audit.Entry) -> Run:
    detail = dict(begun.detail)
    name, last = str(detail.pop("run")), date.fromisoformat(str(detail.pop("last")))
    whole = audit.recorded(CITY_DONE, subject=f"{CITY}:{name}")
    if whole or detail != asked.kept() or asked.last not in (None, last):
        message = _("数据库中已经有一个模拟的城市。要换一个，请先移除：./haochaping simulate --remove")
        raise Conflict("stands", message)
    return Run(name, asked, datetime.combine(last + timedelta(days=1), time(), CN))


def finish(run: Run, *, digest: str, detail: dict[str, object], now: datetime) -> None:
    """The city is whole."""
    with transaction.atomic():
        found = {**detail, "digest": digest}
        record(now=now, actor=ACTOR, act=CITY_DONE, subject=f"{CITY}:{run.name}", detail=found)
