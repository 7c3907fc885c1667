"""Parts of joint orders: the authority gives one, its organisation takes it and reports."""

from datetime import datetime
from uuid import UUID

from haochaping.foundation.clock import local_day
from haochaping.rectification.led import OrderToLead, PartToLead, parts_to_lead
from haochaping.rectification.operations import Giving, PartSaid, act_on_part, give_part
from haochaping.rectification.parts import PartAct, PartState
from haochaping.registry import queries as registry
from haochaping.simulation.filling.batches import Ground
from haochaping.simulation.orders import texts
from haochaping.simulation.orders.calendar import later
from haochaping.simulation.orders.officials import Officials
from haochaping.simulation.orders.traits import drawn


def give(ground: Ground, officials: Officials, order: OrderToLead, at: datetime) -> None:
    """Gives another department of the place a part of the order, where there is one, and an authority. Raises Refused."""
    day = local_day(at)
    authority = registry.authority_of(order.organisation_id, day)
    own = registry.organisation(order.organisation_id, day)
    others = [
        each
        for each in registry.organisations(day)
        if own and each.division_id == own.division_id and each.id != own.id and each.kind == "department"
    ]
    if authority is None or not others:
        return
    draws = drawn(ground.seed, order.subject_id, "part")
    giving = Giving(draws.choice(others).credit_code, draws.choice(texts.ASKED))
    give_part(order_id=order.id, official_id=officials.officer(authority.id, at), giving=giving, now=at)


def when(ground: Ground, part: PartToLead) -> datetime:
    """When its organisation does something about it."""
    draws = drawn(ground.seed, part.subject_id, f"part {part.revision}")
    return later(part.since, draws, ground.services.rulebook.calendar, least=1, most=4)


def go_on(ground: Ground, officials: Officials, subject: UUID, at: datetime) -> None:
    """The next act on each part of the order about a rating whose time has come. Raises Refused."""
    for part in parts_to_lead(of=[subject]):
        if when(ground, part) > at:
            continue
        report = part.state is PartState.TAKEN
        act_on_part(
            part_id=part.id,
            act=PartAct.REPORT if report else PartAct.TAKE,
            official_id=officials.handler(part.organisation_id, at),
            revision=part.revision,
            now=at,
            said=PartSaid(texts.PART_FOUND, "true", texts.PART_DONE) if report else PartSaid(),
        )
