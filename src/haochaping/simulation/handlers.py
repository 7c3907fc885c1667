"""Simulated handlers: they lead the city's work orders on, through the operations of the room, day by day."""

import uuid
from datetime import datetime, timedelta
from random import Random

from haochaping.accounts.operations.officials import NewPost, create_official
from haochaping.accounts.rules import Role
from haochaping.rectification.operations import act
from haochaping.rectification.queries import OrderToLead, orders_to_lead
from haochaping.rectification.states import Act, Finding
from haochaping.simulation.people import person

# How likely a handler does the next act on a working day; the last orders of a city are always on their way.
# What is not here nobody does: an order that was sent back waits for the authority, and here none is sent back.
_DILIGENCE = {
    Act.TAKE: 0.8,
    Act.VERIFY: 0.5,
    Act.RECTIFY: 0.25,
    Act.EXPLAIN: 0.25,
    Act.ANSWER: 0.6,
    Act.APPROVE: 0.6,
    Act.CLOSE: 0.5,
}
_FINDINGS = (Finding.TRUE, Finding.TRUE, Finding.PARTLY, Finding.UNTRUE)
_TEXTS = {
    Act.TAKE: ("",),
    Act.VERIFY: ("已与当事人联系，并调取当日叫号记录核对。", "已向窗口负责人了解情况，核对了办件材料。"),
    Act.RECTIFY: (
        "已更新办事指南中的材料清单，并在窗口张贴。",
        "已对窗口人员进行业务培训，增设午间值班窗口。",
    ),
    Act.ANSWER: (
        "您反映的问题已经核实，我们更新了材料清单并培训了窗口人员，感谢您的监督。",
        "对给您带来的不便深表歉意。我们已增设值班窗口，今后将按承诺时限办结。",
    ),
    Act.EXPLAIN: ("您提出的要求，现行规定没有相应的依据，我们已向您说明可以通过什么途径反映。",),
    Act.APPROVE: ("",),
    Act.CLOSE: ("",),
}


class Handlers:
    """Handlers of each organisation that has an order, made when first needed: one, and a second who approves his answers
    where the rules ask for that."""

    def __init__(self, random: Random, *, run: str) -> None:
        self._random = random
        self._run = run
        self._ids: dict[tuple[int, int], uuid.UUID] = {}

    def lead_on(self, now: datetime) -> int:
        """One working day: each open order gets its next act, or not. Returns how many acts were done."""
        done = 0
        for order in orders_to_lead():
            if self._random.random() < _DILIGENCE.get(order.next_act, 0):
                self._do(order, now + timedelta(minutes=self._random.randrange(1, 90)))
                done += 1
        return done

    def _do(self, order: OrderToLead, now: datetime) -> None:
        second = int(order.next_act is Act.APPROVE)
        act(
            order_id=order.id,
            act=order.next_act,
            official_id=self._handler(order.organisation_id, second, now),
            revision=order.revision,
            now=now,
            text=self._random.choice(_TEXTS[order.next_act]),
            finding=self._random.choice(_FINDINGS).value if order.next_act is Act.VERIFY else "",
        )

    def _handler(self, organisation_id: int, second: int, now: datetime) -> uuid.UUID:
        who = organisation_id, second
        if who not in self._ids:
            name = person(self._random, "530100", now.date()).name
            self._ids[who] = create_official(
                username=f"sim-{self._run}-{organisation_id}" + ("-2" if second else ""),
                name=name,
                posts=[NewPost(organisation_id, Role.ORGANISATION_HANDLER)],
                now=now,
                actor="simulation",
            )
        return self._ids[who]
