"""Joint orders: each organisation its part, one leads, one answer."""

from datetime import date, datetime, timedelta
from uuid import UUID

import pytest

from haochaping.audit.models import AuditEntry
from haochaping.foundation.clock import CN
from haochaping.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from haochaping.rectification.models import OrderPart, PartStep
from haochaping.rectification.operations import PartSaid, open_orders
from haochaping.rectification.part_queries import part as part_page
from haochaping.rectification.part_queries import parts_of, parts_to_do
from haochaping.rectification.parts import PartAct, PartState
from haochaping.rectification.queries import order as view
from haochaping.rectification.states import Act, State
from haochaping.registry.models import Organisation
from tests.joint import ASKED, REPORTED, do_part, give, joint_order, make_tax, part_of
from tests.orders import City, do_act, lead_to, make_official, open_order, say


@pytest.fixture
def lead(city: City, now: datetime) -> UUID:
    return make_official(city.police, now, "lead")


@pytest.fixture
def other(city: City, now: datetime) -> UUID:
    return make_official(city.county, now, "other")


def test_a_joint_case_gives_every_organisation_its_part_and_one_answer_waits_for_all(
    city: City, lead: UUID, other: UUID, now: datetime
) -> None:
    tax = make_tax(city)
    taxman = make_official(tax, now, "taxman")
    order = joint_order(city, now, city.county, tax)
    assert order.organisation_id == city.police, "the organisation of the whole leads"
    assert set(order.parts.values_list("organisation_id", "state")) == {
        (city.county, "waiting"),
        (tax, "waiting"),
    }
    assert not PartStep.objects.exists(), "the instant of the opening is the rating's"
    assert AuditEntry.objects.filter(act="part.give", actor="system").count() == 2
    order = lead_to(order, Act.RECTIFY, lead, now)
    for number, (who, organisation) in enumerate(((other, city.county), (taxman, tax))):
        with pytest.raises(Conflict) as refused:
            do_act(order, Act.ANSWER, lead, now, "已经全部处理完毕，请您放心。")
        assert refused.value.code == "parts_open", number
        assert Act.ANSWER not in {
            each.act for each in view(official_id=lead, order_id=order.id, now=now).offers
        }
        part = part_of(order, organisation)
        assert do_part(part, PartAct.TAKE, who, now) is PartState.TAKEN
        assert do_part(part, PartAct.REPORT, who, now) is PartState.DONE
    joint = parts_of(order_id=order.id, official_id=lead, now=now)
    assert [(each.finding, each.verified, each.rectified) for each in joint.parts] == [
        ("true", REPORTED.text, REPORTED.measures)
    ] * 2
    order = do_act(order, Act.ANSWER, lead, now, "已经全部处理完毕，请您放心。")
    assert (order.state, order.parts.filter(state="done").count()) == (State.ANSWERED, 2)
    assert AuditEntry.objects.filter(subject=f"order:{order.number}", act="part.report").count() == 2


@pytest.mark.parametrize("form", ["single", "batch", "consultation"])
def test_only_joint_and_theme_cases_have_parts_by_themselves(city: City, now: datetime, form: str) -> None:
    assert not joint_order(city, now, city.county, form=form).parts.exists()


def test_a_part_sees_what_the_order_shows_to_it_and_nobody_else_sees_the_part(
    city: City, lead: UUID, other: UUID, now: datetime
) -> None:
    tax = make_tax(city)
    taxman = make_official(tax, now, "taxman")
    order = joint_order(city, now, city.county, tax, named=True)
    part = part_of(order, city.county)
    seen = part_page(part_id=part.id, official_id=other, now=now)
    assert seen.part.row.leads == "昆明市公安局"
    assert (seen.part.row.item, seen.part.row.week) == ("户口迁移", date(2026, 11, 16))
    assert seen.tags
    assert "13888012345" not in repr(seen)
    assert str(order.subject_id) not in repr(seen)
    assert seen.part.acts == (PartAct.TAKE,)
    assert part_page(part_id=part.id, official_id=lead, now=now).part.acts == (), "the lead looks"
    with pytest.raises(NotFound):
        part_page(part_id=part.id, official_id=taxman, now=now)
    with pytest.raises(NotFound):
        do_part(part, PartAct.TAKE, taxman, now)
    with pytest.raises(NotFound):
        view(official_id=other, order_id=order.id, now=now)
    with pytest.raises(NotFound):
        parts_of(order_id=order.id, official_id=other, now=now)
    with pytest.raises(NotAllowed):
        do_part(part, PartAct.TAKE, lead, now)
    assert [row.number for row in parts_to_do(official_id=other, now=now)] == [order.number]
    assert parts_to_do(official_id=lead, now=now) == ()


