"""Two systems of one platform report the same cases at the same instant: as if one had come after the other."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from copy import deepcopy
from pathlib import Path
from random import Random
from threading import Barrier
from typing import Any

import asyncpg
import pytest
from django.db import connection

from haochaping.accounts.operations.clients import IssuedKey, create_client
from haochaping.intake.occasions import report_occasions
from haochaping.intake.services import Services
from haochaping.registry.operations import import_registry
from tests.occasions import database_address
from tests.reporting import services, signed
from tests.verdicts import second_city as city
from tests.verdicts.oracle import Oracle, cases, time_of
from tests.verdicts.stream import stream

ROUNDS = 12
LENGTH = 40

# What one of the two does, told when both are ready.
Work = Callable[[Services, Callable[[], Awaitable[object]]], Awaitable[Any]]
Results = list[dict[str, Any]]


@pytest.fixture
def clients(
    committed_db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> tuple[IssuedKey, IssuedKey]:
    """Two clients of one platform in the second city."""
    city.write(tmp_path / "registry", tmp_path / "rules")
    monkeypatch.setenv("HAOCHAPING_RULES_DIR", str(tmp_path / "rules"))
    import_registry(directory=tmp_path / "registry", now=city.NOW, actor="test")
    return client(), client()


def client() -> IssuedKey:
    return create_client(
        organisation=city.AUTHORITY, rights=["report"], platform="shared", actor="test", now=city.NOW
    )


def at_once(*works: Work) -> list[Any]:
    """Each with an event loop and connections of its own, as the door's processes have: what keeps them apart is the
    database alone."""
    barrier = Barrier(len(works), timeout=60)

    async def served(work: Work) -> Any:
        async with asyncpg.create_pool(database_address(), min_size=2, max_size=2) as pool:
            return await work(await services(pool, lambda: city.NOW), lambda: asyncio.to_thread(barrier.wait))

    with ThreadPoolExecutor(len(works)) as threads:
        return list(threads.map(lambda work: asyncio.run(served(work)), works))


def reporting(issued: IssuedKey, rounds: Sequence[Sequence[bytes]]) -> Work:
    """Sends one call a round, when the other is about to."""

    async def work(served_by: Services, ready: Callable[[], Awaitable[object]]) -> list[Results]:
        told = []
        for lines in rounds:
            call = signed(issued, b"\n".join(lines), city.NOW)
            await ready()
            response = await report_occasions(call, served_by)
            assert response.status == 200, response.body
            told.append(json.loads(response.body)["results"])
        return told

    return work


def agrees(oracle: Oracle, lines: Sequence[bytes], results: Results) -> bool:
    """Whether the answer is the one due when nobody comes in between; the oracle has then seen the lines."""
    due = [oracle.verdict(line) for line in lines]
    return all(
        result["verdict"] == each.verdict and each.fields <= {reason["field"] for reason in result["reasons"]}
        for result, each in zip(results, due, strict=True)
    )


def test_what_two_report_at_once_is_judged_one_after_the_other(clients: tuple[IssuedKey, IssuedKey]) -> None:
    rounds = [stream(Random(number), LENGTH) for number in range(ROUNDS)]
    sent = [
        [random.sample(lines, len(lines)) for lines in rounds] for random in (Random("one"), Random("other"))
    ]
    told = at_once(*(reporting(issued, own) for issued, own in zip(clients, sent, strict=True)))
    oracle = city.oracle()
    accepted = 0
    for number in range(ROUNDS):
        serial = []
        for order in ((0, 1), (1, 0)):
            after = deepcopy(oracle)
            if all(agrees(after, sent[who][number], told[who][number]) for who in order):
                serial.append(after)
        assert serial, f"round {number}: as in no order"
        oracle = serial[0]
        accepted += sum(each["verdict"] == "accepted" for who in (0, 1) for each in told[who][number])
    assert accepted == len(oracle.state()) > ROUNDS
    with connection.cursor() as cursor:
        cursor.execute("SELECT project_no, status, accepted_at, result_at FROM cases_case")
        stored = {project: tuple(progress) for project, *progress in cursor.fetchall()}
        cursor.execute("SELECT count(*) FROM cases_serviceoccasion")
        assert cursor.fetchone() == (accepted,)
    assert stored == {
        project: (int(status), time_of(acceptance), time_of(result))
        for project, (status, acceptance, result) in cases(oracle.state()).items()
    }


def test_a_nonce_that_comes_twice_at_once_is_good_once(clients: tuple[IssuedKey, IssuedKey]) -> None:
    calls = [signed(clients[0], b'{"projectNo": "P"}', city.NOW) for _ in range(20)]

    async def work(served_by: Services, ready: Callable[[], Awaitable[object]]) -> list[int]:
        statuses = []
        for call in calls:
            await ready()
            statuses.append((await report_occasions(call, served_by)).status)
        return statuses

    assert [sorted(pair) for pair in zip(*at_once(work, work), strict=True)] == [[200, 401]] * 20
