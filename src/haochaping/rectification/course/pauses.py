"""While what is undecided, by the event that began it: a limit may stand still."""

from collections.abc import Mapping, Sequence

from haochaping.policy.office_time import Pause
from haochaping.rectification.contests import Kind
from haochaping.rectification.contests import State as ObjectionState
from haochaping.rectification.course.steps import objections_of
from haochaping.rectification.models import WorkOrder


def pauses_of(order: WorkOrder) -> Mapping[str, Sequence[Pause]]:
    """While an objection or an appeal was undecided, by the event that began it; one that was withdrawn ended with that."""
    found: dict[str, list[Pause]] = {}
    for each in objections_of(order.id):
        end = each.decided_at
        if each.state == ObjectionState.WITHDRAWN:
            last = max(each.steps.all(), key=lambda step: step.revision, default=None)
            end = last.at if last else None
        found.setdefault(each.kind, []).append(Pause(each.filed_at, end))
        if each.kind == Kind.OBJECTION and each.accepted_at:
            found.setdefault("objection_acceptance", []).append(Pause(each.accepted_at, end))
    return found
