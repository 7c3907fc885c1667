"""Answered bad ratings become public by two looks of the authority, and tell no more of the rater than they may."""

import json
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.core.cache import cache
from django.db import IntegrityError, transaction
from django.test import Client

from haochaping.accounts.models import Official
from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from haochaping.publication.models import ReleasedAnswer
from haochaping.publication.operations import answers as operations
from haochaping.publication.queries.answers import answers
from haochaping.publication.queries.proposals import proposal, waiting
from haochaping.rectification.models import WorkOrder
from haochaping.registry import models as registry
from haochaping.tallies.models import Change
from tests.orders import MINGZHOU, NAME, PROJECT_NO, SERVICE_DAY, City, make_city, make_official, open_order
from tests.released import answered

TEXT = f"11月19日上午，3号窗口的张建国让{NAME}等两小时，请回电13888012345"
ANSWER = f"{NAME}您好，办件{PROJECT_NO}属实，已批评张建国，增设一个窗口。"


@pytest.fixture
def city(db: None) -> City:
    found = make_city()
    staff = registry.Staff.objects.create(code="S1")
    registry.StaffRecord.objects.create(staff=staff, organisation_id=found.police, name="张建国")
    cache.clear()
    return found


@pytest.fixture
def order(city: City, now: datetime) -> WorkOrder:
    return answered(open_order(city, now, text=TEXT), ANSWER)


def busy_week(city: City, ratings: int = 5) -> None:
    Change.objects.create(organisation_id=city.police, day=SERVICE_DAY, occasions=ratings, n1=ratings)


def released(order: WorkOrder, officer: UUID, now: datetime) -> UUID:
    found = proposal(order.id, official_id=officer, now=now)
    made = operations.draft_answer(
        order_id=order.id, official_id=officer, said=found.said, answer=found.answer, now=now
    )
    operations.release_answer(answer_id=made, official_id=officer, now=now)
    return made


def test_the_machine_hides_people_numbers_times_and_windows(city, officer, order, now) -> None:
    busy_week(city)
    found = proposal(order.id, official_id=officer, now=now)
    assert found.said == "[日期][时间]，[窗口]的[姓名]让[姓名]等两小时，请回电[电话]"
    assert found.answer == "[姓名]您好，办件[办件编号]属实，已批评[姓名]，增设一个窗口。"
    assert (found.item, found.week) == ("户口迁移", order.week)
    assert found.laid_down.clause.endswith("第十一条")


def test_of_a_week_with_few_ratings_neither_week_nor_item_is_told(city, officer, order, now) -> None:
    busy_week(city, 4)
    found = proposal(order.id, official_id=officer, now=now)
    assert (found.item, found.week) == ("", None)
    busy_week(city, 1)
    assert proposal(order.id, official_id=officer, now=now).week == order.week


def test_a_person_takes_away_and_adds_nothing(city, officer, order, now) -> None:
    found = proposal(order.id, official_id=officer, now=now)
    said = {"order_id": order.id, "official_id": officer, "now": now}
    with pytest.raises(Invalid) as added:
        operations.draft_answer(**said, said="服务很好", answer="")
    assert {each.field: each.code for each in added.value.problems} == {"said": "added", "answer": "empty"}
    made = operations.draft_answer(**said, said=found.said.replace("等两小时", ""), answer=found.answer)
    row = ReleasedAnswer.objects.get(pk=made)
    assert "［略］，请回电[电话]" in row.said
    assert answers().rows == ()
    with pytest.raises(Conflict):
        operations.draft_answer(**said, said=found.said, answer=found.answer)
    with pytest.raises(IntegrityError), transaction.atomic():
        ReleasedAnswer.objects.create(
            id=uuid4(),
            number="GK2",
            order_id=order.id,
            organisation_id=city.police,
            drafted_at=now,
            state="drafted",
        )


def test_what_is_released_is_public_without_a_hint_at_the_rater(city, officer, order, now) -> None:
    busy_week(city)
    made = released(order, officer, now)
    with pytest.raises(Conflict):
        operations.release_answer(answer_id=made, official_id=officer, now=now)
    public = Client()
    everywhere = [public.get(f"/answers{tail}").content.decode() for tail in ("", "/data.json", "/data.csv")]
    for text in everywhere:
        assert "户口迁移" in text
        for hidden in (
            NAME,
            PROJECT_NO,
            "张建国",
            "13888012345",
            order.number,
            str(order.id),
            str(order.subject_id),
            "11月19日",
            "2026-11-19",
        ):
            assert hidden not in text
    row = json.loads(everywhere[1])["rows"][0]
    assert (row["week"], row["tags"]) == (order.week.isoformat(), ["111"])
    acts = list(AuditEntry.objects.filter(act__startswith="publication.answer").values_list("act", "subject"))
    assert acts == [
        ("publication.answer_drafted", row["number"]),
        ("publication.answer_released", row["number"]),
    ]


