"""Several at once, over real connections: of every race exactly one outcome, counted once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from asgiref.sync import sync_to_async
from django.db import connection

from haochaping.foundation.errors import Conflict
from haochaping.policy.keeping import keeper
from haochaping.rectification.models import BadRating, OrderStep, WorkOrder
from haochaping.rectification.operations import act, open_orders
from haochaping.rectification.states import Act, State
from tests.integration.faces.citizen.holder import levels, rated, thread_closed, work
from tests.integration.faces.citizen.person import Citizen
from tests.integration.faces.citizen.test_afterwards import BAD, TO_GOOD
from tests.orders import lead_to, make_official

DECIDED = Path(__file__).parents[3] / "data" / "afterwards"
ROUNDS = 6


@pytest.fixture(autouse=True)
def decided(monkeypatch: pytest.MonkeyPatch) -> None:
    keeper()  # made before: what the process itself judges by stays as it is for the tests that follow
    monkeypatch.setenv("HAOCHAPING_RULES_DIR", str(DECIDED))


@pytest.fixture(autouse=True)
async def closing(decided: None, citizen: Citizen) -> AsyncIterator[None]:
    yield
    await thread_closed()


async def in_thread(call: object, **given: object) -> object:
    """In a thread and over a connection of its own."""

    def run() -> object:
        try:
            return call(**given)  # type: ignore[operator]
        finally:
            connection.close()

    return await asyncio.to_thread(run)


async def test_of_many_corrections_by_one_receipt_one_is_kept(citizen: Citizen) -> None:
    holder = await rated(citizen, **BAD)
    wanted = [("5", 5), ("4", 4), ("3", 3)] * 6
    sent = [
        await holder.fill("correction", satisfaction=level, evalDetail=[], writingEvaluation="")
        for level, _ in wanted
    ]
    answers = await asyncio.gather(*(citizen.post("/receipt/correction", each) for each in sent))
    assert sorted(answer.status for answer in answers) == [201] + [410] * (len(sent) - 1)
    kept = next(number for answer, (_, number) in zip(answers, wanted, strict=True) if answer.status == 201)
    assert await levels(citizen) == {kept: 1}


async def test_one_submission_many_times_at_once_is_one(citizen: Citizen) -> None:
    holder = await rated(citizen, **BAD)
    sent = await holder.fill("correction", **TO_GOOD)
    answers = await asyncio.gather(*(citizen.post("/receipt/correction", sent) for _ in range(12)))
    assert sorted(answer.status for answer in answers) == [200] * 11 + [201]
    assert await levels(citizen) == {5: 1}


async def test_a_correction_while_its_order_is_opened_is_never_missed(citizen: Citizen) -> None:
    for _ in range(ROUNDS):
        holder = await rated(citizen, **BAD)
        sent = await holder.fill("correction", **TO_GOOD)
        answer, _ = await asyncio.gather(
            citizen.post("/receipt/correction", sent),
            in_thread(open_orders, now=citizen.now, limit=10),
        )
        assert answer.status == 201
        await work(citizen)
        found = await WorkOrder.objects.filter(subject_id=holder.occasion).afirst()
        assert found is None or (found.state, found.exclusion) == (State.CLOSED, "corrected")
    assert not await BadRating.objects.aexists()
    assert await levels(citizen) == {5: ROUNDS}


async def test_a_supplement_while_the_order_is_opened_reaches_it_once(citizen: Citizen) -> None:
    for _ in range(ROUNDS):
        holder = await rated(citizen, **BAD)
        sent = await holder.fill("supplement", writingEvaluation="补充一句")
        await asyncio.gather(
            citizen.post("/receipt/supplement", sent),
            in_thread(open_orders, now=citizen.now, limit=10),
        )
        await work(citizen)
        found = await WorkOrder.objects.aget(subject_id=holder.occasion)
        assert found.additions == ["补充一句"]


async def test_handler_and_rater_at_once_have_one_outcome(citizen: Citizen) -> None:
    outcomes = set()
    handler = None
    for _ in range(ROUNDS):
        holder = await rated(citizen, **BAD)
        await work(citizen)
        opened = await WorkOrder.objects.aget(subject_id=holder.occasion)
        if handler is None:
            handler = await sync_to_async(make_official)(opened.organisation_id, citizen.now, "handler")
        answered = await sync_to_async(lead_to)(opened, Act.ANSWER, handler, citizen.now)
        sent = await holder.fill("correction", **TO_GOOD)
        assert (await citizen.post("/receipt/correction", sent)).status == 201
        given = {"order_id": opened.id, "act": Act.CLOSE, "official_id": handler, "now": citizen.now}
        results = await asyncio.gather(
            in_thread(act, revision=answered.revision, **given),
            in_thread(open_orders, now=citizen.now, limit=10),
            return_exceptions=True,
        )
        refused = isinstance(results[0], Conflict)
        assert refused or results[0] is State.CLOSED
        assert results[1] == 0
        found = await WorkOrder.objects.aget(subject_id=holder.occasion)
        assert found.state == State.CLOSED
        assert found.exclusion == ("corrected" if refused else "")
        closed = await OrderStep.objects.filter(order=found, act=Act.CLOSE).acount()
        assert closed == (0 if refused else 1)
        assert await OrderStep.objects.filter(order=found, act="rater_corrected").acount() == 1
        outcomes.add(found.exclusion)
    assert outcomes <= {"", "corrected"}
    assert await levels(citizen) == {5: ROUNDS}
