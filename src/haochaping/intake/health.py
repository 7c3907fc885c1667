"""/livez: this process runs. /readyz: it can do its work; which part cannot is said by name, never by
content.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

import haochaping
from haochaping.intake.asking import asking
from haochaping.intake.http import Response

if TYPE_CHECKING:
    from haochaping.intake.services import Services

_LIMIT_SECONDS: Final = 2.0
_JSON: Final = "application/json; charset=utf-8"
OK: Final = "ok"
NOT_REACHED: Final = "not reached yet"


def live() -> Response:
    """200 as long as the process answers at all."""
    return _answer(200, {"status": "alive"})


async def ready(
    services: "Services | None", web: Callable[[], Awaitable[bool]] | None, why_not: str = NOT_REACHED
) -> Response:
    """200 when every part is ok, else 503 naming the parts that are not; with the version of the rules in force.
    `why_not`: the state of the database as long as there are no services."""
    parts: dict[str, str]
    told: dict[str, object] = {}
    if services is None:
        parts = {"database": why_not}
    else:
        parts = {"database": await _checked(_database, services)}
        if parts["database"] == OK:
            parts["migrations"] = await _checked(_migrations, services)
        parts["directory"] = await _checked(_directory, services)
        edition = services.rules.current()
        parts["rules"] = (
            f"{len(edition.mistakes)} mistake(s), last good set in force" if edition.mistakes else OK
        )
        told["rules"] = {"version": edition.version, "calendar_until": max(edition.rulebook.calendar.years)}
        if services.processes is not None:
            broken = services.processes.broken()
            parts["bulk"] = f"{broken} process(es) ended, being started again" if broken else OK
    if web is not None:
        parts["web"] = OK if await web() else "does not answer"
    # Rules that cannot be loaded are told and stop nothing: the last good ones do their work.
    good = all(state == OK for part, state in parts.items() if part != "rules")
    status = "ready" if good else "not ready"
    return _answer(200 if good else 503, {"status": status, "parts": parts, **told})


async def _checked(check: "Callable[[Services], Awaitable[str]]", services: "Services") -> str:
    try:
        async with asyncio.timeout(_LIMIT_SECONDS):
            return await check(services)
    except TimeoutError:
        return "does not answer"
    except Exception as problem:
        # The class only: messages of the database may quote addresses and rows.
        return type(problem).__name__


async def _database(services: "Services") -> str:
    async with asking(services.pool, seconds=_LIMIT_SECONDS) as connection:
        await connection.fetchval("SELECT 1")
    return OK


async def _migrations(services: "Services") -> str:
    async with asking(services.pool, seconds=_LIMIT_SECONDS) as connection:
        rows = await connection.fetch("SELECT app, name FROM django_migrations")
    missing = expected_migrations() - {(row["app"], row["name"]) for row in rows}
    return f"{len(missing)} not applied" if missing else OK


async def _directory(services: "Services") -> str:
    services.directory.current()
    return OK


@cache
def expected_migrations() -> frozenset[tuple[str, str]]:
    """(room, migration) of every migration that this version brings, read from its files: Django is not
    here.
    """
    root = Path(haochaping.__file__).parent
    return frozenset((file.parts[-3], file.stem) for file in root.glob("*/migrations/[0-9]*.py"))


def _answer(status: int, body: dict[str, object]) -> Response:
    return Response(status, json.dumps(body).encode(), _JSON)
