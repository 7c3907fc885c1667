"""Who may report: a right signature, once, by a key that is in force and has the right."""

import asyncio
import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from haochaping.intake.http import Request
from haochaping.intake.occasions import admitted, report_occasions
from tests.reporting import Sender, sample_lines, signed

BODY = sample_lines()[0].encode()


async def answer(sender: Sender, request: Request) -> tuple[int, str]:
    """Status and error code ("" when there is none)."""
    response = await report_occasions(request, sender.services)
    return response.status, json.loads(response.body).get("error", {}).get("code", "")


def tampered(request: Request, **headers: str) -> Request:
    return replace(request, headers={**request.headers, **headers})


async def test_a_signature_is_good_once(sender: Sender) -> None:
    request = signed(sender.issued, BODY, sender.now[0])
    assert await answer(sender, request) == (200, "")
    assert await answer(sender, request) == (401, "nonce_used")
    twice = signed(sender.issued, BODY, sender.now[0])
    answers = await asyncio.gather(*(answer(sender, twice) for _ in range(10)))
    assert sorted(answers) == [(200, "")] + [(401, "nonce_used")] * 9


async def test_unknown_keys_and_wrong_signatures_look_alike(
    sender: Sender, pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    request = signed(sender.issued, BODY, sender.now[0])
    wrong = [
        tampered(request, **{"x-hcp-key": "UNKNOWN"}),
        tampered(request, **{"x-hcp-key": "x" * 4000}),
        tampered(request, **{"x-hcp-key": "a\x00b"}),
        tampered(request, **{"x-hcp-signature": "0" * 64}),
        tampered(request, **{"x-hcp-signature": ""}),
        replace(request, body=BODY + b" "),
        replace(request, query="a=1"),
    ]
    answers = [await answer(sender, each) for each in wrong]
    assert set(answers) == {(401, "signature_wrong"), (401, "signature_missing")}
    # A wrong one spends no nonce, and nothing was stored.
    assert await pool.fetchval("SELECT count(*) FROM accounts_apinonce") == 0
    assert await answer(sender, request) == (200, "")


async def test_strangers_are_known_by_the_head_alone(sender: Sender) -> None:
    request = replace(signed(sender.issued, BODY, sender.now[0]), body=b"")
    stale = replace(signed(sender.issued, BODY, sender.now[0] - timedelta(seconds=301)), body=b"")
    strangers = [
        replace(request, headers={}),
        stale,
        tampered(request, **{"x-hcp-key": "UNKNOWN"}),
        tampered(request, **{"x-hcp-key": "x" * 4000}),
    ]
    answers = [await admitted(each, sender.services) for each in strangers]
    assert [answer.status if answer else 0 for answer in answers] == [401] * 4
    assert await admitted(request, sender.services) is None


async def test_stale_requests_are_refused(sender: Sender) -> None:
    request = signed(sender.issued, BODY, sender.now[0] - timedelta(seconds=301))
    assert await answer(sender, request) == (401, "timestamp_stale")


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE accounts_apikey SET revoked_at = now() - interval '100 years'",
        "UPDATE accounts_apikey SET expires_at = now() - interval '100 years'",
        "UPDATE accounts_apiclient SET ended_at = now() - interval '100 years'",
    ],
)
async def test_a_key_that_is_no_longer_in_force_stops_at_once(
    sender: Sender, pool: "asyncpg.Pool[asyncpg.Record]", change: str
) -> None:
    await pool.execute(change)
    assert await answer(sender, signed(sender.issued, BODY, sender.now[0])) == (401, "signature_wrong")


async def test_without_the_right_nothing_is_reported(
    sender: Sender, pool: "asyncpg.Pool[asyncpg.Record]"
) -> None:
    await pool.execute("UPDATE accounts_apiclient SET rights = '{rate}'")
    assert await answer(sender, signed(sender.issued, BODY, sender.now[0])) == (403, "right_missing")
    assert await pool.fetchval("SELECT count(*) FROM cases_serviceoccasion") == 0


@pytest.mark.parametrize(
    ("body", "headers", "status", "code"),
    [
        (b"", {}, 400, "empty"),
        (b"[{", {"content-type": "application/json"}, 400, "not_json"),
        (b"x", {"content-encoding": "gzip"}, 400, "gzip_broken"),
        (b"x", {"content-encoding": "br"}, 415, "encoding_unknown"),
        (b"{}\n" * 10_001, {}, 413, "too_many_records"),
    ],
)
async def test_what_cannot_be_read_stores_nothing(
    sender: Sender,
    pool: "asyncpg.Pool[asyncpg.Record]",
    body: bytes,
    headers: dict[str, Any],
    status: int,
    code: str,
) -> None:
    response = await sender.post(body, headers=headers)
    assert (response.status, json.loads(response.body)["error"]["code"]) == (status, code)
    assert await pool.fetchval("SELECT count(*) FROM audit_auditentry WHERE act = 'occasions.report'") == 0


async def test_a_lost_database_stores_nothing_and_says_so(
    sender: Sender, pool: "asyncpg.Pool[asyncpg.Record]", monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server drops the connection in the middle of the call: nothing of it stays."""
    await pool.execute(
        "CREATE FUNCTION drop_me() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); RETURN NEW; END $$"
    )
    await pool.execute(
        "CREATE TRIGGER drop_me BEFORE INSERT ON cases_occasionkey FOR EACH ROW EXECUTE FUNCTION drop_me()"
    )
    try:
        response = await sender.post(BODY)
        assert response.status == 503
        assert ("Retry-After", "5") in response.headers
        assert await pool.fetchval("SELECT count(*) FROM identity_vaultrecord") == 0
    finally:
        await pool.execute("DROP FUNCTION drop_me CASCADE")
    assert await sender.verdicts(BODY.decode()) == ["accepted"]
