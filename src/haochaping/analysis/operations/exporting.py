"""The nightly export: the months that changed are written anew, all is held against the tallies, and then it is in force."""

import logging
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from django.db import connection, transaction
from django.utils.translation import gettext as _

from haochaping.analysis.counting import rows_in
from haochaping.analysis.engine import opened
from haochaping.analysis.pouring import Stock, poured, stocks
from haochaping.analysis.proving import differences
from haochaping.analysis.sets import SCHEMA, SETS, ExportedSet
from haochaping.analysis.shelf import (
    ExportFailed,
    File,
    Manifest,
    NoExport,
    building,
    failure,
    in_force,
    keep,
    lies_whole,
    place,
    put_in_force,
)
from haochaping.audit.operations import record
from haochaping.foundation.errors import Conflict
from haochaping.oversight.operations.figure_alarms import watch_figures
from haochaping.oversight.watching import EXPORT
from haochaping.starter.locks import Lock

_LOCK: Final = "lock"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export did: so many files of months written anew, of so many, and in how many places its sums are not those of
    the tallies."""

    written: int
    files: int
    differences: int


def export(*, now: datetime, tell: bool, actor: str = "system") -> Exported:
    """Makes the export as the database is in this moment, and puts it in force; what it could not make, and a difference
    from the tallies, is an alarm. One transaction, one snapshot, one audit row: not to be called inside another transaction.

    Raises Conflict while another process exports, NoExport without a place, ExportFailed: then the one before is in force.
    """
    home = place()
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    with closing(Lock(home / _LOCK)) as lock:
        if not lock.take():
            raise Conflict("export_runs", _("另一个进程正在导出，请等它完成。"))
        try:
            made = _made(home, now=now, actor=actor)
        except Exception as problem:
            raise _failed(problem, now=now, tell=tell) from None
    watch_figures(EXPORT, f"{made.differences} differ" if made.differences else "", now=now, tell=tell)
    return made


def _failed(problem: Exception, *, now: datetime, tell: bool) -> ExportFailed:
    said = problem if isinstance(problem, ExportFailed) else failure(problem)
    # Messages of databases quote rows.
    _log.error("the export was not made: %s", type(problem).__name__)
    watch_figures(EXPORT, said.code, now=now, tell=tell)
    return said


def _made(home: Path, *, now: datetime, actor: str) -> Exported:
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        before, written, kept = _before(), 0, list[File]()
        with building(home) as folder:
            for exported in SETS:
                stocked = stocks(exported)
                fresh = {
                    each.month: each for each in before.get(exported.name, ()) if _holds(home, each, stocked)
                }
                missing = sorted(stocked.keys() - fresh.keys())
                kept += fresh.values()
                kept += _written(exported, missing, stocked, home, folder)
                written += len(missing)
        manifest = Manifest(SCHEMA, now, 0, tuple(kept))
        found = differences(home, manifest)
        detail = {"written": written, "files": len(kept), "differences": found}
        result = "differs" if found else "equal"
        record(now=now, actor=actor, act="analysis.export", subject="export", result=result, detail=detail)
        # Last: what the trail refused is not in force.
        put_in_force(home, Manifest(SCHEMA, now, found, tuple(kept)))
    if found:
        _log.error("the export differs from the tallies in %d places", found)
    return Exported(written, len(kept), found)


def _before() -> Mapping[str, tuple[File, ...]]:
    """The files of the export in force, by set; none where nothing can be taken over from it."""
    try:
        manifest = in_force()
    except NoExport:
        return {}
    return {each.name: manifest.of(each.name) for each in SETS}


def _holds(home: Path, file: File, stocked: Mapping[date, Stock]) -> bool:
    """Whether a month is still what its file was made of."""
    return stocked.get(file.month) == Stock(file.rows, file.mark) and lies_whole(home, file)


def _written(
    exported: ExportedSet, months: list[date], stocked: Mapping[date, Stock], home: Path, folder: Path
) -> list[File]:
    if not months:
        return []
    made = poured(exported, months, folder)
    with opened(folder) as database:
        for month in months:
            if month not in made or rows_in(database, made[month]) != stocked[month].rows:
                raise ExportFailed("export_failed", _("夜间导出的行数与数据库不符，仍使用上一次的导出。"))
    return [
        keep(
            home,
            made[month],
            name=exported.name,
            month=month,
            rows=stocked[month].rows,
            mark=stocked[month].mark,
        )
        for month in months
    ]
