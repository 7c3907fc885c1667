"""The loop by the rules of Mingzhou, which lay down nearly all of it: 第九条 to 第十二条, as their scenario tells them."""

from datetime import datetime, timedelta
from uuid import UUID

import pytest

from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from haochaping.foundation.clock import CN
from haochaping.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from haochaping.rectification.models import OrderDeadline, WorkOrder
from haochaping.rectification.operations import act, lapse
from haochaping.rectification.queries import order as view
from haochaping.rectification.rules import Said
from haochaping.rectification.states import Act, State
from haochaping.registry.models import Organisation
from tests.orders import (
    MINGZHOU,
    WORDS,
    City,
    do_act,
    lead_to,
    make_city,
    make_official,
    make_superior,
    open_order,
)

VERIFIED = {"finding": "true"}
TOLD = "已向窗口了解，情况属实。"


def at(month: int, day: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=CN)


RATED = at(5, 12)  # a Tuesday


@pytest.fixture
def city(db: None) -> City:
    return make_city(MINGZHOU)


@pytest.fixture
def handler(city: City) -> UUID:
    return make_official(city.police, RATED, "handler")


@pytest.fixture
def colleague(city: City) -> UUID:
    return make_official(city.police, RATED, "colleague")


@pytest.fixture
def officer(city: City) -> UUID:
    return make_official(city.authority, RATED, "officer", Role.AUTHORITY_OFFICER)


def opened(city: City, **rating: object) -> WorkOrder:
    return open_order(city, RATED, service_day=at(5, 11).date(), **rating)


def dues(order: WorkOrder) -> dict[str, datetime | None]:
    return dict(OrderDeadline.objects.filter(order=order).values_list("step", "due_at"))


def met(order: WorkOrder) -> set[str]:
    return set(OrderDeadline.objects.filter(order=order, met_at__isnull=False).values_list("step", flat=True))


def test_limits_run_from_the_opening_and_each_has_its_owner_and_clause(city: City) -> None:
    order = opened(city, named=True)
    rows = {row.step: row for row in OrderDeadline.objects.filter(order=order)}
    # Two working hours after Tuesday 10:00; 24 hours after the dispatch; the third working day, the first counted.
    assert dues(order) == {
        "dispatch": at(5, 12, 12),
        "contact": at(5, 13),
        "verification": at(5, 15, 0),
    }
    assert met(order) == {"dispatch"}
    assert rows["verification"].organisation_id == city.authority
    assert rows["contact"].organisation_id == city.police
    assert rows["contact"].clause.endswith("第九条第二款")
    assert rows["contact"].untold
    assert (order.due_at, order.due_provisional) == (at(5, 13), False)


def test_the_page_tells_of_a_limit_in_hours_no_more_than_half_a_day(city: City, handler: UUID) -> None:
    order = open_order(city, at(5, 12, 14, 37), service_day=at(5, 11).date(), named=True)
    seen = view(official_id=handler, order_id=order.id, now=at(5, 12, 15))
    assert {limit.step: limit.before for limit in seen.limits}["contact"] == at(5, 13, 12)
    assert "37" not in repr([limit.before for limit in seen.limits])


