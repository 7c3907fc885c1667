"""What is laid down for a client holds at the door from the next call on: keys, clock, algorithm, limits."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from haochaping.accounts.operations.clients import Terms, change_client
from haochaping.accounts.operations.keys import add_key, end_key
from haochaping.intake.limits import Limits
from haochaping.intake.occasions import admitted, report_occasions
from haochaping.intake.signature import SHA256
from tests.occasions import database_address
from tests.reporting import Sender, sample_lines, services, signed

Pool = "asyncpg.Pool[asyncpg.Record]"
BODY = sample_lines()[0].encode()


async def at_the_desk(act: Callable[[], Any]) -> Any:
    """An operation, in a thread with a connection of its own."""

    def run() -> Any:
        try:
            return act()
        finally:
            connection.close()

    return await sync_to_async(run)()


async def change(sender: Sender, **terms: Any) -> None:
    def act() -> None:
        change_client(client=sender.issued.key, terms=Terms(**terms), now=sender.now[0], actor="test")

    await at_the_desk(act)


async def status(sender: Sender, body: bytes = BODY, **changes: Any) -> tuple[int, str]:
    response = await sender.post(body, **changes)
    return response.status, json.loads(response.body).get("error", {}).get("code", "")


async def test_sha256_is_as_good_and_cannot_be_mixed(sender: Sender) -> None:
    request = signed(sender.issued, BODY, sender.now[0], algorithm=SHA256)
    assert request.headers["x-hcp-algorithm"] == SHA256
    without = {name: value for name, value in request.headers.items() if name != "x-hcp-algorithm"}
    for headers in (without, request.headers | {"x-hcp-algorithm": "HMAC-SM3"}):
        refused = await report_occasions(replace(request, headers=headers), sender.services)
        assert json.loads(refused.body)["error"]["code"] == "signature_wrong"
    for unknown in ("HMAC-MD5", "none", "", "hmac-sha256"):
        headers = request.headers | {"x-hcp-algorithm": unknown}
        refused = await report_occasions(replace(request, headers=headers), sender.services)
        assert json.loads(refused.body)["error"]["code"] == "algorithm_unknown"
    assert (await report_occasions(request, sender.services)).status == 200
    assert (await report_occasions(request, sender.services)).status == 401


async def test_keys_overlap_and_the_old_one_ends_at_its_instant(sender: Sender, pool: Pool) -> None:
    second = await at_the_desk(lambda: add_key(client=sender.issued.key, now=sender.now[0], actor="test"))
    end = sender.now[0] + timedelta(hours=1)
    await at_the_desk(lambda: end_key(key=sender.issued.key, at=end, now=sender.now[0], actor="test"))
    with_second = Sender(second, sender.services, sender.now)
    assert [await status(sender), await status(with_second)] == [(200, ""), (200, "")]
    sender.now[0] = end - timedelta(seconds=1)
    assert await status(sender) == (200, "")
    sender.now[0] = end
    assert [await status(sender), await status(with_second)] == [(401, "signature_wrong"), (200, "")]
    # Revoked while the process runs: the very next call.
    await at_the_desk(lambda: end_key(key=second.key, now=end, actor="test"))
    assert await status(with_second) == (401, "signature_wrong")
    used = dict(await pool.fetch("SELECT id, last_used_at FROM accounts_apikey"))
    assert used == {sender.issued.key: end - timedelta(seconds=1), second.key: end}


async def test_the_last_use_is_kept_to_the_minute(sender: Sender, pool: Pool) -> None:
    async def used() -> datetime | None:
        found: datetime | None = await pool.fetchval("SELECT last_used_at FROM accounts_apikey")
        return found

    begin = sender.now[0]
    assert await used() is None
    stolen = replace(sender.issued, secret="0" * 64)
    assert await status(Sender(stolen, sender.services, sender.now)) == (401, "signature_wrong")
    assert await used() is None
    for seconds, kept in ((0, 0), (60, 0), (61, 61)):
        sender.now[0] = begin + timedelta(seconds=seconds)
        assert await status(sender) == (200, "")
        assert await used() == begin + timedelta(seconds=kept)


@pytest.mark.parametrize("seconds", [-600, 600])
async def test_a_clock_tolerance_is_of_the_client(sender: Sender, seconds: int) -> None:
    request = signed(sender.issued, BODY, sender.now[0] + timedelta(seconds=seconds))
    for admission in (admitted, report_occasions):
        refused = await admission(request, sender.services)
        assert refused is not None
        assert json.loads(refused.body)["error"]["code"] == "timestamp_stale"
    await change(sender, clock_tolerance=600)
    assert await admitted(request, sender.services) is None
    assert (await report_occasions(request, sender.services)).status == 200
    late = signed(
        sender.issued, BODY, sender.now[0] + timedelta(seconds=seconds + (1 if seconds > 0 else -1))
    )
    refused = await report_occasions(late, sender.services)
    assert json.loads(refused.body)["error"]["code"] == "timestamp_stale"


async def test_a_nonce_is_good_once_whichever_process_is_asked(sender: Sender) -> None:
    """Twenty services with pools of their own, as so many processes (or restarts) would have: one takes it."""
    request = signed(sender.issued, BODY, sender.now[0])
    pools = [await asyncpg.create_pool(database_address(), min_size=1, max_size=1) for _ in range(5)]
    try:
        doors = [await services(pool, lambda: sender.now[0]) for pool in pools]
        answers = await asyncio.gather(*(report_occasions(request, door) for door in doors * 4))
    finally:
        for pool in pools:
            await pool.close()
    assert sorted(answer.status for answer in answers) == [200] + [401] * 19


def limited(sender: Sender) -> tuple[Sender, list[float]]:
    """The same sender before a door whose clock for limits stands still."""
    clock = [time.monotonic()]
    return Sender(sender.issued, replace(sender.services, limits=Limits(lambda: clock[0])), sender.now), clock


async def test_too_many_records_are_told_until_when(sender: Sender, pool: Pool) -> None:
    await change(sender, limits={"records": 10, "records_burst": 10})
    slow, clock = limited(sender)
    lines = "\n".join(sample_lines()[:31]).encode()
    assert await status(slow, lines) == (200, "")
    refused = await slow.post(lines)
    error = json.loads(refused.body)["error"]
    assert (refused.status, error["code"]) == (429, "limit_records")
    assert ("Retry-After", "3") in refused.headers
    assert error["limit"] == {"kind": "records", "perSecond": 10, "burst": 10}
    assert error["retryAt"] == "2026-11-23 10:00:03"
    assert error["retryAt"] in error["message"]
    # Known by the head alone, before a large body is read.
    told = await admitted(signed(sender.issued, b"", sender.now[0]), slow.services)
    assert told is not None
    assert told.status == 429
    clock[0] += 3
    assert await status(slow, lines) == (200, "")


async def test_calls_at_once_do_not_slip_past_a_limit(sender: Sender, pool: Pool) -> None:
    """Each of them found something left when it came; in their turn only the first does."""
    await change(sender, limits={"records": 10, "records_burst": 10})
    slow, _ = limited(sender)
    lines = "\n".join(sample_lines()[:31]).encode()
    answers = await asyncio.gather(*(status(slow, lines) for _ in range(5)))
    assert sorted(answers) == [(200, "")] + [(429, "limit_records")] * 4
    assert await pool.fetchval("SELECT count(*) FROM audit_auditentry WHERE act = 'occasions.report'") == 1


async def test_a_refused_call_spends_nothing(sender: Sender, pool: Pool) -> None:
    await change(sender, limits={"calls": 1, "calls_burst": 2})
    slow, clock = limited(sender)
    assert [await status(slow) for _ in range(2)] == [(200, ""), (200, "")]
    waiting = signed(sender.issued, BODY, sender.now[0])
    for _ in range(5):
        assert (await report_occasions(waiting, slow.services)).status == 429
    clock[0] += 1
    # The same request, signature and all, once its time has come.
    assert (await report_occasions(waiting, slow.services)).status == 200
    assert (await report_occasions(waiting, slow.services)).status == 429


async def test_strangers_do_not_use_up_a_clients_limit(sender: Sender) -> None:
    await change(sender, limits={"calls": 1, "calls_burst": 1})
    slow, _ = limited(sender)
    forged = replace(signed(sender.issued, BODY, sender.now[0]), body=b"{}")
    for _ in range(5):
        assert (await report_occasions(forged, slow.services)).status == 401
    assert await status(slow) == (200, "")


async def test_by_default_a_full_call_is_never_too_much(sender: Sender) -> None:
    slow, _ = limited(sender)
    full = b"\n".join([BODY] * 10_000)
    assert [await status(slow, full) for _ in range(2)] == [(200, "")] * 2
