"""Evidence by other ways than the order: of a part of a joint order, of who was rated, himself or elsewhere."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest

from haochaping.accounts.models import Post
from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from haochaping.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from haochaping.foundation.ids import new_id
from haochaping.rectification import operations
from haochaping.rectification.contests import By
from haochaping.rectification.evidence_shown import EvidenceView, evidence_of
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.operations import PartSaid
from haochaping.rectification.parts import PartAct
from haochaping.rectification.sight import Place, Way
from haochaping.rectification.states import Act
from haochaping.registry.models import Organisation
from tests.evidence import TEXT, bring
from tests.joint import do_part, give
from tests.objections import People, file, link_to_staff, name_staff
from tests.orders import NAME, SERVICE_DAY, City, do_act, make_official, open_order

OWN = By.PERSON.value


@pytest.fixture(autouse=True)
def _here(place: Path) -> None:
    """All of them keep files."""


@pytest.fixture
def other(city: City, now: datetime) -> UUID:
    """The handler of a part."""
    return make_official(city.county, now, "other")


@pytest.fixture
def clerk(city: City, now: datetime) -> UUID:
    return link_to_staff(make_official(city.police, now, "clerk", Role.WINDOW_STAFF), SERVICE_DAY)


def seen(where: Place, official: UUID, now: datetime) -> EvidenceView:
    return evidence_of(place=where, official_id=official, now=now)


def names(where: Place, official: UUID, now: datetime) -> list[str]:
    return sorted(each.file.name for each in seen(where, official, now).files)


def look(where: Place, file_id: UUID, official: UUID, now: datetime) -> bytes:
    found = operations.see_evidence(place=where, file_id=file_id, official_id=official, now=now)
    return b"".join(found.pieces)


def withdraw(where: Place, file_id: UUID, official: UUID, now: datetime) -> None:
    said = "传错了文件。"
    operations.withdraw_evidence(place=where, file_id=file_id, official_id=official, reason=said, now=now)


def test_of_a_part_its_organisation_sees_its_own_and_the_authority_all(
    city: City, people: People, other: UUID, order: WorkOrder, now: datetime
) -> None:
    approver = make_official(city.county, now, "approver", Role.ORGANISATION_APPROVER)
    part = give(order, city.county, people.first, now)
    part_at, order_at = Place(Way.PART, part.id), Place(Way.ORDER, order.id)
    theirs = bring(part_at, other, now, name="part.txt")
    led = bring(order.id, people.handler, now, name="lead.txt")
    gathered = bring(order.id, people.first, now, name="authority.txt")
    assert names(part_at, other, now) == names(part_at, approver, now) == ["part.txt"]
    assert names(order_at, people.handler, now) == ["lead.txt"]
    everything = seen(order_at, people.first, now)
    assert {each.file.name: each.of_part for each in everything.files} == {
        "part.txt": True,
        "lead.txt": False,
        "authority.txt": False,
    }
    assert look(part_at, theirs, other, now) == TEXT == look(order_at, theirs, people.first, now)
    assert AuditEntry.objects.filter(act="evidence.look", subject=f"order:{order.number}").count() == 2
    for file_id in (led, gathered):
        with pytest.raises(NotFound):
            look(part_at, file_id, other, now)
    with pytest.raises(NotFound):
        look(order_at, theirs, people.handler, now)
    assert names(part_at, people.first, now) == ["authority.txt", "lead.txt", "part.txt"]
    with pytest.raises(NotFound):
        seen(part_at, people.handler, now)
    with pytest.raises(NotAllowed):
        bring(part_at, approver, now)
    with pytest.raises(NotFound):
        seen(order_at, other, now)
    assert not seen(part_at, approver, now).may_add


def test_who_serves_in_the_organisation_of_a_part_is_of_its_side(
    city: City, people: People, order: WorkOrder, now: datetime
) -> None:
    give(order, city.county, people.first, now)
    bring(order.id, people.first, now, name="authority.txt")
    Post.objects.create(
        id=new_id(now),
        official_id=people.second,
        organisation_id=city.county,
        role=Role.WINDOW_STAFF,
        valid_from=SERVICE_DAY,
    )
    found = seen(Place(Way.ORDER, order.id), people.second, now)
    assert (found.authority, found.files) == (False, ())


def test_evidence_of_a_part_is_brought_until_it_is_released_or_the_order_closed(
    city: City, people: People, other: UUID, order: WorkOrder, now: datetime
) -> None:
    part = give(order, city.county, people.first, now)
    where = Place(Way.PART, part.id)
    do_part(part, PartAct.TAKE, other, now)
    do_part(part, PartAct.REPORT, other, now)
    kept = bring(where, other, now)
    withdraw(where, kept, other, now)
    assert [each.file.withdrawal for each in seen(where, other, now).files] == ["传错了文件。"]
    give(order, city.county, people.first, now)
    do_part(part, PartAct.RELEASE, people.first, now, PartSaid("由牵头单位一并办理。"))
    assert not seen(where, other, now).may_add
    with pytest.raises(Conflict):
        bring(where, other, now)


def test_the_organisation_of_a_part_learns_from_no_refusal_who_rated(
    city: City, people: People, other: UUID, now: datetime
) -> None:
    order = open_order(city, now, named=True)
    part = give(order, city.county, people.first, now)
    bring(Place(Way.PART, part.id), other, now, note=f"{NAME}的叫号记录")
    do_part(part, PartAct.TAKE, other, now)
    do_part(part, PartAct.REPORT, other, now, PartSaid(f"{NAME}来过。", "true", "已改进。"))
    with pytest.raises(Invalid):
        bring(Place(Way.PART, part.id), other, now, note="请联系13888012345")


def test_what_the_rated_brings_for_himself_the_body_sees_and_his_organisation_does_not(
    city: City, people: People, clerk: UUID, now: datetime
) -> None:
    order = name_staff(open_order(city, now, named=True))
    own, by_order = Place(Way.OWN, order.id), Place(Way.ORDER, order.id)
    found = seen(own, clerk, now)
    assert (found.files, found.may_add, found.number, found.authority) == ((), False, "", False)
    with pytest.raises(Conflict):
        bring(own, clerk, now)
    objection = file(order, clerk, now, by=OWN)
    # His organisation's name for the rater is not asked after: he may not know it.
    kept = bring(own, clerk, now, name="his.txt", note=f"不是{NAME}", part_id=objection.id)
    bring(order.id, people.handler, now, name="theirs.txt")
    assert names(own, clerk, now) == ["his.txt"]
    assert names(by_order, people.handler, now) == ["theirs.txt"]
    (his,) = [each for each in seen(by_order, people.first, now).files if each.himself]
    assert (his.file.name, his.contest and his.contest.id) == ("his.txt", objection.id)
    assert look(own, kept, clerk, now) == TEXT == look(by_order, kept, people.first, now)
    looks = AuditEntry.objects.filter(act="evidence.look").values_list("actor", flat=True)
    assert sorted(looks) == ["official:clerk", "official:first"]
    with pytest.raises(NotFound):
        look(by_order, kept, people.handler, now)
    with pytest.raises(NotFound):
        withdraw(by_order, kept, people.handler, now)
    withdraw(own, kept, clerk, now)
    operations.withdraw(objection_id=objection.id, official_id=clerk, now=now)
    with pytest.raises(Conflict):
        bring(own, clerk, now, part_id=objection.id)
    assert not seen(own, clerk, now).may_add


def test_others_have_no_evidence_of_their_own_here(
    city: City, people: People, clerk: UUID, now: datetime
) -> None:
    mine, of_nobody = name_staff(open_order(city, now)), open_order(city, now)
    colleague = make_official(city.police, now, "colleague", Role.WINDOW_STAFF)
    theirs = file(mine, people.handler, now)
    for where, official in (
        (mine, colleague),
        (mine, people.handler),
        (mine, people.first),
        (of_nobody, clerk),
    ):
        with pytest.raises(NotFound):
            seen(Place(Way.OWN, where.id), official, now)
    with pytest.raises(Conflict):
        bring(Place(Way.OWN, mine.id), clerk, now, part_id=theirs.id)


def test_who_was_rated_and_handles_nothing_brings_evidence_for_its_objection(
    city: City, people: People, order: WorkOrder, other: UUID, now: datetime
) -> None:
    code = Organisation.objects.get(id=city.county).credit_code
    do_act(order, Act.DISPATCH, people.first, now, "主要是社保的问题", organisation=code)
    where = Place(Way.RATED, order.id)
    with pytest.raises(NotFound):
        seen(Place(Way.ORDER, order.id), people.handler, now)
    assert not seen(where, people.handler, now).may_add
    objection = file(order, people.handler, now)
    bring(where, people.handler, now, name="rated.txt", part_id=objection.id)
    bring(order.id, other, now, name="handling.txt")
    assert names(where, people.handler, now) == ["rated.txt"]
    assert names(Place(Way.ORDER, order.id), other, now) == ["handling.txt"]
    for nobody in (other, people.first):
        with pytest.raises(NotFound):
            seen(where, nobody, now)
    with pytest.raises(Conflict):
        bring(where, people.handler, now)
