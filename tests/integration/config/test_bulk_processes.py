"""Reports as they go through the real door: into processes of their own and back, whatever becomes of those."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import httpx
import pytest
from asgiref.sync import sync_to_async
from backports import zstd
from django.db import connection

from haochaping.accounts.operations.clients import Terms, create_client
from haochaping.accounts.operations.keys import IssuedKey
from haochaping.config import asgi
from haochaping.foundation.clock import now
from haochaping.intake.processes import SMALL
from haochaping.registry.operations import import_registry
from tests.integration.config.test_asgi import running
from tests.occasions import database_address
from tests.reporting import AUTHORITY, REGISTRY, sample_lines, signed

SAMPLE = "\n".join(sample_lines()).encode()
PATH = "/api/v1/occasions"


def registry() -> None:
    import_registry(directory=REGISTRY, now=now(), actor="test")
    connection.close()  # this thread's own


def sender(**limits: int) -> IssuedKey:
    terms = Terms(limits=limits)
    try:
        return create_client(organisation=AUTHORITY, rights=["report"], actor="test", now=now(), terms=terms)
    finally:
        connection.close()


@pytest.fixture
async def door(committed_db: None) -> AsyncIterator[httpx.AsyncClient]:
    await sync_to_async(registry)()
    async with running(asgi.build({"DATABASE_URL": database_address()})) as client:
        client.timeout = httpx.Timeout(60)
        yield client


async def post(door: httpx.AsyncClient, issued: IssuedKey, body: bytes, **headers: str) -> httpx.Response:
    request = signed(issued, body, now(), headers={name.replace("_", "-"): headers[name] for name in headers})
    return await door.post(PATH, content=body, headers=dict(request.headers))


def bulk_processes() -> set[int]:
    """This process's children that work on reports."""
    found = set()
    for file in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            ours = int(file.with_name("stat").read_text().rpartition(")")[2].split()[1]) == os.getpid()
            if ours and b"haochaping.config.bulk" in file.read_bytes():
                found.add(int(file.parent.name))
        except OSError:
            continue
    return found


async def test_large_and_small_reports_go_their_ways_and_come_to_the_same(
    door: httpx.AsyncClient,
) -> None:
    issued = await sync_to_async(sender)()
    assert len(SAMPLE) > SMALL
    large = (await post(door, issued, SAMPLE)).json()
    (first,) = bulk_processes()
    lines = SAMPLE.split(b"\n")
    packed = zstd.compress(b"\n".join(lines[:10]))
    small = (await post(door, issued, packed, content_encoding="zstd")).json()
    assert len(bulk_processes()) == 2
    assert first in bulk_processes()

    accepted = large["counts"]["accepted"]
    assert sum(large["counts"].values()) == len(lines)
    assert accepted > 0
    for one, other in zip(large["results"][:10], small["results"], strict=True):
        assert one["url"] == other["url"]
        assert other["verdict"] in ("repeated", "rejected", "quarantined", "conflicting")

    unreadable = await post(door, issued, b" " * (SMALL + 1))
    assert (unreadable.status_code, unreadable.json()["error"]["code"]) == (400, "empty")


async def test_what_is_killed_comes_back_and_resending_heals(
    door: httpx.AsyncClient,
) -> None:
    issued = await sync_to_async(sender)()
    line = SAMPLE.split(b"\n")[0]
    assert (await post(door, issued, line)).json()["counts"]["accepted"] == 1
    # While a stranger holds the platform's turn, the call is under way in its process.
    stranger = await asyncpg.connect(database_address())
    async with stranger.transaction():
        await stranger.execute(
            "SELECT pg_advisory_xact_lock(hashtextextended('cases.occasions:' || $1, 0))", AUTHORITY
        )
        waiting = asyncio.create_task(post(door, issued, line))
        held = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        while not await stranger.fetchval(held):
            await asyncio.sleep(0.01)
        (process,) = bulk_processes()
        os.kill(process, signal.SIGKILL)
        answer = await waiting
    await stranger.close()
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    state = await door.get("/readyz")
    assert (state.status_code, state.json()["parts"]["bulk"]) == (
        503,
        "1 process(es) ended, being started again",
    )
    while (await door.get("/readyz")).status_code != 200:
        await asyncio.sleep(0.05)
    assert (await post(door, issued, line)).json()["counts"]["repeated"] == 1
    assert bulk_processes() - {process}


async def test_a_limit_is_one_over_all_processes(door: httpx.AsyncClient) -> None:
    issued = await sync_to_async(sender)(records=1, records_burst=20)
    lines = SAMPLE.split(b"\n")
    assert (await post(door, issued, b"\n".join(lines[:10]))).status_code == 200
    assert (await post(door, issued, SAMPLE)).status_code == 200
    answer = await post(door, issued, lines[0])
    assert (answer.status_code, answer.json()["error"]["limit"]["kind"]) == (429, "records")


async def test_processes_end_with_the_door_after_what_they_work_on(committed_db: None) -> None:
    await sync_to_async(registry)()
    issued = await sync_to_async(sender)()
    async with running(asgi.build({"DATABASE_URL": database_address()})) as client:
        answer = asyncio.create_task(post(client, issued, SAMPLE))
        while not bulk_processes():
            await asyncio.sleep(0.01)
        assert json.loads((await answer).content)["counts"]["accepted"] > 0
        left = bulk_processes()
    assert left
    assert not bulk_processes()
