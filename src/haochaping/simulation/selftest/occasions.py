"""The occasions of a self-test: one for each rating, reported in one call as any business system would."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from random import Random
from typing import NamedTuple

import msgspec

from haochaping.accounts.operations.keys import IssuedKey
from haochaping.foundation.clock import local_day
from haochaping.intake.signing import signed_headers
from haochaping.oversight.watching import Cell
from haochaping.registry import trial
from haochaping.registry.directory import ItemCopy, Org, StaffCopy, WindowCopy
from haochaping.simulation.reporters import PATH
from haochaping.simulation.selftest.calling import Door, Failed
from haochaping.simulation.served import Place, ndjson, record

_NAME = "自检"
_AGO = timedelta(minutes=1)


class _Reason(msgspec.Struct):
    field: str = ""
    code: str = ""


class _Result(msgspec.Struct):
    verdict: str
    projectNo: str = ""  # noqa: N815 - the convention's own name
    serviceNumber: str = ""  # noqa: N815
    url: str | None = None
    reasons: tuple[_Reason, ...] = ()


class _Results(msgspec.Struct):
    results: tuple[_Result, ...]


class Open(NamedTuple):
    """A reported occasion: the path at which it can be rated, and its key."""

    path: str
    project_no: str
    service_number: str


def served_on(now: datetime) -> date:
    """The day of the services that a report at `now` speaks of."""
    return local_day(now - _AGO)


def report(
    door: Door, key: IssuedKey, cells: Sequence[Cell], *, now: datetime
) -> Mapping[Cell, Open | Failed]:
    """Where each of them can be rated, or why it cannot. Raises Failed when the whole call fails."""
    body = ndjson([_occasion(cell, now) for cell in cells])
    answer = door.report(
        PATH,
        body,
        {"Content-Type": "application/x-ndjson"},
        lambda: signed_headers(key.key, key.secret, PATH, body, now=now),
    )
    if answer.status != 200:
        raise Failed.of(answer)
    results = msgspec.json.decode(answer.body, type=_Results).results
    return dict(zip(cells, map(_told, results), strict=True))


def _told(result: _Result) -> Open | Failed:
    if result.url is None:
        words = ",".join(f"{reason.field}:{reason.code}" for reason in result.reasons)
        return Failed(f"{result.verdict} {words}".strip())
    path = "/" + result.url.partition("://")[2].partition("/")[2]
    return Open(path, result.projectNo, result.serviceNumber)


def _occasion(cell: Cell, now: datetime) -> dict[str, str]:
    """Marked by its number and by the name; the window had nobody at it whom a rating could name."""
    number = f"SELFTEST-{cell.way.upper()}-{cell.channel}-{cell.level}-{secrets.token_hex(8).upper()}"
    made = record(Random(number), _place(), number, now - _AGO)  # noqa: S311  (invented people)
    del made["proManager"], made["proManagerNo"]
    return {**made, "userName": _NAME}


def _place() -> Place:
    """The ground by its codes; a record tells no ids."""
    organisation = Org(0, trial.ORGANISATION, trial.ORGANISATION_NAME, 0, trial.DIVISION, "department")
    window = WindowCopy(0, trial.WINDOW, trial.WINDOW_NAME, 0, 0)
    item = ItemCopy(0, trial.HANDLE_ITEM, trial.ITEM_NAME, trial.TASK, trial.TASK_TYPE, 0, trial.PROJECT_TYPE)
    return Place(organisation, window, StaffCopy(0, "", "", 0, None), (item,))