def test_the_class_chooses_the_limit_and_silence_grants_the_extension(city: City, handler: UUID) -> None:
    """The scenario 复杂: until 22 June, plan until 27 May; one working day of silence is consent: until 6 July."""
    superior = make_superior(city)
    order = do_act(opened(city), Act.TAKE, handler, at(5, 13))
    order = do_act(order, Act.VERIFY, handler, at(5, 20), TOLD, **VERIFIED)
    assert dues(order)["rectification"] == at(6, 4, 0), "一般类 on its own: ten working days"
    order = do_act(order, Act.CLASSIFY, handler, at(5, 20), bad_class="complex")
    assert (dues(order)["rectification"], dues(order)["plan"]) == (at(6, 23, 0), at(5, 28, 0))
    assert order.due_at == at(6, 23, 0), "the order tells the limit of the rectification"
    order = do_act(order, Act.PLAN, handler, at(5, 25), "两个部门联合整改", until="2026-06-20")
    assert order.due_at == at(6, 23, 0)
    asking = {"text": "材料要重新会签", "until": "2026-07-06"}
    with pytest.raises(Invalid, match="2026-07-06"):
        do_act(order, Act.ASK_EXTENSION, handler, at(6, 17), asking["text"], until="2026-07-07")
    order = do_act(order, Act.ASK_EXTENSION, handler, at(6, 17), **asking)
    row = OrderDeadline.objects.get(order=order, step="extension")
    assert (row.organisation_id, row.due_at, row.lapses) == (superior, at(6, 19, 0), True)
    assert order.due_at == at(6, 23, 0)
    with pytest.raises(Conflict) as again:
        do_act(order, Act.ASK_EXTENSION, handler, at(6, 17), **asking)
    assert again.value.code == "waits"
    assert lapse(now=at(6, 18, 23), limit=10) == 0
    assert lapse(now=at(6, 19, 0), limit=10) == 1
    assert lapse(now=at(6, 19, 0), limit=10) == 0
    order.refresh_from_db()
    assert order.due_at == at(7, 7, 0)
    assert AuditEntry.objects.get(act="order.grant_extension").actor == "system"
    with pytest.raises(Conflict) as often:
        do_act(order, Act.ASK_EXTENSION, handler, at(6, 20), **asking)
    assert often.value.code == "times"


def test_only_the_body_that_the_rules_name_grants_and_a_refusal_leaves_the_limit(
    city: City, handler: UUID, officer: UUID
) -> None:
    above = make_official(make_superior(city), RATED, "above", Role.AUTHORITY_OFFICER)
    order = do_act(opened(city), Act.TAKE, handler, at(5, 13))
    order = do_act(order, Act.VERIFY, handler, at(5, 20), TOLD, **VERIFIED)
    order = do_act(order, Act.ASK_EXTENSION, handler, at(5, 25), "材料要重新会签", until="2026-06-10")
    for who, code in ((handler, "not_handler"), (officer, "not_the_body")):
        with pytest.raises(NotAllowed) as refused:
            do_act(order, Act.GRANT_EXTENSION, who, at(5, 25))
        assert refused.value.code == code
    order = do_act(order, Act.REFUSE_EXTENSION, above, at(5, 25), "理由不充分")
    assert order.due_at == at(6, 4, 0)
    order = do_act(order, Act.ASK_EXTENSION, handler, at(5, 26), "补充了理由", until="2026-06-10")
    order = do_act(order, Act.GRANT_EXTENSION, above, at(5, 26))
    assert order.due_at == at(6, 11, 0)


def test_three_calls_in_vain_count_as_true_and_one_that_came_too_soon_does_not(
    city: City, handler: UUID
) -> None:
    order = do_act(opened(city, named=True), Act.TAKE, handler, at(5, 12, 11))
    call = {"means": "telephone", "reached": "no"}
    for hour, minute in ((11, 0), (13, 0), (15, 0)):  # the second only two hours after the first
        order = do_act(order, Act.CONTACT, handler, at(5, 12, hour, minute), **call)
    assert order.state == State.TAKEN
    order = do_act(order, Act.CONTACT, handler, at(5, 12, 19), **call)
    assert (order.state, order.finding) == (State.VERIFIED, "true")
    last = order.steps.order_by("revision").last()
    assert last is not None
    assert (last.act, last.actor, last.official_id) == ("verify", "system", None)
    assert last.clause.endswith("第九条第二款")
    assert "contact" in met(order)
    assert "verification" in met(order)


def test_who_was_reached_is_not_taken_as_anything(city: City, handler: UUID) -> None:
    order = do_act(opened(city, named=True), Act.TAKE, handler, at(5, 12, 11))
    order = do_act(order, Act.CONTACT, handler, at(5, 12, 12), "本人确认", means="telephone", reached="yes")
    for hour in (13, 17, 21):
        order = do_act(order, Act.CONTACT, handler, at(5, 12, hour), means="telephone", reached="no")
    assert order.state == State.TAKEN
    assert "contact" in met(order)


def test_nobody_calls_the_anonymous_and_is_told_so(city: City, handler: UUID) -> None:
    order = do_act(opened(city), Act.TAKE, handler, at(5, 13))
    assert "contact" not in dues(order)
    with pytest.raises(Conflict, match="匿名") as refused:
        do_act(order, Act.CONTACT, handler, at(5, 13), means="telephone", reached="no")
    assert refused.value.code == "anonymous"


