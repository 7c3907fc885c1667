"""One at a time: of a place and a period."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from typing import Final

from django.db import connection
from django.utils.translation import gettext as _

from haochaping.foundation.errors import Conflict

# Two of one length never begin on the same day; of several places none stands in the way of another.
_KEY: Final = "hashtextextended('scoring:' || %s, 0)"


@contextmanager
def alone_with(division_id: int, kind: str, first: date) -> Iterator[None]:
    """Works out a period alone while it lasts. Raises Conflict where somebody else does so now.

    Taken before the caller's transaction begins, so that its snapshot has whatever was kept before.
    """
    key = [_name(division_id, kind, first)]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_try_advisory_lock({_KEY})", key)
        (mine,) = cursor.fetchone() or (False,)
        if not mine:
            raise Conflict(
                "run_at_work", _("这一统计期的得分正在由另一个人计算。请稍后刷新，查看那一次的结果。")
            )
        try:
            yield
        finally:
            cursor.execute(f"SELECT pg_advisory_unlock({_KEY})", key)


def take_turn(division_id: int, kind: str, first: date) -> None:
    """Within the caller's transaction: waits until nobody else signs a run of this period."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT pg_advisory_xact_lock({_KEY})", [_name(division_id, kind, first) + "/sign"])


def _name(division_id: int, kind: str, first: date) -> str:
    return f"{division_id}/{kind}/{first.isoformat()}"
