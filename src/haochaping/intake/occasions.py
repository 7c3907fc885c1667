"""POST /api/v1/occasions: business systems report whom they served; every record gets its verdict.

One transaction a call: a call is stored whole or not at all, and what was answered is stored.
"""

import asyncio
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakValueDictionary

import asyncpg
import msgspec

from haochaping.accounts.clients import Right
from haochaping.cases.fragments import TAKE_TURN
from haochaping.cases.token import mint
from haochaping.cases.verdicts import Verdict
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Problem, Refused
from haochaping.foundation.keys import key_for
from haochaping.intake import bulk, units
from haochaping.intake.bulk import Reported
from haochaping.intake.calls import Answered, Call, answered
from haochaping.intake.claiming import hold_claims
from haochaping.intake.holding import holdings
from haochaping.intake.http import Request, Response, Route
from haochaping.intake.inflating import MOST_BYTES, EncodingUnknown, TooLarge, Unreadable, inflated
from haochaping.intake.judging import Judge, Judged
from haochaping.intake.limits import Limited
from haochaping.intake.processes import ProcessGone
from haochaping.intake.recounting import recount
from haochaping.intake.refusals import too_much
from haochaping.intake.scope import Reached
from haochaping.intake.sender_counts import count
from haochaping.intake.signature import (
    Client,
    Forbidden,
    Unauthenticated,
    admit,
    authenticate,
    signed_spool,
)
from haochaping.intake.spool import spooled
from haochaping.intake.storing import sealed, store

if TYPE_CHECKING:
    from haochaping.intake.services import Services

QR_CHANNEL: Final = 3
RETRY_SECONDS: Final = 5
_JSON: Final = "application/json; charset=utf-8"
STATUS: Final[dict[type[Refused], int]] = {
    Unauthenticated: 401,
    Forbidden: 403,
    Unreadable: 400,
    EncodingUnknown: 415,
    TooLarge: 413,
}
_AWAY: Final = (
    OSError,
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
)

# Calls of one platform take turns in the database; waiting here instead keeps them from holding the pool's
# connections while they wait, which the citizens' pages need.
_turns: WeakValueDictionary[tuple[int, str], asyncio.Lock] = WeakValueDictionary()


async def admitted(request: Request, services: "Services") -> Response | None:
    """401 for who cannot be a client, before 32 MB of him are read; None for who may be one. An outage is told
    by the handler."""
    try:
        await admit(request, services)
    except Limited as limited:
        return too_much(limited, services.now())
    except Refused as refused:
        return _refusal(refused)
    except _AWAY:
        return None
    return None


async def report_occasions(request: Request, services: "Services") -> Response:
    """A verdict for every record, 200 also when some are refused; else nothing is stored.

    400 unreadable as a whole, 401 not rightly signed, 403 without the right, 413 more than one call may
    carry, 415 compressed but not by gzip or zstd, 429 more than this client may send, 503 the database is away.
    """
    try:
        client = await authenticate(request, services, Right.REPORT)
        # Calls of one client are read and judged one after the other: who sends many at once waits for himself, and the
        # others do not wait for him.
        async with _turn(f"client {client.id}"):
            services.limits.check(client.id, client.allowance, "records")
            done = await _worked_on(client, request, services)
            services.limits.records(client.id, client.allowance, done.records)
    except Limited as limited:
        return too_much(limited, services.now())
    except Refused as refused:
        return _refusal(refused)
    except (*_AWAY, ProcessGone):
        return _away()
    return done.response


async def _worked_on(client: Client, request: Request, services: "Services") -> Answered:
    """By one of the bulk processes, or here where there are none."""
    form, encoding = (request.headers.get(name, "") for name in ("content-type", "content-encoding"))
    with request.spool or signed_spool(request.headers) as spool:
        if request.spool is None:
            spool.write(request.body)
        call = Call(client, spool.fileno(), spool.size, form, encoding)
        if services.processes is None:
            return await answer_call(call, services)
        async with _turn(f"platform {client.platform}"):
            return answered(*await services.processes.answer(call.asked(), call.body, call.size))


def _turn(whose: str) -> asyncio.Lock:
    """The turn of a platform, or of a client."""
    return _turns.setdefault((id(asyncio.get_running_loop()), whose), asyncio.Lock())


