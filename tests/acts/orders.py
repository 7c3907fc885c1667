"""What is done about orders, objections, revisits and reports of pressure."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any
from uuid import UUID

from haochaping.accounts.rules import Role
from haochaping.foundation.ids import new_id
from haochaping.oversight.models import Revisit
from haochaping.oversight.operations import pressure, revisits
from haochaping.oversight.revisiting import Terms
from haochaping.oversight.states import Act as PressureAct
from haochaping.rectification import operations
from haochaping.rectification.contests import Act as Contest
from haochaping.rectification.contests import Kind
from haochaping.rectification.models import Objection, OrderDeadline
from haochaping.rectification.operations import forming
from haochaping.rectification.operations.contact import contact_for_revisit
from haochaping.rectification.parts import PartAct
from haochaping.rectification.rulebook import rulebook
from haochaping.rectification.states import Act
from tests import joint, objections
from tests.acts import World, act
from tests.orders import lead_to, open_order
from tests.pressure import put_report

PURPOSE = "核实情况"


def filed(world: World) -> Objection:
    return objections.file(open_order(world.city, world.now), world.handler, world.now)


def proposed(world: World) -> Objection:
    objection = filed(world)
    objections.decide(objection, world.officer, world.now)
    objection.refresh_from_db()
    return objection


def second(world: World) -> UUID:
    return world.somebody("second", world.city.authority, Role.AUTHORITY_OFFICER)


def voided(world: World) -> Objection:
    objection = proposed(world)
    objections.confirm(objection, second(world), world.now)
    objection.refresh_from_db()
    return objection


def by(world: World, objection: Objection, official: UUID) -> dict[str, Any]:
    """The arguments of whoever acts on what stands now."""
    return {
        "objection_id": objection.id,
        "official_id": official,
        "revision": objection.revision,
        "now": world.now,
    }


def owed(world: World) -> Revisit:
    """A revisit that the handler's organisation owes."""
    order = open_order(world.city, world.now, named=True)
    return Revisit.objects.create(
        id=new_id(world.now),
        order_id=order.id,
        number=order.number,
        organisation_id=world.city.police,
        body="handling_unit",
        occasion="answered",
        conductors=[world.city.police],
        terms=[Terms("a", "bad", "", "1", None, (), "handling_unit", (), None, (), "", "").kept()],
        arisen_at=world.now,
        state="due",
    )


@act("rectification.operations.acting.act")
def _(world: World) -> Callable[[], object]:
    order, who = open_order(world.city, world.now), world.handler
    return lambda: operations.act(order_id=order.id, act=Act.TAKE, official_id=who, revision=0, now=world.now)


@act("rectification.operations.forming.make_forms")
def _(world: World) -> Callable[[], object]:
    order, who = open_order(world.city, world.now), world.handler
    wanted = forming.Wanted(forming.Kind.WORD, built_in=True)
    return lambda: forming.make_forms(order_ids=[order.id], wanted=wanted, official_id=who, now=world.now)


@act("rectification.operations.joining.give_part")
def _(world: World) -> Callable[[], object]:
    order, who = open_order(world.city, world.now), world.officer
    return lambda: joint.give(order, world.city.county, who, world.now)


@act("rectification.operations.parting.act_on_part")
def _(world: World) -> Callable[[], object]:
    part = joint.put_part(open_order(world.city, world.now), world.city.county)
    who = world.somebody("part", world.city.county)
    return lambda: joint.do_part(part, PartAct.TAKE, who, world.now)


@act("rectification.operations.contact.see_contact")
def _(world: World) -> Callable[[], object]:
    order, who = open_order(world.city, world.now, named=True), world.handler
    return lambda: operations.see_contact(order_id=order.id, official_id=who, purpose=PURPOSE, now=world.now)


@act("rectification.operations.contact.contact_for_revisit")
def _(world: World) -> Callable[[], object]:
    order = open_order(world.city, world.now, named=True)
    return lambda: contact_for_revisit(order_id=order.id, actor="test", purpose=PURPOSE, now=world.now)


