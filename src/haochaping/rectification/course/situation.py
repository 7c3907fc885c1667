"""An order as it stands at an instant, with its history, its rules and its limits: what acts are judged by."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from haochaping.foundation.clock import local_day
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook
from haochaping.rectification.course.limits import StepLimit, limits_of
from haochaping.rectification.course.live import Live, current_round, live
from haochaping.rectification.course.ruled import Ruled, ruled
from haochaping.rectification.course.steps import parts_in, steps_of
from haochaping.rectification.models import OrderStep, WorkOrder
from haochaping.rectification.parts import OPEN


@dataclass(frozen=True)
class Situation:
    """`steps`: the whole history in order. `asked` is None, and so are `story` and `rules`, where no rules apply."""

    order: WorkOrder
    steps: Sequence[OrderStep]
    now: datetime
    asked: Ruled | None
    story: Live | None

    @property
    def rules(self) -> Profile | None:
        """The rules for a step that is done now."""
        return self.story.rules() if self.story is not None else None

    @property
    def round(self) -> list[OrderStep]:
        """What officials did, and what followed by rule, since the order was opened, or opened again."""
        return current_round(self.steps)[1]

    @cached_property
    def limits(self) -> tuple[StepLimit, ...]:
        """Every limit that has begun. Counted once: who changes the order looks at what is `after` it."""
        return limits_of(self.order, self.story, self.steps) if self.story is not None else ()

    @cached_property
    def waits_for_parts(self) -> bool:
        """Whether a part of a joint order is not in yet, and no officer decided to go on without it."""
        return any(part.state in OPEN for part in parts_in(self.order.id))

    def after(self, *steps: OrderStep) -> "Situation":
        """As it stands after these further steps, whose changes are in `order` already."""
        return _situation(self.order, [*self.steps, *steps], self.asked, self.now)


def situation(order: WorkOrder, rulebook: Rulebook, *, now: datetime) -> Situation:
    """An order as it stands now."""
    asked = ruled(order, rulebook, step=local_day(now))
    return _situation(order, list(steps_of(order.id)), asked, now)


def _situation(order: WorkOrder, steps: Sequence[OrderStep], asked: Ruled | None, now: datetime) -> Situation:
    story = live(order, asked, steps, now=now) if asked is not None else None
    return Situation(order, steps, now, asked, story)
