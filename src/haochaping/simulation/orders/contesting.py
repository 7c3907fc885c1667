"""Objections of the rated, and what their body decides."""

from datetime import datetime
from typing import Final
from uuid import UUID

from haochaping.rectification import operations
from haochaping.rectification.contests import By, Filing, Kind, Outcome, State
from haochaping.rectification.led import ObjectionToLead, objections_to_lead, orders_to_lead
from haochaping.simulation.filling.batches import Ground
from haochaping.simulation.orders import texts
from haochaping.simulation.orders.calendar import later
from haochaping.simulation.orders.officials import Officials
from haochaping.simulation.orders.traits import drawn, traits

_UNDECIDED, _WITHDRAWN = "undecided", "withdrawn"
_GROUNDS: Final = ("mistaken", "mistaken", "malicious")


def begins(ground: Ground, subject: UUID, opened_at: datetime) -> datetime:
    """When the rated object: within the days that they have."""
    draws = drawn(ground.seed, subject, "objection")
    return later(opened_at, draws, ground.services.rulebook.calendar, least=1, most=2)


def file(ground: Ground, officials: Officials, subject: UUID, at: datetime) -> None:
    """Files an objection, where the order is not ended and there was none. Raises Refused where the rules do not let it."""
    draws = drawn(ground.seed, subject, "reasons")
    for order in orders_to_lead(of=[subject]):
        if order.contested:
            continue
        filing = Filing(By.ORGANISATION, draws.choice(_GROUNDS), draws.choice(texts.REASONS), texts.EVIDENCE)
        operations.file(
            order_id=order.id,
            kind=Kind.OBJECTION,
            official_id=officials.handler(order.organisation_id, at),
            filing=filing,
            now=at,
        )


def when(ground: Ground, objection: ObjectionToLead) -> datetime | None:
    """When something is done about it; None for never."""
    became = traits(ground.shape, ground.seed, objection.subject_id).contested
    if became == _UNDECIDED:
        return None
    draws = drawn(ground.seed, objection.subject_id, f"objection {objection.revision}")
    return later(objection.since, draws, ground.services.rulebook.calendar, least=1, most=3)


def go_on(ground: Ground, officials: Officials, subject: UUID, at: datetime) -> None:
    """The next act on the objection about a rating, where its time has come. Raises Refused."""
    for objection in objections_to_lead(of=[subject]):
        due = when(ground, objection)
        if due is not None and due <= at:
            _act(ground, officials, objection, at)


def _act(ground: Ground, officials: Officials, objection: ObjectionToLead, at: datetime) -> None:
    became = traits(ground.shape, ground.seed, objection.subject_id).contested
    objection_id, revision = objection.id, objection.revision
    officer = officials.officer(objection.body_id, at)
    if became == _WITHDRAWN:
        operations.withdraw(objection_id=objection_id, official_id=objection.filed_by, now=at)
    elif objection.state is State.FILED:
        operations.accept(objection_id=objection_id, official_id=officer, revision=revision, now=at)
    elif objection.state is State.ACCEPTED:
        draws = drawn(ground.seed, objection.subject_id, "decision")
        established = draws.choice(_GROUNDS) if became == Outcome.UPHELD else ""
        operations.decide(
            objection_id=objection_id,
            official_id=officer,
            revision=revision,
            decision=operations.Decision(
                became, established, draws.choice(texts.FINDINGS), texts.REPLIES[became]
            ),
            now=at,
        )
    else:
        second = officials.officer(objection.body_id, at, second=True)
        operations.confirm(objection_id=objection_id, official_id=second, revision=revision, now=at)
