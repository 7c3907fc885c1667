"""A simulated city is taken away again: all that was ever stored of cases, ratings, orders and figures, or nothing.

What citizens said can never be taken away, and the database refuses it for every row. So this is only done while nothing
but the simulated city is there, which is looked at under the lock that keeps everybody else out, by the owner of the
tables, who puts their guards aside for that moment. The audit trail stays, and tells of it.
"""

from datetime import datetime
from typing import Final

from django.apps import apps
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from django.utils.translation import gettext as _

from haochaping.audit import queries as audit
from haochaping.audit.operations import record
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import NotFound
from haochaping.simulation.filling.batches import ACTOR
from haochaping.simulation.marks import CITY, CITY_BEGUN, CITY_REMOVED
from haochaping.simulation.permitted import check_permitted
from haochaping.simulation.runs import alone

_ROOMS: Final = (
    *(
        "cases",
        "ratings",
        "tallies",
        "rectification",
        "oversight",
        "scoring",
        "publication",
        "evidence",
        "notices",
    ),
)
# What no simulation writes: what people reported, how the system itself was doing, how officials want to be told.
_KEPT: Final = frozenset(
    {
        "oversight_pressurereport",
        "oversight_pressurestep",
        "oversight_selftestrun",
        "oversight_selftestresult",
        "oversight_alarm",
        "notices_preference",
        "evidence_camera",
        # That tallies are filled: they are when nothing is left to be counted.
        "tallies_filled",
        "tallies_portion",
    }
)
_BESIDE: Final = ("identity_vaultrecord",)
_GUARDED: Final = """
SELECT t.tgrelid::regclass::text FROM pg_trigger AS t WHERE t.tgname = 'unalterable' AND t.tgrelid = ANY (%s::regclass[])
"""


def remove(*, now: datetime) -> None:
    """Takes the simulated city away. Raises NotFound where there is none, Conflict where anything real is beside it, or
    somebody is still making it."""
    with alone(), transaction.atomic():
        _remove(now)


def _remove(now: datetime) -> None:
    begun, gone = (audit.last(act, subject=CITY) for act in (CITY_BEGUN, CITY_REMOVED))
    if begun is None or (gone is not None and gone.at >= begun.at):
        raise NotFound("no_city", _("数据库中没有模拟的城市。"))
    tables = facts()
    with connection.cursor() as cursor:
        cursor.execute(f"LOCK TABLE {', '.join(tables)} IN ACCESS EXCLUSIVE MODE")
        check_permitted(local_day(now))
        cursor.execute(_GUARDED, [tables])
        guarded = [table for (table,) in cursor.fetchall()]
        _guards(cursor, guarded, "DISABLE")
        cursor.execute(f"TRUNCATE {', '.join(tables)}")
        _guards(cursor, guarded, "ENABLE")
    record(now=now, actor=ACTOR, act=CITY_REMOVED, subject=CITY, detail={"run": begun.detail["run"]})


def facts() -> list[str]:
    """The tables of what happened: what is registered, who may do what, and the audit trail are none of them."""
    models = (model for room in _ROOMS for model in apps.get_app_config(room).get_models())
    found = {model._meta.db_table for model in models} - _KEPT
    return sorted({*found, *_BESIDE})


def _guards(cursor: CursorWrapper, tables: list[str], doing: str) -> None:
    for table in tables:
        cursor.execute(f"ALTER TABLE {table} {doing} TRIGGER unalterable")
