"""An order is led from act to act by those who may; each leaves its step and audit row, never twice."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from django.db import DatabaseError, connection, transaction

from haochaping.accounts.models import Post
from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from haochaping.foundation.clock import CN
from haochaping.foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Refused
from haochaping.rectification.models import OrderStep, WorkOrder
from haochaping.rectification.operations import act, open_orders, see_contact
from haochaping.rectification.states import STRAIGHT, TRANSITIONS, Act, State
from tests.orders import (
    NAME,
    PHONE,
    PROJECT_NO,
    WORDS,
    City,
    lead_to,
    make_city,
    make_official,
    open_order,
    rate_badly,
)

CLAUSE = "《昆明市政务服务“好差评”实施办法》第十二条"


def test_the_whole_way_leaves_five_steps_and_five_audit_rows(
    city: City, handler: UUID, now: datetime
) -> None:
    order = lead_to(open_order(city, now), Act.CLOSE, handler, now)
    assert (order.state, order.finding, order.closed_at, order.revision) == ("closed", "true", now, 5)
    assert order.answer == WORDS[Act.ANSWER]["text"]
    assert (order.due_at, order.due_provisional) == (datetime(2026, 12, 15, tzinfo=CN), False)
    assert order.due_clause == CLAUSE
    steps = list(order.steps.order_by("revision"))
    assert [step.act for step in steps] == [act.value for act in STRAIGHT]
    assert {step.actor for step in steps} == {"赵敏（handler）"}
    assert [step.clause for step in steps] == ["", CLAUSE, CLAUSE, CLAUSE, ""]
    rows = AuditEntry.objects.filter(act__startswith="order.").exclude(act="order.open")
    assert {row.subject for row in rows} == {f"order:{order.number}"}
    assert sorted(row.act for row in rows) == sorted(f"order.{act}" for act in STRAIGHT)
    assert all(row.actor == "official:handler" for row in rows)


def test_no_limit_runs_for_what_was_found_untrue(city: City, handler: UUID, now: datetime) -> None:
    order = lead_to(open_order(city, now), Act.TAKE, handler, now)
    act(
        order_id=order.id,
        act=Act.VERIFY,
        official_id=handler,
        revision=1,
        now=now,
        text="经查不实",
        finding="untrue",
    )
    order.refresh_from_db()
    assert (order.state, order.finding, order.due_at, order.due_clause) == ("verified", "untrue", None, "")


def test_a_limit_over_days_without_a_notice_is_provisional(city: City, handler: UUID, now: datetime) -> None:
    december = datetime(2026, 12, 18, 2, tzinfo=now.tzinfo)
    order = lead_to(open_order(city, now), Act.VERIFY, handler, december)
    assert order.due_at is not None
    assert order.due_provisional


def test_a_step_is_governed_by_the_rules_of_its_own_day(city: City, handler: UUID, now: datetime) -> None:
    """Procedure by the rules of the step's day: Kunming's measures are in force from the day after the service on."""
    order = lead_to(open_order(city, now, service_day=date(2020, 6, 1)), Act.VERIFY, handler, now)
    assert order.due_at is not None
    assert order.due_clause == "《昆明市政务服务“好差评”实施办法》第十二条"


@pytest.mark.parametrize("done", [None, *STRAIGHT])
@pytest.mark.parametrize("tried", STRAIGHT)
def test_only_the_next_act_is_allowed(
    city: City, handler: UUID, now: datetime, done: Act | None, tried: Act
) -> None:
    order = open_order(city, now)
    if done:
        order = lead_to(order, done, handler, now)
    arguments = {"order_id": order.id, "official_id": handler, "revision": order.revision, "now": now}
    if TRANSITIONS[tried].source == order.state:
        act(act=tried, **arguments, **WORDS.get(tried, {}))
        assert WorkOrder.objects.get().state == TRANSITIONS[tried].target
        return
    with pytest.raises(Conflict):
        act(act=tried, **arguments, **WORDS.get(tried, {}))
    assert WorkOrder.objects.get().state == order.state
    assert OrderStep.objects.count() == order.revision


def test_an_old_page_changes_nothing(city: City, handler: UUID, now: datetime) -> None:
    order = lead_to(open_order(city, now), Act.VERIFY, handler, now)
    for revision in (0, 1, 3, 99):
        with pytest.raises(Conflict):
            act(
                order_id=order.id,
                act=Act.RECTIFY,
                official_id=handler,
                revision=revision,
                now=now,
                text="已改正",
            )
    with pytest.raises(Conflict) as again:
        act(order_id=order.id, act=Act.VERIFY, official_id=handler, revision=1, now=now, **WORDS[Act.VERIFY])
    assert again.value.code == "done"
    assert OrderStep.objects.count() == 2


def test_out_of_reach_looks_like_not_there(city: City, now: datetime) -> None:
    order = open_order(city, now)
    stranger = make_official(city.county, now, "stranger")
    said = set()
    for order_id, official in ((order.id, stranger), (uuid4(), stranger), (order.id, uuid4())):
        with pytest.raises(NotFound) as refusal:
            act(order_id=order_id, act=Act.TAKE, official_id=official, revision=0, now=now)
        said.add((refusal.value.code, str(refusal.value)))
    assert len(said) == 1
    assert not OrderStep.objects.exists()


def test_the_authority_sees_but_does_not_handle(city: City, now: datetime) -> None:
    order = open_order(city, now)
    officer = make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER)
    with pytest.raises(NotAllowed):
        act(order_id=order.id, act=Act.TAKE, official_id=officer, revision=0, now=now)
    assert WorkOrder.objects.get().state == State.OPENED


def test_a_post_that_ended_yesterday_handles_nothing(city: City, handler: UUID, now: datetime) -> None:
    order = open_order(city, now)
    Post.objects.update(valid_to=now.date() - timedelta(days=1), valid_from=date(2020, 1, 1))
    with pytest.raises(NotFound):
        act(order_id=order.id, act=Act.TAKE, official_id=handler, revision=0, now=now)


@pytest.mark.parametrize(
    ("tried", "text", "finding", "fields"),
    [
        (Act.VERIFY, "已了解", "", ["finding"]),
        (Act.VERIFY, "", "maybe", ["finding", "text"]),
        (Act.VERIFY, " 无 ", "true", ["text"]),
        (Act.VERIFY, "字" * 1001, "true", ["text"]),
        (Act.RECTIFY, "\n \t", "", ["text"]),
        (Act.RECTIFY, "已改\x00正", "", ["text"]),
        (Act.RECTIFY, "已改\ud800正", "", ["text"]),
        (Act.ANSWER, "已改正，抱歉。", "", ["text"]),
        (Act.ANSWER, "字" * 2001, "", ["text"]),
    ],
)
def test_what_is_missing_or_wrong_is_named_and_nothing_is_kept(
    city: City, handler: UUID, now: datetime, tried: Act, text: str, finding: str, fields: list[str]
) -> None:
    acts = list(STRAIGHT)
    order = lead_to(open_order(city, now), acts[acts.index(tried) - 1], handler, now)
    steps, rows = OrderStep.objects.count(), AuditEntry.objects.count()
    with pytest.raises(Invalid) as refusal:
        act(
            order_id=order.id,
            act=tried,
            official_id=handler,
            revision=order.revision,
            now=now,
            text=text,
            finding=finding,
        )
    assert [problem.field for problem in refusal.value.problems] == fields
    assert (OrderStep.objects.count(), AuditEntry.objects.count()) == (steps, rows)


@pytest.mark.parametrize(
    ("act_", "length"), [(Act.VERIFY, 1000), (Act.RECTIFY, 2), (Act.ANSWER, 10), (Act.ANSWER, 2000)]
)
def test_the_limits_themselves_are_allowed(
    city: City, handler: UUID, now: datetime, act_: Act, length: int
) -> None:
    acts = list(STRAIGHT)
    order = lead_to(open_order(city, now), acts[acts.index(act_) - 1], handler, now)
    act(
        order_id=order.id,
        act=act_,
        official_id=handler,
        revision=order.revision,
        now=now,
        text="字" * length,
        finding="partly",
    )
    assert OrderStep.objects.get(act=act_).note == "字" * length


def test_a_step_can_be_neither_changed_nor_removed(city: City, handler: UUID, now: datetime) -> None:
    lead_to(open_order(city, now), Act.TAKE, handler, now)
    for refused in (lambda: OrderStep.objects.update(note="x"), lambda: OrderStep.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            refused()


def test_a_named_rater_is_shown_for_a_purpose_on_record(city: City, handler: UUID, now: datetime) -> None:
    order = open_order(city, now, named=True)
    contact = see_contact(order_id=order.id, official_id=handler, purpose="核实情况", now=now)
    assert (contact.project_no, contact.name, contact.phone) == (PROJECT_NO, NAME, PHONE)
    entry = AuditEntry.objects.get(act="identity.reveal")
    assert (entry.actor, entry.detail) == ("official:handler", {"purpose": f"{order.number} 核实情况"})


@pytest.mark.parametrize(
    ("named", "role", "place", "purpose", "refusal"),
    [
        (False, Role.ORGANISATION_HANDLER, "police", "核实情况", NotFound),
        (True, Role.ORGANISATION_HANDLER, "county", "核实情况", NotFound),
        (True, Role.AUTHORITY_OFFICER, "authority", "核实情况", NotAllowed),
        (True, Role.ORGANISATION_HANDLER, "police", " ", Invalid),
        (True, Role.ORGANISATION_HANDLER, "police", "字" * 101, Invalid),
        (True, Role.ORGANISATION_HANDLER, "police", "核实\x00情况", Invalid),
    ],
)
def test_nobody_else_and_for_nothing_else(
    city: City, now: datetime, named: bool, role: Role, place: str, purpose: str, refusal: type[Refused]
) -> None:
    order = open_order(city, now, named=named)
    official = make_official(getattr(city, place), now, "somebody", role)
    with pytest.raises(refusal):
        see_contact(order_id=order.id, official_id=official, purpose=purpose, now=now)
    assert not AuditEntry.objects.filter(act="identity.reveal").exists()


@pytest.mark.usefixtures("committed_db")
def test_of_two_who_take_the_same_order_one_is_told_so(now: datetime) -> None:
    city = make_city()
    officials = [make_official(city.police, now, f"handler{number}") for number in range(2)]
    for _ in range(10):
        rate_badly(city, now)
    assert open_orders(now=now, limit=100) == 10
    orders = list(WorkOrder.objects.values_list("id", flat=True))

    def take(official: UUID) -> list[bool]:
        try:
            return [_took(order, official, now) for order in orders]
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        first, second = pool.map(take, officials)
    assert [one + other for one, other in zip(first, second, strict=True)] == [1] * 10
    assert OrderStep.objects.count() == AuditEntry.objects.filter(act="order.take").count() == 10
    assert set(WorkOrder.objects.values_list("state", "revision")) == {("taken", 1)}


def _took(order: UUID, official: UUID, now: datetime) -> bool:
    try:
        act(order_id=order, act=Act.TAKE, official_id=official, revision=0, now=now)
    except Conflict:
        return False
    return True


@pytest.mark.parametrize(
    ("text", "named", "told"),
    [
        (f"已核实，评价人电话{PHONE}。", False, "手机号码"),
        ("已核实，评价人身份证53010219800101123X。", True, "证件号码"),
        (f"已核实，{NAME}所述属实。", True, "评价人的姓名"),
    ],
)
def test_what_is_written_on_an_order_names_nobody(
    city: City, handler: UUID, now: datetime, text: str, named: bool, told: str
) -> None:
    order = lead_to(open_order(city, now, named=named), Act.TAKE, handler, now)
    words = {"text": text, "finding": "true"}
    with pytest.raises(Invalid, match=told):
        act(order_id=order.id, act=Act.VERIFY, official_id=handler, revision=order.revision, now=now, **words)
    order.refresh_from_db()
    assert order.state == State.TAKEN
    assert not OrderStep.objects.filter(note__contains=text).exists()


def test_a_guess_at_an_anonymous_name_is_not_answered(city: City, handler: UUID, now: datetime) -> None:
    order = lead_to(open_order(city, now), Act.TAKE, handler, now)
    words = {"text": f"已核实，不知是否{NAME}所评。", "finding": "true"}
    act(order_id=order.id, act=Act.VERIFY, official_id=handler, revision=order.revision, now=now, **words)
    order.refresh_from_db()
    assert order.state == State.VERIFIED


def test_an_office_may_give_its_own_number(city: City, handler: UUID, now: datetime) -> None:
    order = lead_to(open_order(city, now, named=True), Act.RECTIFY, handler, now)
    words = {"text": "您反映的问题已整改，如有疑问请致电0871-65123456。"}
    act(order_id=order.id, act=Act.ANSWER, official_id=handler, revision=order.revision, now=now, **words)
    order.refresh_from_db()
    assert order.answer == words["text"]
