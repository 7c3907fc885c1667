"""A rating that arrives as its window closes while the database is away is judged by when it was received, also by a door
that was started anew since then."""

import json
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from urllib.parse import urlencode

import asyncpg
import pytest

from haochaping.faces.citizen.rate import slow_down
from haochaping.foundation.clock import now as clock_now
from haochaping.intake.arrivals import HEADER, KEPT, Arrivals
from haochaping.intake.http import Request, Response
from haochaping.intake.ratings_api import rate
from haochaping.intake.writer import Limits, Writer
from haochaping.ratings.receipt import receipt_keys
from tests.integration.faces.citizen.person import FORM, Citizen
from tests.markup import Page
from tests.occasions import database_address

BEFORE, AFTER = timedelta(seconds=1), timedelta(seconds=20)
RECEIVED = "SELECT received_at FROM ratings_rating WHERE id = $1"

Send = Callable[..., Awaitable[Response]]


async def by_form(citizen: Citizen, link: str, submission: str, mark: str = "") -> Response:
    said = {"satisfaction": "5", "named": "0", "submission": submission}
    return await citizen.post(link, said | ({"received": mark} if mark else {}))


async def by_device(citizen: Citizen, link: str, submission: str, mark: str = "") -> Response:
    said = {"satisfaction": 5, "named": False, "submission": submission}
    request = Request(
        method="POST",
        path=f"/api/v1/ratings/{link.removeprefix('/r/')}",
        query="",
        headers={"content-type": "application/json"} | ({HEADER.lower(): mark} if mark else {}),
        address=citizen.address,
        received_at=citizen.now,
        body=json.dumps(said).encode(),
        parameters={"token": link.removeprefix("/r/")},
    )
    return await rate(request, citizen.services)


async def unread(citizen: Citizen, send: Send, link: str, submission: str) -> Response:
    """Sent while not even the occasion can be looked up."""
    pool = await asyncpg.create_pool(database_address(), min_size=0, max_size=1)
    await pool.close()
    return await send(citizen.with_services(pool=pool), link, submission)


async def unheard(citizen: Citizen, send: Send, link: str, submission: str) -> Response:
    """Sent while nothing can be stored."""
    limits = Limits(answer=0.5, reconnect=0.2)
    writer = Writer("postgresql://nobody@127.0.0.1:1/none", keys=receipt_keys(), now=clock_now, limits=limits)
    try:
        return await send(citizen.with_services(writer=writer), link, submission)
    finally:
        await writer.close()


async def answered(citizen: Citizen, send: Send, link: str, submission: str, mark: str = "") -> Response:
    """Sent until the database answers, which on a busy machine may be later than people are asked to wait."""
    while (answer := await send(citizen, link, submission, mark)).status == 503:
        continue
    return answer


def mark_in(answer: Response) -> str:
    """What the answer gives to be sent back: in a hidden field, or in a header."""
    return dict(answer.headers).get(HEADER) or Page(answer.body).value("received")


def another_door(citizen: Citizen, at: datetime) -> Citizen:
    """In front of a process that remembers nothing."""
    return replace(citizen.with_services(arrivals=Arrivals()), now=at)


@pytest.mark.parametrize("send", [by_form, by_device])
@pytest.mark.parametrize("away", [unread, unheard])
async def test_who_was_in_time_stays_so_and_nobody_else_gets_in(
    citizen: Citizen, now: datetime, send: Send, away: Callable[..., Awaitable[Response]]
) -> None:
    due_at = now + BEFORE
    occasion, other = [await citizen.occasion(due_at=due_at) for _ in range(2)]
    submission = uuid.uuid4().hex
    assert (await away(citizen, send, citizen.link(occasion), submission)).status == 503

    late = replace(citizen, now=due_at + AFTER)
    for link, another in (
        (citizen.link(occasion), uuid.uuid4().hex),
        (citizen.link(other), submission),
    ):
        assert (await answered(late, send, link, another)).status == 410
    assert (await answered(late, send, citizen.link(occasion), submission)).status in (200, 201)
    assert (await answered(late, send, citizen.link(occasion), submission)).status == 200
    assert await citizen.database.fetchval(RECEIVED, occasion) == now


@pytest.mark.parametrize("send", [by_form, by_device])
@pytest.mark.parametrize("away", [unread, unheard])
async def test_a_mark_tells_another_door_who_was_in_time_and_nobody_else(
    citizen: Citizen, now: datetime, send: Send, away: Callable[..., Awaitable[Response]]
) -> None:
    due_at = now + BEFORE
    occasion, other = [await citizen.occasion(due_at=due_at) for _ in range(2)]
    link, submission = citizen.link(occasion), uuid.uuid4().hex
    mark = mark_in(await away(citizen, send, link, submission))
    if away is unread:
        told = 'haochaping_ratings_refused_total{channel="3",level="5",reason="database_away"} 1.0'
        assert told in citizen.services.metrics.text().decode()

    # Away once more: the mark that is given then is of the same instant.
    again = mark_in(
        await away(another_door(citizen, due_at + AFTER), partial(send, mark=mark), link, submission)
    )
    assert again == mark
    forged = mark[:-1] + ("0" if mark[-1] != "0" else "1")
    earlier = f"{int(mark[:16]) - 1}{mark[16:]}"
    for said, another, given in (
        (link, submission, ""),
        (link, submission, forged),
        (link, submission, earlier),
        (link, uuid.uuid4().hex, mark),
        (citizen.link(other), submission, mark),
    ):
        late = another_door(citizen, due_at + AFTER)
        assert (await answered(late, send, said, another, given)).status == 410
    stale = another_door(citizen, now + KEPT + BEFORE)
    assert (await answered(stale, send, link, submission, mark)).status == 410

    late = another_door(citizen, due_at + AFTER)
    assert (await answered(late, send, link, submission, mark)).status in (200, 201)
    assert await citizen.database.fetchval(RECEIVED, occasion) == now


async def test_the_mark_stays_in_the_page_until_all_is_right(citizen: Citizen, now: datetime) -> None:
    occasion, submission = await citizen.occasion(due_at=now + BEFORE), uuid.uuid4().hex
    link = citizen.link(occasion)
    mark = mark_in(await unread(citizen, by_form, link, submission))
    late = another_door(citizen, now + AFTER)
    bad = {"satisfaction": "1", "named": "0", "submission": submission, "received": mark}
    corrected = await late.post(link, bad)
    assert (corrected.status, mark_in(corrected)) == (422, mark)
    slowed = await slow_down(9, late.request("POST", link, urlencode(bad).encode(), FORM), late.services)
    assert (slowed.status, mark_in(slowed)) == (429, mark)


async def test_silence_that_counted_meanwhile_makes_room(citizen: Citizen, now: datetime) -> None:
    from asgiref.sync import sync_to_async
    from django.db import connection

    from haochaping.ratings.operations import default_due

    def sweep() -> int:
        try:
            return default_due(now=now + AFTER)
        finally:
            connection.close()

    occasion, submission = await citizen.occasion(due_at=now + BEFORE), uuid.uuid4().hex
    assert (await unread(citizen, by_form, citizen.link(occasion), submission)).status == 503
    assert await sync_to_async(sweep)() == 1

    late = replace(citizen, now=now + AFTER)
    assert (await answered(late, by_form, citizen.link(occasion), submission)).status in (200, 201)

    superseded = "SELECT superseded_at IS NOT NULL FROM ratings_defaultrating WHERE id = $1"
    assert await citizen.database.fetchval(superseded, occasion)