def test_sent_back_once_for_its_ground_and_dispatched_to_another(
    city: City, handler: UUID, officer: UUID
) -> None:
    order = do_act(opened(city), Act.TAKE, handler, at(5, 13))
    with pytest.raises(Invalid) as refused:
        do_act(order, Act.SEND_BACK, handler, at(5, 13), "不是我们的事", ground="mistaken")
    assert [problem.field for problem in refused.value.problems] == ["ground"]
    order = do_act(order, Act.SEND_BACK, handler, at(5, 14), "不是我们的事", ground="other_unit")
    assert order.state == State.RETURNED
    with pytest.raises(NotAllowed):
        do_act(order, Act.DISPATCH, handler, at(5, 14), "请办", organisation="11539436MB36597916")
    code = Organisation.objects.get(id=city.county).credit_code
    with pytest.raises(Invalid):
        do_act(order, Act.DISPATCH, officer, at(5, 14), "请办", organisation="11532216MB0000000A")
    order = do_act(order, Act.DISPATCH, officer, at(5, 14), "属于人社部门职责", organisation=code)
    assert (order.state, order.organisation_id) == (State.OPENED, city.county)
    with pytest.raises(NotFound):
        do_act(order, Act.TAKE, handler, at(5, 15))
    county = make_official(city.county, RATED, "county")
    order = do_act(order, Act.TAKE, county, at(5, 15))
    with pytest.raises(Conflict) as often:
        do_act(order, Act.SEND_BACK, county, at(5, 15), "也不是我们的事", ground="other_unit")
    assert often.value.code == "times"


def test_a_day_after_the_receipt_nothing_is_sent_back(city: City, handler: UUID) -> None:
    order = do_act(opened(city), Act.TAKE, handler, at(5, 13))
    with pytest.raises(Conflict) as late:
        do_act(order, Act.SEND_BACK, handler, at(5, 15, 0), "不是我们的事", ground="other_unit")
    assert late.value.code == "too_late"


def rectified(city: City, handler: UUID) -> WorkOrder:
    order = do_act(opened(city), Act.TAKE, handler, at(5, 13))
    order = do_act(order, Act.VERIFY, handler, at(5, 20), TOLD, reasonable="yes", **VERIFIED)
    assert order.reasonable is True
    return do_act(order, Act.RECTIFY, handler, at(5, 26), "已增设一个窗口。")


def test_an_answer_is_approved_by_another_person_and_only_then_given(
    city: City, handler: UUID, colleague: UUID
) -> None:
    order = rectified(city, handler)
    order = do_act(order, Act.ANSWER, handler, at(5, 26), "我们已经增设一个窗口。")
    assert (order.state, order.answer) == (State.DRAFTED, "")
    assert dues(order)["approval"] == at(5, 28, 0)
    with pytest.raises(NotAllowed) as refused:
        do_act(order, Act.APPROVE, handler, at(5, 26))
    assert refused.value.code == "same_person"
    order = do_act(order, Act.RETURN_ANSWER, colleague, at(5, 26), "没有说明查明了什么")
    assert order.state == State.RECTIFIED
    better = "您反映的等候时间过长属实，我们已增设一个窗口。"
    order = do_act(order, Act.ANSWER, handler, at(5, 27), better)
    order = do_act(order, Act.APPROVE, colleague, at(5, 27))
    assert (order.state, order.answer) == (State.ANSWERED, better)
    assert {"approval", "answer"} <= met(order)
    assert [each.act for each in view(official_id=handler, order_id=order.id, now=at(5, 27)).offers] == [
        Act.CLOSE
    ]


def test_what_has_no_legal_basis_is_explained_and_ends(city: City, handler: UUID) -> None:
    order = do_act(opened(city), Act.TAKE, handler, at(5, 13))
    order = do_act(order, Act.VERIFY, handler, at(5, 20), TOLD, finding="no_basis", reasonable="no")
    assert dues(order).keys() >= {"explanation"}
    assert "rectification" not in dues(order)
    assert dues(order)["explanation"] == at(5, 28, 0)
    with pytest.raises(Conflict) as refused:
        do_act(order, Act.RECTIFY, handler, at(5, 20), "没有什么可整改的")
    assert refused.value.code == "baseless"
    said = "您的要求没有法律依据，可以向上级机关反映。"
    order = do_act(order, Act.EXPLAIN, handler, at(5, 21), said)
    assert (order.state, order.answer, order.reasonable) == (State.ANSWERED, said, False)
    assert "explanation" in met(order)


