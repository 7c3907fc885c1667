"""A row of the table is gone: the order changes, the step is written, and the audit row with it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from haochaping.accounts.queries.officials import OfficialView
from haochaping.audit import operations as audit
from haochaping.foundation.ids import new_id
from haochaping.rectification.course.situation import Situation
from haochaping.rectification.models import OrderStep
from haochaping.rectification.operations.reopening import reopen
from haochaping.rectification.states import ANSWERING, Act, State, Transition
from haochaping.registry import queries as registry

SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Doing:
    """What is done: the row, the text and what was said beside it. `waits`: it asks for what somebody is to grant. `rule`:
    the dimension of the profile by which it is done, if not the row's."""

    row: Transition
    text: str = ""
    said: Mapping[str, str] = field(default_factory=dict)
    waits: bool = False
    rule: str = ""


def step_on(stands: Situation, doing: Doing, who: OfficialView | None) -> Situation:
    """Goes a row of the table for a locked order, as an official or (None) because the rules say so; how it stands then.

    The limits are not counted: whoever ends the act keeps them.
    """
    order, row = stands.order, doing.row
    before = order.state
    _change(stands, doing)
    step = OrderStep(
        id=new_id(stands.now),
        order=order,
        act=row.act.value,
        from_state=before,
        to_state=row.target.value,
        actor=who.label if who else SYSTEM,
        official_id=who.id if who else None,
        at=stands.now,
        note=doing.text,
        said=dict(doing.said) | ({"waits": "yes"} if doing.waits else {}),
        revision=order.revision,
    )
    after = stands.after(step)
    rule = doing.rule or row.rule
    step.clause = ((after.rules.citation(rule) if after.rules and rule else None) or "")[:200]
    step.save(force_insert=True)
    audit.record(
        now=stands.now,
        actor=who.actor if who else SYSTEM,
        act=f"order.{row.act}",
        subject=f"order:{order.number}",
        clause=step.clause,
        detail={"from": before, "to": row.target.value},
    )
    return after


def _change(stands: Situation, doing: Doing) -> None:
    order, said = stands.order, doing.said
    order.state = doing.row.target
    order.revision += 1
    match doing.row.act:
        case Act.VERIFY:
            order.finding = said["finding"]
            order.reasonable = said["reasonable"] == "yes" if "reasonable" in said else None
        case Act.CLASSIFY:
            order.bad_class = said["bad_class"]
        case Act.DISPATCH:
            order.organisation_id = _known(said["organisation"])
    if doing.row.target is State.ANSWERED and doing.row.act in ANSWERING:
        order.answer = _draft(stands) if doing.row.act is Act.APPROVE else doing.text
    if doing.row.target is State.CLOSED and doing.row.source is not State.CLOSED:
        order.closed_at = stands.now
    if doing.row.act is Act.REOPEN:
        reopen(order, stands.now)
    order.save()


def _known(code: str) -> int:
    found = registry.organisation_id_by_credit_code(code)
    if found is None:
        raise ValueError("an organisation that was checked before is not there")
    return found


def _draft(stands: Situation) -> str:
    """The answer that waits for approval: the last one that was written."""
    return next(step.note for step in reversed(stands.round) if step.act == Act.ANSWER)
