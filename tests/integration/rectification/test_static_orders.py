"""Orders out of ratings of a hall, a platform or a guide: who is responsible, who dispatches, and the loop to its end."""

import uuid
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from haochaping.accounts.rules import Role
from haochaping.foundation.errors import Conflict, NotAllowed, NotFound
from haochaping.foundation.ids import new_id
from haochaping.ratings.models import Rating
from haochaping.rectification.contests import Kind
from haochaping.rectification.models import BadRating, OrderDeadline, WorkOrder
from haochaping.rectification.objection_queries import contests_of
from haochaping.rectification.operations import open_orders, see_contact
from haochaping.rectification.queries import order as view
from haochaping.rectification.rated import Rated
from haochaping.rectification.states import Act, State
from haochaping.registry import models as registry
from tests.escalations import OURS, decided
from tests.orders import City, do_act, lead_to, make_official, make_superior

GRANTED = """
[[extensions]]
key = "rectification"
from = 2026-10-01
document = "d"
article = "第五条"
value = { granted_by = "same_level_authority", needs = ["reason", "date"] }
"""


def hall_of(city: City) -> int:
    """A hall for which the authority answers."""
    hall = registry.Hall.objects.create(code="H1")
    registry.HallRecord.objects.create(hall=hall, name="市民中心", division_id=city.division)
    return hall.id


def hotline_of(city: City) -> int:
    platform = registry.Organisation.objects.create(credit_code="11530100MB1K00003U")
    registry.OrganisationRecord.objects.create(
        organisation=platform, name="昆明12345热线", division_id=city.division, kind="hotline"
    )
    return platform.id


def opened(city: City, now: datetime, organisation: int, **of: int) -> WorkOrder:
    """The order out of a bad rating without a case, as the door stores it."""
    rating = Rating.objects.create(
        id=new_id(now),
        level=1,
        tags=[111],
        text="",
        channel=3,
        origin="citizen",
        named=False,
        norm_version=2,
        received_at=now,
        submission=uuid.uuid4().bytes,
        service_day=now.date(),
        division_id=city.division,
        organisation_id=organisation,
        profile="kunming",
        **of,
    )
    BadRating.objects.create(rating_id=rating.id, received_at=now)
    assert open_orders(now=now, limit=10) == 1
    return WorkOrder.objects.get(subject_id=rating.id)


def of(subject: str, city: City, now: datetime) -> tuple[WorkOrder, int, str]:
    """The order, who answers for it, and what the rated thing is called."""
    if subject == "hall":
        return opened(city, now, city.authority, hall_id=hall_of(city)), city.authority, "市民中心"
    if subject == "guide":
        return opened(city, now, city.police, item_id=city.item), city.police, "户口迁移"
    platform = hotline_of(city)
    return opened(city, now, platform), platform, "昆明12345热线"


@pytest.mark.parametrize("subject", ["hall", "guide", "platform"])
def test_who_answers_for_it_leads_it_to_the_end(city: City, now: datetime, subject: str) -> None:
    order, responsible, name = of(subject, city, now)
    assert order.organisation_id == responsible
    handler = make_official(responsible, now, "handler")
    seen = view(official_id=handler, order_id=order.id, now=now)
    assert seen.row.rated == Rated(subject, name)
    assert Act.CONTACT not in {each.act for each in seen.offers}
    with pytest.raises(NotFound):
        see_contact(order_id=order.id, official_id=handler, purpose="核实情况", now=now)
    order = lead_to(order, Act.VERIFY, handler, now)
    row = OrderDeadline.objects.get(order=order, step="rectification")
    assert (row.organisation_id, row.clause[-4:]) == (responsible, "第十二条")
    for act, text in ((Act.RECTIFY, "已增设导引人员。"), (Act.ANSWER, "您反映的情况属实，已经整改。")):
        order = do_act(order, act, handler, now, text)
    assert do_act(order, Act.CLOSE, handler, now).state == State.CLOSED


@pytest.mark.parametrize("subject", ["hall", "platform"])
def test_where_nobody_there_handles_orders_an_officer_gives_it_to_who_does(
    city: City, now: datetime, subject: str
) -> None:
    order, responsible, _ = of(subject, city, now)
    officer = make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER)
    seen = view(official_id=officer, order_id=order.id, now=now)
    assert {each.act for each in seen.offers} == {Act.DISPATCH}
    code = registry.Organisation.objects.get(id=city.police).credit_code
    order = do_act(order, Act.DISPATCH, officer, now, "窗口由公安局管理", organisation=code)
    handler = make_official(city.police, now, "handler")
    order = lead_to(order, Act.CLOSE, handler, now)
    assert (order.state, order.organisation_id != responsible) == (State.CLOSED, True)


def test_the_authority_does_not_decide_on_an_objection_to_the_rating_of_its_own_hall(
    city: City, now: datetime
) -> None:
    order, _, _ = of("hall", city, now)
    handler = make_official(city.authority, now, "handler")
    (offer,) = contests_of(order_id=order.id, official_id=handler, now=now).offers
    assert (offer.kind, offer.barrier) == (Kind.OBJECTION, "no_body")
    make_superior(city)
    (offer,) = contests_of(order_id=order.id, official_id=handler, now=now).offers
    assert (offer.barrier, offer.body) == (None, "省政务服务管理局")


@pytest.fixture
def granted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """More time is granted by the authority of the same level."""
    with decided(tmp_path, monkeypatch, OURS.partition("[[escalations]]")[0] + GRANTED):
        yield


def test_the_authority_does_not_grant_itself_more_time(granted: None, city: City, now: datetime) -> None:
    superior = make_superior(city)
    order, _, _ = of("hall", city, now)
    handler = make_official(city.authority, now, "handler")
    officer = make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER)
    above = make_official(superior, now, "above", Role.AUTHORITY_OFFICER)
    order = lead_to(order, Act.VERIFY, handler, now)
    order = do_act(order, Act.ASK_EXTENSION, handler, now, "要等大厅改造完成", until="2026-12-25")
    with pytest.raises(NotAllowed) as refused:
        do_act(order, Act.GRANT_EXTENSION, officer, now)
    assert refused.value.code == "not_the_body"
    before = order.due_at
    assert before is not None
    order = do_act(order, Act.GRANT_EXTENSION, above, now)
    assert order.due_at is not None
    assert order.due_at > before


def test_what_is_taken_is_dispatched_no_more(city: City, now: datetime) -> None:
    order, _, _ = of("hall", city, now)
    officer = make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER)
    order = lead_to(order, Act.TAKE, make_official(city.authority, now, "handler"), now)
    code = registry.Organisation.objects.get(id=city.police).credit_code
    with pytest.raises(Conflict):
        do_act(order, Act.DISPATCH, officer, now, "窗口由公安局管理", organisation=code)
