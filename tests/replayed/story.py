"""One occasion of a scenario, with what became of it so far."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from uuid import UUID

from haochaping.cases.instants import Instants
from haochaping.foundation.clock import CN
from haochaping.policy.scenario_file import Given
from haochaping.policy.story import NOT_LAID_DOWN
from haochaping.rectification import operations
from haochaping.rectification.models import OrderDeadline, WorkOrder
from haochaping.rectification.rules import Said, last_day_of
from haochaping.rectification.states import Act, State
from tests.replayed.place import Place

# What officials write where the scenario says nothing.
WORDS = "已按规定核对办理记录，情况记录在案。"
# The straight way, along which what was left out is done.
WAY = (
    (State.OPENED, Act.TAKE),
    (State.TAKEN, Act.VERIFY),
    (State.VERIFIED, Act.RECTIFY),
    (State.RECTIFIED, Act.ANSWER),
)


@dataclass
class Story:
    """One occasion as it was played: `answers` to the attempts to rate, `contests` to those to object ("" where it was
    filed), `basic`: until when it was to be set right, as it was counted at the verification; `silence`: from when on
    silence about the answer counted."""

    given: Given
    place: Place
    occasion_id: UUID
    instants: Instants
    answers: list[str] = field(default_factory=list)
    contests: list[str] = field(default_factory=list)
    basic: datetime | None = None
    asked_until: date | datetime | str = ""
    silence: datetime | None = None

    @property
    def order(self) -> WorkOrder | None:
        return WorkOrder.objects.filter(subject_id=self.occasion_id).first()

    def must(self) -> WorkOrder:
        found = self.order
        assert found is not None, f"{self.given.name} has no order"
        return found

    @property
    def handler(self) -> UUID:
        return self.official(0)

    def official(self, number: int) -> UUID:
        """One of the unit; `number` tells them apart."""
        return self.place.official(self.place.unit(self.given.occasion), number)

    def act(self, act: Act, at: datetime, *, who: int = 0, **said: str) -> None:
        """One act; whoever takes an order classifies it where the scenario says of which class it is."""
        self._do(act, at, who, said)
        self.silence = self.must().silence_at or self.silence
        if act is Act.TAKE and self.given.occasion.bad_class:
            self._do(Act.CLASSIFY, at, who, {"bad_class": self.given.occasion.bad_class})

    def _do(self, act: Act, at: datetime, who: int, said: dict[str, str]) -> None:
        order = self.must()
        operations.act(
            order_id=order.id,
            act=act,
            official_id=self.official(who),
            revision=order.revision,
            now=at,
            text=WORDS,
            said=Said(**said),
        )

    def lead(self, last: Act, at: datetime, **said: str) -> None:
        """Along the straight way up to and with this act; `said` goes with it."""
        for state, act in WAY:
            if self.must().state == state:
                told = said if act is last else {}
                self.act(act, at, **({"finding": "true"} | told if act is Act.VERIFY else told))
                if act is Act.VERIFY:
                    self.basic = self.limit("rectification")
            if act is last:
                return

    def limit(self, step: str) -> datetime | None:
        found = OrderDeadline.objects.filter(order=self.must(), step=step).first()
        return found.due_at if found else None


def day_or_instant(at: datetime | None) -> date | datetime | str:
    """A limit as scenarios write it: by its last day, or where it ends within a day by the instant."""
    if at is None:
        return NOT_LAID_DOWN
    local = at.astimezone(CN)
    return last_day_of(at) if local.time() == time() else local.replace(tzinfo=None)
