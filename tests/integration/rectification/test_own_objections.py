"""Window staff object to ratings of themselves, in their own name (Kunming, article 10: 被评价单位或人员)."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from haochaping.accounts.models import Post
from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from haochaping.rectification import operations
from haochaping.rectification.contests import By, Kind, State
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.objection_queries import contests_of, own_offer, own_rating, own_ratings
from tests.objections import People, confirm, decide, file, link_to_staff, name_staff
from tests.orders import NAME, PHONE, PROJECT_NO, SERVICE_DAY, City, make_official, open_order

OWN = By.PERSON.value
A_DAY = timedelta(days=1)


@pytest.fixture
def people(city: City, now: datetime) -> People:
    return People(city, now)


@pytest.fixture
def order(city: City, now: datetime) -> WorkOrder:
    """Opened yesterday: who was rated sees nothing of what came today."""
    return name_staff(open_order(city, now - A_DAY, named=True))


@pytest.fixture
def clerk(city: City, now: datetime) -> UUID:
    return link_to_staff(make_official(city.police, now, "clerk", Role.WINDOW_STAFF), SERVICE_DAY)


def withdraw(objection_id: UUID, official: UUID, now: datetime) -> None:
    operations.withdraw(objection_id=objection_id, official_id=official, now=now)


def test_the_clerk_files_in_his_own_name_and_the_same_body_decides(
    people: People, order: WorkOrder, clerk: UUID, city: City, now: datetime
) -> None:
    offer = own_offer(order_id=order.id, kind=Kind.OBJECTION, official_id=clerk, now=now)
    assert (offer.by, offer.body, offer.refusal) == ((By.PERSON,), "昆明市政务服务管理局", "")
    with pytest.raises(Invalid) as refusal:
        file(order, clerk, now)  # in the name of the organisation
    assert [each.field for each in refusal.value.problems] == ["by"]
    filed = file(order, clerk, now, by=OWN)
    assert (filed.by, filed.body_id, filed.filed_by) == (OWN, city.authority, clerk)
    row = AuditEntry.objects.get(act="objection.file")
    assert row.actor == "official:clerk"
    # Neither he, nor the handler of his organisation, decides.
    for nobody in (clerk, people.handler):
        with pytest.raises(NotFound):
            decide(filed, nobody, now)
    assert decide(filed, people.first, now) is State.PROPOSED
    (shown,) = own_rating(order_id=order.id, official_id=clerk, now=now).contests.filed
    assert shown.outcome is None
    confirm(filed, people.second, now)
    (shown,) = own_rating(order_id=order.id, official_id=clerk, now=now).contests.filed
    assert shown.outcome == "upheld"


def test_of_the_rating_he_sees_neither_name_nor_number_nor_time_under_a_real_name_either(
    order: WorkOrder, clerk: UUID, now: datetime
) -> None:
    (row,) = own_ratings(official_id=clerk, now=now)
    assert (row.id, row.item, row.week, row.filed) == (order.id, "户口迁移", order.week, False)
    shown = own_rating(order_id=order.id, official_id=clerk, now=now)
    assert shown.text == "排队两小时，请回电[电话]"
    for told in (NAME, PHONE, PROJECT_NO, str(order.subject_id), order.number, str(order.opened_at)):
        assert told not in repr(shown)


def test_what_came_today_is_not_there_before_the_day_is_over(city: City, clerk: UUID, now: datetime) -> None:
    # He knows who has just left his window.
    today = name_staff(open_order(city, now))
    assert own_ratings(official_id=clerk, now=now) == ()
    with pytest.raises(NotFound):
        own_rating(order_id=today.id, official_id=clerk, now=now)
    assert [each.id for each in own_ratings(official_id=clerk, now=now + A_DAY)] == [today.id]


def test_what_he_writes_is_not_compared_with_the_name_that_he_may_not_know(
    people: People, order: WorkOrder, clerk: UUID, now: datetime
) -> None:
    # A refusal would tell him, name by name, who it was. Numbers are refused for whoever they are.
    with pytest.raises(Invalid):
        file(order, clerk, now, by=OWN, reasons="电话13888012345，请核对情况。")
    assert file(order, clerk, now, by=OWN, reasons=f"{NAME}把评价点错了，请予核对。").state == State.FILED


def test_ratings_of_others_are_not_there_for_him(
    people: People, order: WorkOrder, clerk: UUID, city: City, now: datetime
) -> None:
    of_another = name_staff(open_order(city, now), 42)
    of_nobody = open_order(city, now)
    colleague = make_official(city.police, now, "colleague", Role.WINDOW_STAFF)
    moved = link_to_staff(make_official(city.county, now, "moved", Role.WINDOW_STAFF), SERVICE_DAY)
    earlier = make_official(city.police, now, "earlier", Role.WINDOW_STAFF)
    link_to_staff(earlier, SERVICE_DAY - 9 * A_DAY, SERVICE_DAY - A_DAY)
    pairs = [(of_another, clerk), (of_nobody, clerk)]
    pairs += [(order, each) for each in (colleague, moved, earlier, people.handler, people.first)]
    for which, official in pairs:
        with pytest.raises(NotFound):
            own_rating(order_id=which.id, official_id=official, now=now)
    assert [own_ratings(official_id=each, now=now) for each in (colleague, moved, earlier)] == [()] * 3
    for which, official in ((of_another, clerk), (of_nobody, clerk), (order, colleague), (order, moved)):
        with pytest.raises(NotFound):
            file(which, official, now, by=OWN)
    with pytest.raises(NotFound):
        contests_of(order_id=order.id, official_id=clerk, now=now)  # the page of the order is not his


def test_with_the_post_the_right_ends(order: WorkOrder, clerk: UUID, now: datetime) -> None:
    filed = file(order, clerk, now, by=OWN)
    Post.objects.filter(official_id=clerk).update(valid_to=local_day(now) - A_DAY)
    with pytest.raises(NotFound):
        withdraw(filed.id, clerk, now)


def test_each_takes_back_what_he_filed_and_one_stands_at_a_time(
    people: People, order: WorkOrder, clerk: UUID, now: datetime
) -> None:
    filed = file(order, clerk, now, by=OWN)
    with pytest.raises(Conflict):
        file(order, people.handler, now)
    (shown,) = contests_of(order_id=order.id, official_id=people.handler, now=now).filed
    assert not shown.may_withdraw
    with pytest.raises(NotAllowed):
        withdraw(filed.id, people.handler, now)
    withdraw(filed.id, clerk, now)
    theirs = file(order, people.handler, now)
    mine, their = own_rating(order_id=order.id, official_id=clerk, now=now).contests.filed
    assert (mine.withdrawn, their.may_withdraw) == (True, False)
    with pytest.raises(NotAllowed):
        withdraw(theirs.id, clerk, now)
    withdraw(theirs.id, people.handler, now)


def test_they_stand_in_the_order_of_their_filing_whatever_the_clock_did(
    people: People, order: WorkOrder, clerk: UUID, now: datetime
) -> None:
    earlier = now - timedelta(seconds=1)
    filed = []
    for at in (now, now, earlier, now, earlier, now):
        filed.append(file(order, people.handler, at).id)
        withdraw(filed[-1], people.handler, at)
    shown = own_rating(order_id=order.id, official_id=clerk, now=now).contests.filed
    assert [each.id for each in shown] == filed
