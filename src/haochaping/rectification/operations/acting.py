"""One act on one order: right, state, content; then state, step, limits and audit row in one transaction."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.foundation.asked_once import asking_steadily
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Conflict
from haochaping.rectification.course import choices
from haochaping.rectification.course.guards import Bar, way
from haochaping.rectification.course.situation import Situation, situation
from haochaping.rectification.operations.barred import CHANGED, refusal
from haochaping.rectification.operations.checking import checked
from haochaping.rectification.operations.clocks import keep_limits
from haochaping.rectification.operations.consequences import after_attempts, request_decided
from haochaping.rectification.operations.discretion import check_words
from haochaping.rectification.operations.happenings import RETURNED, goes_further
from haochaping.rectification.operations.part_steps import absorb
from haochaping.rectification.operations.reach import order_for
from haochaping.rectification.operations.silence import wait_for_verdict
from haochaping.rectification.operations.stepping import Doing, step_on
from haochaping.rectification.rulebook import rulebook
from haochaping.rectification.rules import Said
from haochaping.rectification.states import TABLE, Act, State, Transition

_NOTHING_SAID = Said()
# From these the limit of the rater's verdict may run.
_AWAITED = frozenset({State.ANSWERED, State.CLOSED})
# These say nothing that the rater could judge, and begin nothing anew.
_BESIDE = frozenset({Act.SUPERVISE, Act.REPORT, Act.UPLOAD})


@transaction.atomic
@asking_steadily()
def act(
    *,
    order_id: UUID,
    act: Act,
    official_id: UUID,
    revision: int,
    now: datetime,
    text: str = "",
    finding: str = "",
    said: Said = _NOTHING_SAID,
) -> State:
    """Leads the order on by one act of the table and tells its state then, what followed by rule included. `revision` is
    the one of the page that the official looked at.

    Verification of what is true, wholly or partly, starts the profile's limit for rectification (Kunming,
    article 12: 15 working days). Raises NotFound out of reach, NotAllowed without the right, Conflict when
    somebody was faster or the state or the rules do not allow the act, Invalid for what is missing or too long.
    """
    permission = next(row.permission for row in TABLE if row.act is act)
    order, who = order_for(order_id, official_id, permission, now)
    stands = situation(order, rulebook(), now=now)
    row = _row(act, stands, revision, who)
    said = replace(said, finding=finding) if finding else said
    said = _about_step(act, stands, said)
    given = checked(act, stands, text, said, _reach(act, official_id, now))
    check_words(order, given.text)
    given.said.update(request_decided(act, stands))
    doing = Doing(row, given.text, given.said, _waiting(act, stands, given.said), _by(given.said))
    after = step_on(stands, doing, who)
    if act is Act.DISPATCH:
        absorb(order, now)
    keep_limits(after_attempts(after))
    if act is Act.SEND_BACK:
        goes_further(after, RETURNED, at=now)
    if order.state in _AWAITED and act not in _BESIDE:
        wait_for_verdict(order)
    return State(order.state)


def _row(act: Act, stands: Situation, revision: int, who: officials.OfficialView) -> Transition:
    _check_unchanged(stands, revision, act)
    row = way(act, stands, who)
    if isinstance(row, Bar):
        raise refusal(row)
    return row


def _check_unchanged(stands: Situation, revision: int, act: Act) -> None:
    order = stands.order
    if order.revision == revision:
        return
    if order.revision == revision + 1 and stands.steps and stands.steps[-1].act == act:
        raise Conflict("done", _("这一步已经办过了，没有重复办理。请核对下面的办理记录。"))
    raise Conflict("changed", str(CHANGED))


def _reach(act: Act, official_id: UUID, now: datetime) -> frozenset[int]:
    """The organisations to which the official can dispatch."""
    if act is not Act.DISPATCH:
        return frozenset()
    return officials.scope(official_id=official_id, permission=Permission.DISPATCH_ORDERS, on=local_day(now))


def _about_step(act: Act, stands: Situation, said: Said) -> Said:
    """Who does not say for which step he asks for more time asks for the first for which he can."""
    if act is not Act.ASK_EXTENSION or said.step:
        return said
    return replace(said, step=next(iter(choices.steps(stands)), ""))


def _waiting(act: Act, stands: Situation, said: Mapping[str, str]) -> bool:
    """Whether a request for more time waits for somebody to grant it."""
    value = stands.rules.extensions.get(said.get("step", "")) if stands.rules is not None else None
    return act is Act.ASK_EXTENSION and value is not None and value.value.granted_by is not None


def _by(said: Mapping[str, str]) -> str:
    """By which dimension it is done, where that depends on what is said; "" for the row's."""
    return f"extensions.{said['step']}" if "step" in said else ""
