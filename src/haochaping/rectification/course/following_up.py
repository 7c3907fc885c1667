"""What a verdict that was not satisfied set off, where that is not the reopening itself: which body does it, and whether it
has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from haochaping.policy.profile import Profile
from haochaping.rectification.bodies import LEVEL_ABOVE, SAME_LEVEL, Bodies
from haochaping.rectification.models import OrderStep, WorkOrder
from haochaping.rectification.states import Act, RaterAct, SetOff

SUPERVISION: Final = "supervision"
# What a body does about an order, and is waited for.
_WAITED_FOR: Final = frozenset({SetOff.SUPERVISE, SetOff.ESCALATE, SetOff.REVIEW})
# By the receipt, by silence, or when he was asked.
_VERDICTS: Final = frozenset({RaterAct.VERDICT.value, RaterAct.SILENT.value, RaterAct.REVISITED.value})
_DONE_BY: Final = frozenset({Act.SUPERVISE.value, Act.REOPEN.value})


@dataclass(frozen=True, slots=True)
class FollowUp:
    """`since`: when the verdict came, which is nobody's to see; `done`: when the body did it, None while it has not."""

    set_off: SetOff
    since: datetime
    done: datetime | None


def follow_up(order: WorkOrder, steps: Sequence[OrderStep]) -> FollowUp | None:
    """What the last verdict set off for a body to do; None for nothing, and for an order whose rating does not count.
    `steps`: the whole history."""
    verdicts = [step for step in steps if step.act in _VERDICTS]
    if order.exclusion or not verdicts or order.set_off not in _WAITED_FOR:
        return None
    last = verdicts[-1]
    done = next((step.at for step in steps if step.act in _DONE_BY and step.revision > last.revision), None)
    return FollowUp(SetOff(order.set_off), last.at, done)


def body_of(set_off: SetOff, rules: Profile, unit: int, bodies: Bodies) -> tuple[str, int | None]:
    """The body in the words of the rules, and its organisation, None where the registry has none.

    It is the one that is responsible for supervision; where none is laid down the level above for what is reported up
    (报上级), where the registry has one, else who can do it, the authority of the same level - and above it where that is
    the unit itself."""
    duty = rules.responsibility.get(SUPERVISION)
    up = set_off is SetOff.ESCALATE and bodies.organisation_of(LEVEL_ABOVE, unit) is not None
    word = duty.value.by if duty else LEVEL_ABOVE if up else SAME_LEVEL
    found = bodies.organisation_of(word, unit)
    if found == unit:
        word = (duty.value.instead if duty else None) or LEVEL_ABOVE
        found = bodies.organisation_of(word, unit)
    return word, found
