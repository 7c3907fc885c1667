"""The rater learns by the receipt that the rating does not count, why, and what he may do; figures stay exact."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from asgiref.sync import sync_to_async
from django.db import connection, transaction

from haochaping.policy.keeping import keeper
from haochaping.ratings.models import Voiding
from haochaping.ratings.operations import Voided, restore, void
from haochaping.ratings.states import VoidEffect
from tests.integration.faces.citizen.holder import Holder, levels, rated, thread_closed
from tests.integration.faces.citizen.person import Citizen
from tests.integration.faces.citizen.test_afterwards import BAD, DECIDED, TO_GOOD

CLAUSE = "《昆明市政务服务“好差评”实施办法》第十条"


@pytest.fixture(autouse=True)
def decided(monkeypatch: pytest.MonkeyPatch) -> None:
    """An operator has laid down what Kunming leaves open, so that there would be something to say later."""
    keeper()
    monkeypatch.setenv("HAOCHAPING_RULES_DIR", str(DECIDED))


@pytest.fixture(autouse=True)
async def closing(decided: None, citizen: Citizen) -> AsyncIterator[None]:
    yield
    await thread_closed()


@transaction.atomic
def _void(holder: Holder) -> None:
    decided = Voided(VoidEffect.NOT_COUNTED, None, "mistaken", CLAUSE, "official:a", "official:b")
    void(rating_id=holder.occasion, decided=decided, now=holder.citizen.now)


@transaction.atomic
def _restore(holder: Holder) -> None:
    restore(
        rating_id=holder.occasion,
        clause=CLAUSE,
        proposed_by="official:a",
        confirmed_by="official:b",
        now=holder.citizen.now,
    )


async def test_the_receipt_says_that_it_does_not_count_and_nothing_more_is_offered(citizen: Citizen) -> None:
    holder = await rated(citizen, **BAD)
    assert "更正评价" in (await holder.look()).text
    sent = await holder.fill("correction", **TO_GOOD)
    await sync_to_async(_void)(holder)
    page = (await holder.look()).text
    assert "这次评价不计入" in page
    assert "误评" in page
    assert CLAUSE in page
    assert "您的原评价没有改动，也没有删除" in page
    assert "多要了一份证明" in page, "what was said is still his to see"
    assert "更正评价" not in page
    assert "计入办理单位当日的满意情况统计" not in page
    assert (await citizen.post("/receipt/correction", sent)).status == 410
    assert await levels(citizen) == {}

    await sync_to_async(_restore)(holder)
    page = (await holder.look()).text
    assert "这次评价不计入" not in page
    assert "更正评价" in page
    assert await levels(citizen) == {1: 1}
    assert (await citizen.post("/receipt/correction", sent)).status == 201
    assert await levels(citizen) == {5: 1}


async def test_a_correction_and_a_voiding_at_once_leave_exact_figures(citizen: Citizen) -> None:
    for _ in range(4):
        holder = await rated(citizen, **BAD)
        sent = await holder.fill("correction", **TO_GOOD)

        def voiding(holder: Holder = holder) -> None:
            try:
                _void(holder)
            finally:
                connection.close()

        answer, _ = await asyncio.gather(
            citizen.post("/receipt/correction", sent), asyncio.to_thread(voiding)
        )
        assert answer.status in {201, 410}
    assert await sync_to_async(Voiding.objects.count)() == 4
    assert await levels(citizen) == {}
