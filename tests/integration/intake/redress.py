"""A citizen who rated badly in a town whose rules the test writes, and the officials who handle what follows."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from haochaping.intake.http import Response
from haochaping.policy.keeping import one_edition
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.operations import count_silence, open_orders
from haochaping.rectification.operations.silence import GRACE
from haochaping.rectification.queries import OrderView, order
from haochaping.rectification.states import Act
from tests.integration.faces.citizen.person import receipt
from tests.integration.intake.town import Town
from tests.markup import Page
from tests.orders import lead_to, make_official

Result = TypeVar("Result")
BAD = {"satisfaction": "1", "evalDetail": "108", "named": "0"}


@dataclass
class Rater:
    """Who rated one occasion of the town, and kept the receipt."""

    town: Town
    number: str
    secret: str
    handler: uuid.UUID | None = None

    @property
    def held(self) -> dict[str, str]:
        return {"number": self.number, "secret": self.secret}

    async def post(self, act: str, **said: Any) -> Response:
        return await self.town.citizen.post(f"/receipt/{act}".rstrip("/"), self.held | said)

    async def look(self) -> Page:
        answer = await self.post("")
        assert answer.status == 200
        return Page(answer.body)

    async def judge(self, verdict: str) -> Response:
        """By the form beneath the answer, looked over and confirmed."""
        asked = dict((await self.look()).fields)
        looked_over = await self.post("verdict", submission=asked["submission"], verdict=verdict)
        assert looked_over.status == 200, Page(looked_over.body).text
        return await self.post("verdict", **dict(Page(looked_over.body).fields), confirmed="1")

    async def ruled(self, call: Callable[..., Result], **given: Any) -> Result:
        """Django's side, by the rules of the town."""

        def work() -> Result:
            with one_edition(every=0):
                return call(**given)

        return await self.town.django(work)

    async def work(self) -> int:
        """The worker's turn; how many orders were opened."""
        return await self.ruled(open_orders, now=self.town.citizen.now, limit=10)

    async def silence(self, now: datetime | None = None) -> int:
        """The sweep, as soon as it may; how many verdicts it gave."""
        return await self.ruled(count_silence, now=(now or self.town.citizen.now) + GRACE)

    async def order(self) -> WorkOrder:
        return await self.town.django(WorkOrder.objects.get)

    async def lead(self, last: Act) -> WorkOrder:
        """All acts of officials up to and with this one."""
        found = await self.order()
        now = self.town.citizen.now
        if self.handler is None:
            self.handler = await self.town.django(
                lambda: make_official(found.organisation_id, now, "handler")
            )
        return await self.ruled(lead_to, order=found, last=last, official=self.handler, now=now)

    async def seen(self) -> OrderView:
        """The page of the order, as its handler sees it."""
        found = await self.order()
        return await self.ruled(order, official_id=self.handler, order_id=found.id, now=self.town.citizen.now)


async def rated(town: Town, **said: Any) -> Rater:
    """Who has just rated a service of today, badly unless told otherwise."""
    now = town.citizen.now
    path = await town.report(town.served(now.month, now.day))
    assert path is not None
    answer = await town.citizen.post(path, BAD | {"submission": uuid.uuid4().hex} | said)
    assert answer.status == 201, Page(answer.body).text
    return Rater(town, *receipt(answer))


async def answered(town: Town, **said: Any) -> Rater:
    """Who has an answer to a bad rating."""
    rater = await rated(town, **said)
    assert await rater.work() == 1
    await rater.lead(Act.ANSWER)
    return rater