def test_who_may_release_and_what(city, officer, order, now) -> None:
    with pytest.raises(NotFound):
        proposal(order.id, official_id=make_official(city.police, now, "handler"), now=now)
    still_open = open_order(city, now)
    with pytest.raises(NotFound):
        proposal(still_open.id, official_id=officer, now=now)
    assert [each.line.id for each in waiting(official_id=officer, now=now)] == [order.id]
    released(order, officer, now)
    assert waiting(official_id=officer, now=now) == ()


def test_where_the_rules_name_a_body_no_other_releases(db: None, now) -> None:
    city = make_city(MINGZHOU)
    order = answered(open_order(city, now, organisation=city.county))
    county = registry.OrganisationRecord.objects.get(organisation=city.county).division
    below = registry.Organisation.objects.create(credit_code="11530102MB1234567X")
    registry.OrganisationRecord.objects.create(
        organisation=below, name="五华区政务服务管理局", division=county, kind="authority"
    )
    with pytest.raises(NotAllowed) as refused:
        proposal(order.id, official_id=make_official(below.id, now, "below", Role.AUTHORITY_OFFICER), now=now)
    assert "市级政务服务管理部门" in refused.value.message
    proposal(
        order.id, official_id=make_official(city.authority, now, "city", Role.AUTHORITY_OFFICER), now=now
    )


def test_a_withdrawal_says_why_and_leaves_no_text(city, officer, order, now) -> None:
    made = released(order, officer, now)
    with pytest.raises(Refused):
        operations.withdraw_answer(answer_id=made, official_id=officer, reason=" ", now=now)
    operations.withdraw_answer(answer_id=made, official_id=officer, reason="可能认出他人", now=now)
    with pytest.raises(Conflict):
        operations.withdraw_answer(answer_id=made, official_id=officer, reason="再撤", now=now)
    row = ReleasedAnswer.objects.get(pk=made)
    assert (row.said, row.answer, bool(row.digest)) == ("", "", True)
    cache.clear()
    assert "可能认出他人" in Client().get("/answers").content.decode()
    assert json.loads(Client().get("/answers/data.json").content)["rows"][0]["why"] == "可能认出他人"
    assert waiting(official_id=officer, now=now)[0].line.id == order.id


def test_what_the_rater_takes_back_is_withdrawn_by_itself(city, officer, order, now) -> None:
    released(order, officer, now)
    assert operations.withdraw_unanswered(now=now) == 0
    WorkOrder.objects.filter(pk=order.pk).update(exclusion="taken_back")
    assert operations.withdraw_unanswered(now=now + timedelta(minutes=1)) == 1
    found = answers()
    assert (found.total, found.withdrawn[0].withdrawn_on) == (0, local_day(now))
    assert "重新办理" in found.withdrawn[0].why


def test_an_altered_row_is_not_shown(city, officer, order, now) -> None:
    ReleasedAnswer.objects.filter(pk=released(order, officer, now)).update(answer="一切正常")
    page = Client().get("/answers").content.decode()
    assert "被改动过" in page
    assert "一切正常" not in page


def test_the_list_is_narrowed_by_organisation_and_tag_and_paged(city, officer, now) -> None:
    for _number in range(21):
        released(answered(open_order(city, now)), officer, now)
    first, last = answers(), answers(page=9)
    assert (first.total, first.pages, len(first.rows), last.page, len(last.rows)) == (21, 2, 20, 2, 1)
    assert [(each.name, each.number) for each in first.organisations] == [("昆明市公安局", 21)]
    assert answers(organisation="11532216MB3585447A", tag="111").total == 21
    assert answers(tag="112").total == answers(organisation="x").total == answers(tag="х").total == 0
    assert "第2页，共2页" in Client().get("/answers?tag=111&page=2").content.decode()


def test_the_pages_of_the_console(city, officer, order, now) -> None:
    client = Client()
    client.force_login(Official.objects.get(id=officer))
    assert order.number in client.get("/console/answers/").content.decode()
    address = f"/console/answers/orders/{order.id}/"
    page = client.get(address).content.decode()
    assert "<mark>[姓名]</mark>" in page
    refused = client.post(address, {"said": "加了一句", "answer": ANSWER})
    assert refused.status_code == 422
    assert "加了一句" in refused.content.decode()
    found = proposal(order.id, official_id=officer, now=now)
    drafted = client.post(address, {"said": found.said, "answer": found.answer})
    second = client.get(drafted["Location"]).content.decode()
    assert "还没有公开" in second
    assert "<mark>[窗口]</mark>" in second
    assert client.post(drafted["Location"] + "withdraw/", {"reason": ""}).status_code == 422
    client.post(drafted["Location"] + "release/")
    assert "已公开" in client.get("/console/answers/?show=released").content.decode()