async def answer_call(call: Call, services: "Services") -> Answered:
    """Reads, judges and stores one call in this process; what goes wrong with it is an answer as well."""
    reported: list[Reported] = []
    try:
        reported = await asyncio.to_thread(_read, call)
        judged = await judge_and_store(call.client, reported, services)
    except Refused as refused:
        return Answered(_refusal(refused), len(reported))
    except _AWAY:
        return Answered(_away(), len(reported))
    body = await asyncio.to_thread(_answer, judged, services.base_url)
    return Answered(Response(200, body, _JSON), len(reported))


def _read(call: Call) -> list[Reported]:
    return bulk.read(inflated(spooled(call.body), call.encoding), call.content_type, call.client.dialect)


async def judge_and_store(client: Client, reported: Sequence[Reported], services: "Services") -> list[Judged]:
    """A verdict for every record, in their order; all that is to be kept is committed. Raises DirectoryNotRead and what
    asyncpg raises: then nothing is."""
    now = services.now()
    # The copies of this moment: one call is judged by one edition of registry and rules.
    directory, rulebook = services.directory.current(), services.rulebook
    async with _turn(f"platform {client.platform}"), services.bulk, services.pool.acquire() as connection:
        await services.vault.prepare(connection, now)
        phrasing = await asyncio.to_thread(services.phrasing.by, directory)
        wanted = await asyncio.to_thread(phrasing.texts, [each.record for each in reported])
        await services.phrases.prepare(connection, wanted)
        async with connection.transaction():
            await connection.execute(TAKE_TURN, client.platform)
            keys = await services.vault.hold(connection, now)
            held, reported = await holdings(
                connection, services.vault, services.phrases, client, services.dialects, reported
            )
            reached = Reached(client.scope, directory, local_day(now))
            judge = Judge(held, directory=directory, rulebook=rulebook, now=now, reached=reached)

            def work() -> tuple[list[Judged], list[tuple[Any, ...]]]:
                judged = [judge.verdict(record) for record in reported]
                writes = judge.finished()
                versions = [*writes.versions, *writes.aside]
                return judged, sealed(services.vault, keys, versions, services.phrases, phrasing)

            # In a thread: judging and sealing ten thousand records must not hold up the citizens' pages.
            judged, vault_rows = await asyncio.to_thread(work)
            await units.take(connection, client.platform, judge.writes)
            await hold_claims(connection, client.platform, judge.writes)
            await store(connection, client, judge.writes, vault_rows, judged, now)
            judged = await units.settle(
                connection, judge.writes, judged, directory=directory, rulebook=rulebook, now=now
            )
            await count(connection, client.platform, judged, judge.writes, directory, now)
            await recount(
                connection, client.platform, judge.writes, directory=directory, rulebook=rulebook, now=now
            )
    return judged


class _Result(msgspec.Struct, rename="camel"):
    """What one record is answered."""

    line: int
    verdict: Verdict
    project_no: str | None
    service_number: str | None
    url: str | None
    reasons: tuple[Problem, ...]


def _answer(judged: Sequence[Judged], base_url: str) -> bytes:
    key = key_for("rating token")
    counts = Counter([each.verdict for each in judged])
    results = [
        _Result(
            each.reported.line,
            each.verdict,
            each.reported.project_no or None,
            each.reported.service_number or None,
            f"{base_url}/r/{mint(each.rateable, QR_CHANNEL, key)}" if each.rateable else None,
            each.reasons,
        )
        for each in judged
    ]
    return msgspec.json.encode(
        {"results": results, "counts": {verdict.value: counts[verdict] for verdict in Verdict}}
    )


def _away() -> Response:
    words = "数据库暂时不可用，无法确认是否保存：请稍后换随机值重新签名，再次发送，已保存的会答复为重复。"
    return _error(503, "database_away", words, ("Retry-After", str(RETRY_SECONDS)))


def _refusal(refused: Refused) -> Response:
    return _error(STATUS.get(type(refused), 400), refused.code, refused.message)


def _error(status: int, code: str, message: str, *headers: tuple[str, str]) -> Response:
    return Response(
        status, msgspec.json.encode({"error": {"code": code, "message": message}}), _JSON, tuple(headers)
    )


ROUTES: tuple[Route, ...] = (
    Route(
        "POST",
        "/api/v1/occasions",
        report_occasions,
        "client:report",
        body_limit=MOST_BYTES,
        admission=admitted,
        spool=signed_spool,
    ),
)
