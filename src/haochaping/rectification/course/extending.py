"""More time for a step: what was asked for and waits, until when it is decided, how often it was given."""

from collections.abc import Sequence
from typing import Final

from haochaping.policy.counting import Course, Due
from haochaping.rectification.course.live import Live
from haochaping.rectification.models import OrderStep
from haochaping.rectification.states import ENDED_BY, TABLE, Act

RECTIFICATION: Final = "rectification"
_DECIDED: Final = frozenset({Act.GRANT_EXTENSION.value, Act.REFUSE_EXTENSION.value})
# Another unit begins anew: what the one before asked for is nobody's any more.
_ELSEWHERE: Final = frozenset({Act.DISPATCH.value, Act.SEND_BACK.value})


def step_of(request: OrderStep) -> str:
    """For which step more time was asked for, or given."""
    return str(request.said.get("step", RECTIFICATION))


def waiting_request(round_: Sequence[OrderStep]) -> OrderStep | None:
    """The request for more time that nobody has decided yet and that is about a step still to be done, of the steps since
    the order was opened (again)."""
    found: OrderStep | None = None
    for step in round_:
        if step.act == Act.ASK_EXTENSION and step.said.get("waits"):
            found = step
        elif found is not None and (step.act in _DECIDED | _ELSEWHERE or _done(step, step_of(found))):
            found = None
    return found


def _done(step: OrderStep, what: str) -> bool:
    ends = {row.act for row in TABLE if row.step == ENDED_BY.get(what, what)}
    return step.act in ends and (step.act != Act.CONTACT or step.said.get("reached") == "yes")


def decided_by(story: Live, request: OrderStep) -> Due | None:
    """Until when this request is decided; None where that is not laid down."""
    rules = story.rules(request.at)
    value = rules.extensions.get(step_of(request))
    course = Course({**story.events, "extension_request": request.at}, story.course.pauses)
    return rules.due(value.value.decided, course) if value is not None else None


def extended_times(round_: Sequence[OrderStep], what: str) -> int:
    """How often the limit of a step was extended since the order was opened, or opened again."""
    return sum(
        step_of(step) == what
        and (
            step.act == Act.GRANT_EXTENSION or (step.act == Act.ASK_EXTENSION and not step.said.get("waits"))
        )
        for step in round_
    )
