"""The parts of a joint order (联办): what each organisation beside the one that leads does of it. One table.

docs/loop.md is drawn from it. Pure.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from haochaping.accounts.rules import Permission
from haochaping.rectification.states import Finding, State


class PartState(StrEnum):
    WAITING = "waiting"  # given to its organisation, not taken yet
    TAKEN = "taken"
    DONE = "done"  # verified and set right, as its organisation says
    RELEASED = "released"  # the answer does not wait for it, by an officer's decision


class PartAct(StrEnum):
    GIVE = "give"
    TAKE = "take"
    REPORT = "report"
    RELEASE = "release"
    RESUME = "resume"


class PartGuard(StrEnum):
    """What else must be so for an act on a part; `part_bar` judges it."""

    NONE = "none"
    LATE = "late"  # its limit has passed, or none is laid down
    BY_RULE = "by_rule"  # nobody's act: the rater led the order back to its beginning, or its organisation leads now


class PartBar(StrEnum):
    """Why an act on a part may not be done."""

    STATE = "state"
    IN_TIME = "in_time"


@dataclass(frozen=True, slots=True)
class PartWay:
    """A row of the table. `source` None: there is no such part yet."""

    act: PartAct
    source: PartState | None
    target: PartState
    permission: Permission
    guard: PartGuard = PartGuard.NONE


_HANDLES, _DISPATCHES = Permission.HANDLE_ORDERS, Permission.DISPATCH_ORDERS
PART_TABLE: Final[tuple[PartWay, ...]] = (
    *(
        PartWay(PartAct.GIVE, source, PartState.WAITING, _DISPATCHES)
        for source in (None, PartState.DONE, PartState.RELEASED)
    ),
    PartWay(PartAct.TAKE, PartState.WAITING, PartState.TAKEN, _HANDLES),
    PartWay(PartAct.REPORT, PartState.TAKEN, PartState.DONE, _HANDLES),
    # What nobody has taken yet can be called back; what is being done is waited for until its limit.
    PartWay(PartAct.RELEASE, PartState.WAITING, PartState.RELEASED, _DISPATCHES),
    PartWay(PartAct.RELEASE, PartState.TAKEN, PartState.RELEASED, _DISPATCHES, PartGuard.LATE),
    *(
        PartWay(PartAct.RELEASE, source, PartState.RELEASED, _DISPATCHES, PartGuard.BY_RULE)
        for source in (PartState.WAITING, PartState.TAKEN)
    ),
    PartWay(PartAct.RESUME, PartState.DONE, PartState.WAITING, _HANDLES, PartGuard.BY_RULE),
)

# What a part can find: whether something has a legal basis is for the order as a whole.
PART_FINDINGS: Final = (Finding.TRUE, Finding.PARTLY, Finding.UNTRUE)
# The answer waits for these.
OPEN: Final = (PartState.WAITING, PartState.TAKEN)
# While the order stands so, its parts are worked on and given.
WORKED_IN: Final = (
    State.OPENED,
    State.RETURNED,
    State.TAKEN,
    State.VERIFIED,
    State.EXPLAINED,
    State.RECTIFIED,
)


@dataclass(frozen=True, slots=True)
class PartStands:
    """As much of a part and its order as an act is judged by. `due_at`: until when it is to be done, None for no limit."""

    state: PartState | None
    order: State
    due_at: datetime | None = None
    provisional: bool = False

    def late(self, now: datetime) -> bool:
        """Whether its limit has passed. A provisional one (推定) is over for nobody."""
        return self.due_at is not None and not self.provisional and now >= self.due_at


def part_way(act: PartAct, stands: PartStands, now: datetime) -> PartWay | PartBar:
    """The row by which somebody can do the act now, or why there is none. Rights are not judged here."""
    if stands.order not in WORKED_IN:
        return PartBar.STATE
    barred: PartBar | None = None
    for row in PART_TABLE:
        if row.act is not act or row.source is not stands.state or row.guard is PartGuard.BY_RULE:
            continue
        if row.guard is PartGuard.LATE and stands.due_at is not None and not stands.late(now):
            barred = PartBar.IN_TIME
            continue
        return row
    return barred or PartBar.STATE


def part_acts(stands: PartStands, now: datetime) -> tuple[PartWay, ...]:
    """What somebody could do now."""
    found = (part_way(act, stands, now) for act in PartAct)
    return tuple(each for each in found if isinstance(each, PartWay))
