"""A joint case as business systems report it, rated once and badly: one organisation leads, the others have parts."""

from collections.abc import Awaitable, Callable

from haochaping.publication.proof import reconcile
from haochaping.rectification.models import OrderPart, WorkOrder
from haochaping.rectification.operations import open_orders
from haochaping.registry.queries import organisation_id_by_credit_code
from tests.integration.intake.test_units import OTHER, for_forms, rated_once
from tests.integration.intake.town import Town

MakeTown = Callable[[str], Awaitable[Town]]


async def test_who_stands_for_the_whole_leads_and_whoever_took_part_has_a_part(make_town: MakeTown) -> None:
    town = await make_town(rated_once(for_forms('{ per = "case" }', "joint")))
    town.at(11, 25)
    joint = {"caseForm": "3", "groupNo": "L1"}
    part = town.served(11, 25, groupRole="2", **joint)
    path = await town.report(part)
    whole = town.served(11, 23, groupRole="1", **joint) | {"deptCode": OTHER}
    assert await town.report(whole) == path
    assert (await town.rate(path or "", 1)).status == 201

    def opened() -> tuple[int, set[int], int | None, int | None, int]:
        assert open_orders(now=town.citizen.now, limit=10) == 1
        order = WorkOrder.objects.get()
        parts = set(OrderPart.objects.filter(order=order).values_list("organisation_id", flat=True))
        codes = (OTHER, str(part["deptCode"]))
        leads, takes_part = map(organisation_id_by_credit_code, codes)
        return order.organisation_id, parts, leads, takes_part, len(reconcile(now=town.citizen.now))

    found, parts, leads, takes_part, differences = await town.django(opened)
    assert (found, parts) == (leads, {takes_part})
    assert differences == 0, "one bad rating is one order"