def test_by_the_rules_of_kunming_nothing_of_that_is_there(now: datetime, db: None) -> None:
    city = make_city()
    handler = make_official(city.police, now, "handler")
    order = lead_to(open_order(city, now), Act.TAKE, handler, now)
    for tried, said in (
        (Act.SEND_BACK, {"text": "不是我们的事", "ground": "other_unit"}),
        (Act.CLASSIFY, {"bad_class": "simple"}),
    ):
        with pytest.raises(Conflict) as refused:
            do_act(order, tried, handler, now, **said)
        assert refused.value.code in ("not_laid_down", "unclassed")
    with pytest.raises(Invalid):
        do_act(order, Act.VERIFY, handler, now, TOLD, finding="no_basis")
    order = lead_to_verified(order, handler, now)
    with pytest.raises(Conflict):
        do_act(order, Act.PLAN, handler, now, "以后再说")
    assert dues(order).keys() == {"rectification"}


def lead_to_verified(order: WorkOrder, handler: UUID, now: datetime) -> WorkOrder:
    return do_act(order, Act.VERIFY, handler, now, **WORDS[Act.VERIFY])


def test_in_kunming_reason_and_date_within_the_limit_suffice(now: datetime, db: None) -> None:
    """Article 12: 若在期限内难以整改的，应说明理由和整改期限; nobody grants it, and it may be said again."""
    city = make_city()
    handler = make_official(city.police, now, "handler")
    order = lead_to(open_order(city, now), Act.VERIFY, handler, now)
    due = datetime(2026, 12, 15, tzinfo=CN)
    assert order.due_at == due
    for until, code in (("", "required"), ("2026-12-14", "early"), ("x", "required")):
        with pytest.raises(Invalid) as refused:
            do_act(order, Act.ASK_EXTENSION, handler, now, "要等上级批复", until=until)
        assert [problem.code for problem in refused.value.problems] == [code]
    order = do_act(order, Act.ASK_EXTENSION, handler, now, "要等上级批复", until="2026-12-25")
    assert order.due_at == datetime(2026, 12, 26, tzinfo=CN)
    assert order.due_clause.endswith("第十二条")
    with pytest.raises(Conflict) as late:
        do_act(order, Act.ASK_EXTENSION, handler, due, "还要等", until="2026-12-30")
    assert late.value.code == "too_late"


def test_an_officer_gives_an_order_to_the_right_organisation(
    city: City, handler: UUID, officer: UUID
) -> None:
    order = opened(city)
    code = Organisation.objects.get(id=city.county).credit_code
    later = RATED + timedelta(hours=30)
    order = do_act(order, Act.DISPATCH, officer, later, "属于人社部门职责", organisation=code)
    assert (order.state, order.organisation_id) == (State.OPENED, city.county)
    assert dues(order)["verification"] == at(5, 16, 0), "counted from the dispatch to the one that must do it"
    with pytest.raises(NotFound):
        view(official_id=handler, order_id=order.id, now=later)
    with pytest.raises(Invalid):
        do_act(order, Act.DISPATCH, officer, later, "再转一次", organisation=code)


def test_what_nobody_can_do_is_not_offered_and_not_done(city: City, handler: UUID, officer: UUID) -> None:
    order = do_act(opened(city, named=True), Act.TAKE, handler, at(5, 13))
    offered = {each.act for each in view(official_id=handler, order_id=order.id, now=at(5, 13)).offers}
    assert offered == {Act.VERIFY, Act.CONTACT, Act.CLASSIFY, Act.SEND_BACK}
    assert not view(official_id=officer, order_id=order.id, now=at(5, 13)).offers
    with pytest.raises(Conflict) as refused:
        act(
            order_id=order.id,
            act=Act.CLOSE,
            official_id=handler,
            revision=order.revision,
            now=at(5, 13),
            said=Said(),
        )
    assert refused.value.code == "by_rule"
