"""GET /api/v1/quarantine: what of the sender's own records is kept aside, why, and what officials decided or ask."""

import json
import re
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs
from uuid import UUID

import asyncpg
import msgspec

from haochaping.accounts.clients import Reach, Right
from haochaping.cases.fragments import SELECT_OWN_QUARANTINED
from haochaping.cases.states import Outcome
from haochaping.foundation.clock import CN
from haochaping.foundation.errors import Refused
from haochaping.intake.asking import asking
from haochaping.intake.http import Request, Response, Route
from haochaping.intake.limits import Limited
from haochaping.intake.refusals import too_much
from haochaping.intake.signature import Forbidden, authenticate

if TYPE_CHECKING:
    from haochaping.intake.services import Services

MOST: Final = 500
_JSON: Final = "application/json; charset=utf-8"
_PATIENCE_SECONDS: Final = 10
_FIRST: Final = UUID(int=0)
_LIMIT: Final = re.compile(r"[1-9]\d{0,2}", re.ASCII)
STATES: Final = ("open", "all")


class _Unreadable(Refused):
    """A parameter that is none: answered 400."""


async def own_quarantine(request: Request, services: "Services") -> Response:
    """The caller's records in the order in which they came, at most `limit` (500) after the id `after`.

    `state` is open (itself) or all. `next` is the id to go on after, null at the end. 400 for a parameter that is none,
    401 not rightly signed, 403 without the right, 429 called too often, 503 the database is away. Who may report for the
    whole platform sees what any client of it reported, everybody else what came from itself.
    """
    try:
        client = await authenticate(request, services, Right.REPORT, Right.QUARANTINE)
        after, limit, only_open = _asked(request.query)
        async with asking(services.pool, seconds=_PATIENCE_SECONDS) as connection:
            rows = await connection.fetch(
                SELECT_OWN_QUARANTINED,
                *(client.platform, after, only_open, limit + 1),
                None if client.reach is Reach.PLATFORM else client.id,
            )
    except _Unreadable as refused:
        return _error(400, refused)
    except Limited as limited:
        return too_much(limited, services.now())
    except Refused as refused:
        return _error(403 if isinstance(refused, Forbidden) else 401, refused)
    except (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError):
        away = Refused("database_away", "数据库暂时不可用：请稍后换随机值重新签名，再次查询。")
        return _error(503, away, ("Retry-After", "5"))
    shown = rows[:limit]
    following = str(shown[-1]["id"]) if len(rows) > limit else None
    return Response(
        200, msgspec.json.encode({"records": [_told(row) for row in shown], "next": following}), _JSON
    )


def _asked(query: str) -> tuple[UUID, int, bool]:
    given = parse_qs(query, keep_blank_values=True)
    if unknown := given.keys() - {"after", "limit", "state"}:
        raise _Unreadable("unknown_parameter", f"没有{len(unknown)}个参数：可用的是 after、limit、state。")
    after, limit = given.get("after", [""])[-1], given.get("limit", [str(MOST)])[-1]
    state = given.get("state", ["open"])[-1]
    if not _LIMIT.fullmatch(limit) or int(limit) > MOST:
        raise _Unreadable("limit", f"limit 应为1至{MOST}的整数。")
    if state not in STATES:
        raise _Unreadable("state", "state 应为 open（待处理）或 all（全部）。")
    try:
        return UUID(after) if after else _FIRST, int(limit), state == "open"
    except ValueError:
        raise _Unreadable("after", "after 应为上一页答复中的 next。") from None


def _told(row: "asyncpg.Record") -> dict[str, object]:
    return {
        "id": row["id"],
        "projectNo": row["project_no"],
        "serviceNumber": row["service_number"],
        "receivedAt": row["received_at"].astimezone(CN),
        "state": row["outcome"] if row["outcome"] != Outcome.OPEN else "open",
        "reasons": json.loads(row["reasons"]),
        "steps": json.loads(row["steps"]),
    }


def _error(status: int, refused: Refused, *headers: tuple[str, str]) -> Response:
    body = {"error": {"code": refused.code, "message": refused.message}}
    return Response(status, msgspec.json.encode(body), _JSON, tuple(headers))


ROUTES: tuple[Route, ...] = (Route("GET", "/api/v1/quarantine", own_quarantine, permission="client:report"),)
