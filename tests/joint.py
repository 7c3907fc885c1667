"""Joint cases of a small city, for the tests of orders with parts."""

from datetime import datetime
from uuid import UUID

from haochaping.cases.models import ServiceOccasion
from haochaping.foundation.ids import new_id, random_id
from haochaping.ratings.models import Rating
from haochaping.rectification.models import OrderPart, WorkOrder
from haochaping.rectification.operations import Giving, PartSaid, act_on_part, give_part, open_orders
from haochaping.rectification.parts import PartAct, PartState
from haochaping.registry import models as registry
from tests.orders import City, rate_badly

ASKED = "请核实社保窗口退回材料的情况。"
REPORTED = PartSaid("已向社保窗口了解，材料确实退过一次。", "true", "已把两个窗口的清单对齐。")


def make_tax(city: City) -> int:
    """A third department of the city; its registry id."""
    organisation = registry.Organisation.objects.create(credit_code="11530100MB1K00002W")
    registry.OrganisationRecord.objects.create(
        organisation=organisation, name="昆明市税务局", division_id=city.division, kind="department"
    )
    return organisation.id


def joint_order(city: City, now: datetime, *others: int, form: str = "joint", **rating: object) -> WorkOrder:
    """An order out of the bad rating of a case that these others took part in, rated as one."""
    subject = rate_badly(city, now, **rating)  # type: ignore[arg-type]
    first = ServiceOccasion.objects.get(pk=Rating.objects.get(pk=subject).occasion_id)
    first.form, first.unit_id, first.whole = form, first.id, True
    first.save()
    for number, other in enumerate(others, 2):
        first.pk = new_id(now)
        first.service_number, first.organisation_id, first.whole, first.weight = number, other, False, 0
        first.save(force_insert=True)
    assert open_orders(now=now, limit=100) == 1
    return WorkOrder.objects.get(subject_id=subject)


def part_of(order: WorkOrder, organisation: int) -> OrderPart:
    return OrderPart.objects.get(order=order, organisation_id=organisation)


def do_part(
    part: OrderPart, act: PartAct, official: UUID, now: datetime, said: PartSaid | None = None
) -> PartState:
    """One act on what stands now."""
    part.refresh_from_db()
    return act_on_part(
        part_id=part.id,
        act=act,
        official_id=official,
        revision=part.revision,
        now=now,
        said=said or (REPORTED if act is PartAct.REPORT else PartSaid()),
    )


def give(
    order: WorkOrder, organisation: int, officer: UUID, now: datetime, *, until: str = "", text: str = ASKED
) -> OrderPart:
    """A part that an officer gives."""
    code = registry.Organisation.objects.get(id=organisation).credit_code
    part_id = give_part(order_id=order.id, official_id=officer, giving=Giving(code, text, until), now=now)
    return OrderPart.objects.get(pk=part_id)


def put_part(order: WorkOrder, organisation: int) -> OrderPart:
    """A part as it is kept when it was given."""
    return OrderPart.objects.create(
        id=random_id(), order=order, organisation_id=organisation, state=PartState.WAITING, asked=ASKED
    )