@act("rectification.operations.objecting.file")
def _(world: World) -> Callable[[], object]:
    order, who = open_order(world.city, world.now), world.handler
    return lambda: operations.file(
        order_id=order.id, kind=Kind.OBJECTION, official_id=who, filing=objections.FILING, now=world.now
    )


@act("rectification.operations.objecting.withdraw")
def _(world: World) -> Callable[[], object]:
    objection, who = filed(world), world.handler
    return lambda: operations.withdraw(objection_id=objection.id, official_id=who, now=world.now)


@act("rectification.operations.deciding.accept")
def _(world: World) -> Callable[[], object]:
    objection, who = filed(world), world.officer
    return lambda: operations.accept(**by(world, objection, who))


@act("rectification.operations.deciding.decide")
def _(world: World) -> Callable[[], object]:
    objection, who = filed(world), world.officer
    return lambda: operations.decide(**by(world, objection, who), decision=objections.UPHELD)


@act("rectification.operations.deciding.confirm")
def _(world: World) -> Callable[[], object]:
    objection, who = proposed(world), second(world)
    return lambda: operations.confirm(**by(world, objection, who))


@act("rectification.operations.deciding.send_back")
def _(world: World) -> Callable[[], object]:
    objection, who = proposed(world), second(world)
    return lambda: operations.send_back(**by(world, objection, who), reasons="证据不足，请再核对。")


@act("rectification.operations.deciding.propose")
def _(world: World) -> Callable[[], object]:
    objection, who = voided(world), world.officer
    reasons = "新的证据表明评价没有错。"
    return lambda: operations.propose(**by(world, objection, who), act=Contest.RESTORE, reasons=reasons)


def moved(world: World) -> None:
    """A verified order of which a worker that had not seen a notice counted the limit otherwise."""
    order = lead_to(open_order(world.city, world.now), Act.VERIFY, world.handler, world.now)
    due = OrderDeadline.objects.get(order=order, step="rectification").due_at
    assert due is not None
    OrderDeadline.objects.filter(order=order).update(due_at=due + timedelta(days=1))


@act("rectification.operations.calendar.load_calendar_year")
def _(world: World) -> Callable[[], object]:
    moved(world)
    return lambda: operations.load_calendar_year(
        rulebook=rulebook(),
        year=2026,
        clause="通知",
        known=False,
        store=lambda: None,
        now=world.now,
        actor="test",
    )


@act("rectification.operations.calendar.rederive_deadlines")
def _(world: World) -> Callable[[], object]:
    moved(world)
    return lambda: operations.rederive_deadlines(rulebook=rulebook(), now=world.now, actor="test")


@act("oversight.operations.revisits.attempt")
def _(world: World) -> Callable[[], object]:
    revisit, who = owed(world), world.handler
    typed = revisits.Attempt("answered", "telephone", "yes")
    return lambda: revisits.attempt(
        revisit_id=revisit.pk, official_id=who, revision=revisit.revision, typed=typed, now=world.now
    )


@act("oversight.operations.revisits.see_contact")
def _(world: World) -> Callable[[], object]:
    revisit, who = owed(world), world.handler
    return lambda: revisits.see_contact(
        revisit_id=revisit.pk, official_id=who, purpose="电话回访", now=world.now
    )


@act("oversight.operations.pressure.act")
def _(world: World) -> Callable[[], object]:
    report, who = put_report(world.city, world.now), world.officer
    return lambda: pressure.act(
        report_id=report.pk, act=PressureAct.TAKE, official_id=who, revision=0, now=world.now
    )


@act("oversight.operations.pressure.see_contact")
def _(world: World) -> Callable[[], object]:
    report, who = put_report(world.city, world.now, contact=True), world.officer
    return lambda: pressure.see_contact(report_id=report.pk, official_id=who, purpose=PURPOSE, now=world.now)