def test_an_officer_makes_an_order_joint_and_gives_once_more_what_does_not_suffice(
    city: City, lead: UUID, other: UUID, officer: UUID, now: datetime
) -> None:
    order = open_order(city, now)
    for who in (lead, other):
        with pytest.raises((NotAllowed, NotFound)):
            give(order, city.county, who, now)
    with pytest.raises(Invalid) as refused:
        give(order, city.police, officer, now, until="2026-13-40", text=" ")
    assert {each.field for each in refused.value.problems} == {"organisation", "until", "text"}
    with pytest.raises(Invalid):
        give(order, city.county, officer, now, until=(now - timedelta(days=2)).date().isoformat())
    with pytest.raises(Invalid):
        give(order, city.county, officer, now, text="请联系13888012345")
    part = give(order, city.county, officer, now)
    assert (part.state, part.asked, part.due_at) == ("waiting", ASKED, None)
    with pytest.raises(Invalid):
        give(order, city.county, officer, now)
    do_part(part, PartAct.TAKE, other, now)
    do_part(part, PartAct.REPORT, other, now)
    again = give(order, city.county, officer, now, text="请补充调取录像的情况。")
    assert (again.id, again.state, again.verified, again.finding) == (part.id, "waiting", "", "")
    kept = PartStep.objects.filter(part=part).order_by("revision").values_list("act", flat=True)
    assert list(kept) == ["give", "take", "report", "give"], "what was done stays in the history"


def test_a_part_is_due_with_its_order_or_on_the_officers_day_and_late_it_is_the_officers_to_decide(
    city: City, lead: UUID, other: UUID, officer: UUID, now: datetime
) -> None:
    """Kunming, article 12: 15 working days from the verification, for the whole; the earlier of both for the part."""
    order = joint_order(city, now, city.county)
    assert part_of(order, city.county).due_at is None, "its limit runs from the verification"
    order = lead_to(order, Act.VERIFY, lead, now)
    part = part_of(order, city.county)
    assert part.due_at == order.due_at == datetime(2026, 12, 15, tzinfo=CN)
    assert part.due_clause.endswith("第十二条")
    tax = make_tax(city)
    early = give(order, tax, officer, now, until="2026-12-01")
    assert (early.due_at, early.due_clause) == (datetime(2026, 12, 2, tzinfo=CN), "")
    order = do_act(order, Act.RECTIFY, lead, now, "已增设一个窗口。")
    do_part(part, PartAct.TAKE, other, now)
    why = PartSaid("联办单位逾期没有提交，先答复评价人。")
    with pytest.raises(Conflict) as refused:
        do_part(part, PartAct.RELEASE, officer, now, why)
    assert refused.value.code == "in_time"
    assert parts_to_do(official_id=officer, now=now) == ()
    late = datetime(2026, 12, 15, 9, tzinfo=CN)
    assert {row.late for row in parts_to_do(official_id=officer, now=late)} == {True}
    with pytest.raises(NotAllowed):
        do_part(part, PartAct.RELEASE, lead, late, why)
    with pytest.raises(Invalid):
        do_part(part, PartAct.RELEASE, officer, late)
    assert do_part(part, PartAct.RELEASE, officer, late, why) is PartState.RELEASED
    with pytest.raises(Conflict):
        do_part(part, PartAct.REPORT, other, late)
    do_part(early, PartAct.RELEASE, officer, late, why)
    order = do_act(order, Act.ANSWER, lead, late, "您反映的情况属实，已经整改。")
    assert order.state == State.ANSWERED
    with pytest.raises(Conflict):
        give(order, city.county, officer, late)


def test_a_report_says_what_was_found_and_set_right(
    city: City, other: UUID, officer: UUID, now: datetime
) -> None:
    part = give(open_order(city, now), city.county, officer, now)
    do_part(part, PartAct.TAKE, other, now)
    with pytest.raises(Invalid) as refused:
        do_part(part, PartAct.REPORT, other, now, PartSaid())
    assert {each.field for each in refused.value.problems} == {"finding", "text", "measures"}
    with pytest.raises(Invalid):
        do_part(part, PartAct.REPORT, other, now, PartSaid("情况属实。", "true", "已打13888012345说明。"))
    said = PartSaid("评价人没有到过社保窗口。", "untrue")
    assert do_part(part, PartAct.REPORT, other, now, said) is PartState.DONE
    with pytest.raises(Conflict):
        do_part(part, PartAct.REPORT, other, now, said)


def test_who_leads_from_now_on_has_no_part_any_more(
    city: City, lead: UUID, officer: UUID, now: datetime
) -> None:
    order = joint_order(city, now, city.county)
    code = Organisation.objects.get(id=city.county).credit_code
    order = do_act(order, Act.DISPATCH, officer, now, "主要是社保的问题", organisation=code)
    assert (order.organisation_id, part_of(order, city.county).state) == (city.county, "released")


def test_an_order_that_is_opened_again_has_every_part_done_anew_and_tells_nobody_when(
    city: City, lead: UUID, other: UUID, now: datetime
) -> None:
    order = joint_order(city, now, city.county)
    part = part_of(order, city.county)
    for act in (PartAct.TAKE, PartAct.REPORT):
        do_part(part, act, other, now)
    say(order.subject_id, now, "correction", level=5)
    open_orders(now=now, limit=10)
    with pytest.raises(Conflict):
        do_part(part, PartAct.TAKE, other, now)
    assert parts_to_do(official_id=other, now=now) == (), "an excluded order is nobody's work"
    say(order.subject_id, now, "correction", level=1)
    open_orders(now=now, limit=10)
    order.refresh_from_db()
    assert order.state == State.OPENED
    seen = part_page(part_id=part.id, official_id=other, now=now)
    assert (seen.part.row.state, seen.part.verified) == (PartState.WAITING, "")
    assert [step.act for step in seen.part.history] == [PartAct.TAKE, PartAct.REPORT]
    assert OrderPart.objects.get(pk=part.pk).revision == 3
