"""A citizen with a receipt, who does by it what the page offers; and the counts that must follow."""

import uuid
from dataclasses import dataclass, field
from typing import Any

from asgiref.sync import sync_to_async
from django.db import connection

from haochaping.foundation.clock import now as clock
from haochaping.intake.http import Response
from haochaping.publication.proof import reconcile
from haochaping.rectification.operations import open_orders
from tests.integration.faces.citizen.person import Citizen, receipt
from tests.markup import Page
from tests.orders import NAME, PHONE, put_person


@dataclass
class Holder:
    """Who rated one occasion and kept the receipt."""

    citizen: Citizen
    occasion: uuid.UUID
    number: str
    secret: str
    pages: list[Page] = field(default_factory=list)

    @property
    def held(self) -> dict[str, str]:
        return {"number": self.number, "secret": self.secret}

    @property
    def stored(self) -> str:
        return self.number.replace("-", "")

    async def look(self) -> Page:
        answer = await self.citizen.post("/receipt", self.held)
        assert answer.status == 200
        return Page(answer.body)

    async def form(self, act: str) -> Response:
        return await self.citizen.post(f"/receipt/{act}", self.held)

    async def fill(self, act: str, **said: Any) -> list[tuple[str, str]]:
        """What the page before the act would send: filled in, looked over, confirmed."""
        form = await self.form(act)
        assert form.status == 200, Page(form.body).text
        asked = await self.citizen.post(f"/receipt/{act}", _changed(Page(form.body), said))
        assert asked.status == 200, Page(asked.body).text
        self.pages.append(Page(asked.body))
        return [*Page(asked.body).fields, ("confirmed", "1")]

    async def act(self, act: str, **said: Any) -> Response:
        return await self.citizen.post(f"/receipt/{act}", await self.fill(act, **said))


def _changed(page: Page, said: dict[str, Any]) -> list[tuple[str, str]]:
    kept = [(name, value) for name, value in page.fields if name not in said]
    chosen = [
        (name, each)
        for name, value in said.items()
        for each in ([value] if isinstance(value, str) else value)
    ]
    return kept + chosen


async def thread_closed() -> None:
    """The connection of the thread in which ORM calls of asynchronous tests run, closed: so its database can be dropped."""

    def close() -> None:
        connection.close()

    await sync_to_async(close)()


async def rated(citizen: Citizen, **said: Any) -> Holder:
    """Who has rated a fresh occasion, which is counted, and its applicant kept, as the intake does it."""
    occasion = await citizen.occasion()
    await citizen.database.execute(
        """INSERT INTO cases_case (id, platform, project_no, status, accepted_at)
        SELECT case_id, 'p', case_id::text, 3, $2 FROM cases_serviceoccasion WHERE id = $1""",
        occasion,
        citizen.now,
    )
    await sync_to_async(put_person)(occasion, citizen.now, name=NAME, phone=PHONE)
    await citizen.database.execute(
        """INSERT INTO tallies_change (organisation_id, day, hall_id, window_id, item_id, staff_id, occasions)
        SELECT organisation_id, service_day, hall_id, window_id, item_id, staff_id, 1
        FROM cases_serviceoccasion WHERE id = $1""",
        occasion,
    )
    link = citizen.link(occasion)
    answer = await citizen.post(link, await citizen.fill(link, **said))
    assert answer.status == 201, Page(answer.body).text
    return Holder(citizen, occasion, *receipt(answer))


async def levels(citizen: Citizen) -> dict[int, int]:
    """What the tallies count, by level; nothing of what is zero. Proved against the rows."""
    assert await sync_to_async(reconcile)(now=clock()) == ()
    sums = ", ".join(f"sum(n{level})::int AS n{level}" for level in range(1, 6))
    row = await citizen.database.fetchrow(f"SELECT {sums} FROM tallies_change")  # noqa: S608
    return {level: row[f"n{level}"] for level in range(1, 6) if row[f"n{level}"]}


async def work(citizen: Citizen) -> int:
    """The worker's turn; how many orders were opened."""
    return await sync_to_async(open_orders)(now=citizen.now, limit=100)
