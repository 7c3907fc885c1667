"""An operator's decisions on what follows when a limit nears its end or is over, for the tests of escalations."""

import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TypeVar

import pytest
from django.db import connection

from haochaping.policy.keeping import keeper, one_edition
from haochaping.rectification.operations import plan_escalations
from haochaping.rectification.states import Act
from tests.orders import lead_to, make_city, make_official, open_order

Swept = TypeVar("Swept")

# The limit of an order verified on 23 November 2026 ends with 14 December, a Monday; three working days before: the 9th.
OURS = """
[jurisdiction]
name = "运行单位"
layer = "operator"
applies_to = ["530100"]
[documents.d]
title = "关于差评工单催办的决定（示例）"
issued = 2026-10-01
issuer = "某运行单位"
[[escalations]]
key = "remind"
from = 2026-10-01
document = "d"
article = "第一条"
[escalations.value]
on = "nearing"
action = "reminder"
limit = { n = 3, unit = "workday", before = "due", count_first = false }
[[escalations]]
key = "late"
from = 2026-10-01
document = "d"
article = "第二条"
value = { on = "overdue", action = "reminder", times = 1 }
[[escalations]]
key = "very_late"
from = 2026-10-01
document = "d"
article = "第三条"
[escalations.value]
on = "overdue"
action = "supervision"
to = "same_level_authority"
limit = { n = 2, unit = "workday", after = "due", count_first = false }
[[escalations]]
key = "discipline"
from = 2026-10-01
document = "d"
article = "第四条"
[escalations.value]
on = "overdue"
step = "rectification"
action = "discipline"
to = "supervision"
limit = { n = 3, unit = "workday", after = "due", count_first = false }
"""


@contextmanager
def decided(folder: Path, patch: pytest.MonkeyPatch, text: str = OURS) -> Iterator[Path]:
    """The operator's file, in force in this process within the block."""
    path = folder / "ours" / "jurisdictions" / "ours" / "profile.toml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")
    before = os.environ.get("HAOCHAPING_RULES_DIR")
    patch.setenv("HAOCHAPING_RULES_DIR", str(folder / "ours"))
    try:
        with one_edition(every=0) as edition:
            assert edition.mistakes == ()
            yield path
    finally:
        if before is None:
            patch.delenv("HAOCHAPING_RULES_DIR")
        else:
            patch.setenv("HAOCHAPING_RULES_DIR", before)
        keeper().look()


def verify_orders(number: int, now: datetime) -> None:
    """So many orders of one city are verified, and what their limits may set off is planned."""
    city = make_city()
    handler = make_official(city.police, now, "handler")
    for _ in range(number):
        lead_to(open_order(city, now), Act.VERIFY, handler, now)
    plan_escalations(now=now, limit=100)


def swept_at_once(sweep: Callable[[], Swept], *, sweepers: int, turns: int) -> list[Swept]:
    """What each turn of these sweepers gave; each has a connection of its own."""
    found: list[Swept] = []

    def work() -> None:
        try:
            found.extend(sweep() for _ in range(turns))
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(sweepers)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return found
