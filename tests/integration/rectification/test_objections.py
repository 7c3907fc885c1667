"""The rated object; the body that the rules name decides; two persons of it have a rating not count, or count again."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from haochaping.accounts.operations.officials import NewPost, create_official
from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from haochaping.foundation.clock import CN
from haochaping.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from haochaping.ratings.models import Rating, Withdrawal
from haochaping.ratings.queries import void_effect
from haochaping.ratings.states import VoidEffect
from haochaping.rectification import operations
from haochaping.rectification.contests import Act as Contest
from haochaping.rectification.contests import Decisions, Kind, Outcome, State
from haochaping.rectification.models import BadRating, Objection, ObjectionStep, WorkOrder
from haochaping.rectification.objection_queries import (
    contests_of,
    decisions_by_body,
    held_back,
    objection,
    objections_of_body,
)
from haochaping.rectification.operations.contesting import deciding_body
from haochaping.rectification.queries import order as view
from haochaping.rectification.rules import ClockKind
from haochaping.rectification.states import Act
from haochaping.tallies.models import Delta
from tests.objections import (
    REFUSED,
    UPHELD,
    People,
    authority_of_province,
    confirm,
    decide,
    file,
    to_mingzhou,
    void,
)
from tests.orders import NAME, City, lead_to, make_city, make_official, open_order, rate_badly, say

CLAUSE = "《昆明市政务服务“好差评”实施办法》第十条"
# Kunming 10 over Ching Ming, 3 to 5 April 2021: told on Thursday the 1st; three working days: 2, 6, 7.
TOLD = datetime(2021, 4, 1, 15, 0, tzinfo=CN)
SERVED = date(2021, 3, 30)


@pytest.fixture
def city(db: None) -> City:
    return make_city()


@pytest.fixture
def people(city: City) -> People:
    return People(city, datetime(2021, 3, 1, tzinfo=CN))


@pytest.fixture
def order(city: City) -> WorkOrder:
    return open_order(city, TOLD, service_day=SERVED)


def test_kunmings_days_over_a_holiday(city: City, people: People, order: WorkOrder) -> None:
    (offer,) = contests_of(order_id=order.id, official_id=people.handler, now=TOLD).offers
    assert (offer.last_day, offer.clause, offer.body) == (date(2021, 4, 7), CLAUSE, "昆明市政务服务管理局")
    late = datetime(2021, 4, 8, 0, 0, tzinfo=CN)
    with pytest.raises(Conflict) as refusal:
        file(order, people.handler, late)
    assert refusal.value.code == "late"
    (offer,) = contests_of(order_id=order.id, official_id=people.handler, now=late).offers
    assert offer.accepted, "视为无异议"

    filed = file(order, people.handler, late - timedelta(seconds=1))
    # Ten working days after Wednesday the 7th: 8, 9, 12 to 16, 19, 20, 21.
    assert (filed.due_at, filed.due_provisional) == (datetime(2021, 4, 22, tzinfo=CN), False)
    assert (filed.body_id, filed.due_clause, filed.silence) == (city.authority, CLAUSE, "")


def test_undecided_voids_nothing_however_long(people: People, order: WorkOrder) -> None:
    filed = file(order, people.handler, TOLD)
    much_later = TOLD + timedelta(days=300)
    assert operations.lapse_objections(now=much_later) == 0
    filed.refresh_from_db()
    assert (filed.state, void_effect(order.subject_id)) == (State.FILED, VoidEffect.COUNTED)
    found = objection(objection_id=filed.id, official_id=people.first, now=much_later)
    assert found.row.clock.kind is ClockKind.OVERDUE
    assert Contest.DECIDE in found.acts, "it is still to be decided"


def test_upheld_it_takes_two_persons_and_the_order_is_closed_for_that_reason(
    people: People, order: WorkOrder
) -> None:
    lead_to(order, Act.VERIFY, people.handler, TOLD)
    filed = file(order, people.handler, TOLD)
    assert decide(filed, people.first, TOLD) is State.PROPOSED
    (shown,) = contests_of(order_id=order.id, official_id=people.handler, now=TOLD).filed
    assert (shown.outcome, shown.reply, shown.found) == (None, "", ""), "a proposal is not theirs to know"
    assert void_effect(order.subject_id) is VoidEffect.COUNTED
    assert not Delta.objects.exists()
    with pytest.raises(NotAllowed) as refusal:
        confirm(filed, people.first, TOLD)
    assert refusal.value.code == "same_person"

    confirm(filed, people.second, TOLD)
    assert void_effect(order.subject_id) is VoidEffect.NOT_COUNTED
    delta = Delta.objects.get(n1=-1)
    assert (delta.organisation_id, delta.day) == (order.organisation_id, SERVED)
    assert Delta.objects.get(occasions=-1).day == SERVED
    order.refresh_from_db()
    assert (order.state, order.exclusion, order.due_at) == ("closed", "voided", None)
    (shown,) = contests_of(order_id=order.id, official_id=people.handler, now=TOLD).filed
    assert (shown.outcome, shown.reply, shown.effect) == (Outcome.UPHELD, UPHELD.reply, "not_counted")
    assert Rating.objects.get().level == 1
    rows = {row.act: row for row in AuditEntry.objects.filter(act__startswith="objection.")}
    assert {act: row.actor for act, row in rows.items()} == {
        "objection.file": "official:handler",
        "objection.decide": "official:first",
        "objection.confirm": "official:second",
    }
    assert (rows["objection.confirm"].clause, rows["objection.confirm"].detail["effect"]) == (
        CLAUSE,
        "not_counted",
    )
    with pytest.raises(Conflict) as again:
        file(order, people.handler, TOLD)
    assert again.value.code == "settled"


def test_restored_by_two_it_counts_again_and_the_order_goes_on(people: People, order: WorkOrder) -> None:
    verified = lead_to(order, Act.VERIFY, people.handler, TOLD)
    filed = void(order, people, TOLD)
    later = TOLD + timedelta(days=1)
    reasons = {"reasons": "核对有误，当事人确在本单位办理。", "act": Contest.RESTORE}
    operations.propose(
        objection_id=filed.id, official_id=people.second, revision=filed.revision, now=later, **reasons
    )
    assert void_effect(order.subject_id) is VoidEffect.NOT_COUNTED
    with pytest.raises(NotAllowed):
        confirm(filed, people.second, later)
    confirm(filed, people.first, later)
    assert void_effect(order.subject_id) is VoidEffect.COUNTED
    assert sum(each.n1 for each in Delta.objects.all()) == 0
    assert sum(each.occasions for each in Delta.objects.all()) == 0
    order.refresh_from_db()
    assert (order.state, order.exclusion, order.closed_at) == ("verified", "", None)
    assert (order.due_at, order.due_provisional) == (verified.due_at, False)
    filed.refresh_from_db()
    assert (filed.state, filed.outcome, filed.effect) == (State.DECIDED, "upheld", "")


def test_what_the_rater_took_back_meanwhile_stays_closed(people: People, order: WorkOrder) -> None:
    say(order.subject_id, TOLD, "correction", level=5)
    filed = void(order, people, TOLD)
    assert operations.open_orders(now=TOLD, limit=10) == 0
    order.refresh_from_db()
    assert order.exclusion == "voided", "a correction opens no order of a rating that does not count"
    filed.refresh_from_db()
    operations.propose(
        objection_id=filed.id,
        official_id=people.first,
        act=Contest.RESTORE,
        revision=filed.revision,
        reasons="核对有误，应当恢复计入。",
        now=TOLD,
    )
    confirm(filed, people.second, TOLD)
    order.refresh_from_db()
    assert (order.state, order.exclusion) == ("closed", "corrected")
    assert sum(each.n5 for each in Delta.objects.all()) == 0


def test_what_the_rater_took_back_is_in_no_figure_to_be_taken_out_of(
    people: People, order: WorkOrder
) -> None:
    filed = file(order, people.handler, TOLD)
    Withdrawal.objects.create(
        rating_id=order.subject_id,
        withdrawn_at=TOLD,
        effect="unrated",
        silence_provisional=False,
        profile="kunming",
    )
    BadRating.objects.create(rating_id=order.subject_id, received_at=TOLD)
    assert operations.open_orders(now=TOLD, limit=10) == 0
    decide(filed, people.first, TOLD)
    confirm(filed, people.second, TOLD)
    assert not Delta.objects.exists()
    order.refresh_from_db()
    assert order.exclusion == "taken_back"
    with pytest.raises(Conflict) as refusal:
        file(order, people.handler, TOLD)
    assert refusal.value.code == "settled"


def test_of_what_was_handled_to_its_end_nobodys_silence_counts_while_it_does_not_count(
    people: People, order: WorkOrder
) -> None:
    lead_to(order, Act.CLOSE, people.handler, TOLD)
    WorkOrder.objects.filter(pk=order.pk).update(silence_at=TOLD)
    void(order, people, TOLD)
    order.refresh_from_db()
    assert (order.state, order.exclusion, order.silence_at) == ("closed", "", None)
    assert order.answer, "what was done stays"


def test_sent_back_it_is_undecided_again(people: People, order: WorkOrder) -> None:
    filed = file(order, people.handler, TOLD)
    decide(filed, people.first, TOLD)
    filed.refresh_from_db()
    sent = {"objection_id": filed.id, "revision": filed.revision, "now": TOLD, "reasons": "依据不足。"}
    with pytest.raises(NotAllowed):
        operations.send_back(official_id=people.first, **sent)
    operations.send_back(official_id=people.second, **sent)
    filed.refresh_from_db()
    assert (filed.state, filed.outcome, filed.proposed_by) == (State.FILED, "", None)
    assert decide(filed, people.second, TOLD, REFUSED) is State.DECIDED
    assert void_effect(order.subject_id) is VoidEffect.COUNTED
    order.refresh_from_db()
    assert order.state == "opened"


def test_refused_and_not_to_be_established_change_nothing_and_count_in_the_rate(
    city: City, people: People
) -> None:
    orders = [open_order(city, TOLD, service_day=SERVED) for _ in range(4)]
    void(orders[0], people, TOLD)
    for order, outcome in zip(orders[1:], [*([Outcome.REFUSED] * 2), Outcome.UNESTABLISHED], strict=True):
        decide(file(order, people.handler, TOLD), people.first, TOLD, replace(REFUSED, outcome=outcome))
        order.refresh_from_db()
        assert order.state == "opened"
    waiting = open_order(city, TOLD, service_day=SERVED)
    file(waiting, people.handler, TOLD)
    ((name, figures),) = decisions_by_body(official_id=people.first, now=TOLD + timedelta(days=40))
    assert name == "昆明市政务服务管理局"
    assert figures == Decisions(1, 2, 1, pending=1, overdue=1)
    assert str(figures.overturned) == "0.25"
    assert decisions_by_body(official_id=people.handler, now=TOLD) == ()


def test_an_upheld_ground_that_the_rules_give_no_effect_is_decided_by_one(
    people: People, order: WorkOrder
) -> None:
    filed = file(order, people.handler, TOLD, ground="other_unit")
    assert decide(filed, people.first, TOLD, replace(UPHELD, ground="other_unit")) is State.DECIDED
    assert void_effect(order.subject_id) is VoidEffect.COUNTED


def test_who_may_file(city: City, people: People, order: WorkOrder) -> None:
    other = make_official(city.county, datetime(2021, 3, 1, tzinfo=CN), "other")
    with pytest.raises(NotFound):
        file(order, other, TOLD)
    with pytest.raises(NotAllowed):
        file(order, people.first, TOLD)
    with pytest.raises(NotFound):
        contests_of(order_id=order.id, official_id=other, now=TOLD)
    assert contests_of(order_id=order.id, official_id=people.first, now=TOLD).offers == ()
    assert not Objection.objects.exists()


def test_what_is_filed_is_checked_all_at_once(people: People, order: WorkOrder) -> None:
    with pytest.raises(Invalid) as refusal:
        file(
            order,
            people.handler,
            TOLD,
            by="rated_person",
            ground="none",
            reasons="电话13888012345，请核对情况。",
        )
    found = {(each.field, each.code) for each in refusal.value.problems}
    assert found == {("by", "nobody"), ("ground", "required"), ("reasons", "personal")}
    with pytest.raises(Invalid) as refusal:
        file(order, people.handler, TOLD, by="", reasons="短\x07")
    found = {(each.field, each.code) for each in refusal.value.problems}
    assert found == {("by", "required"), ("reasons", "characters"), ("reasons", "length")}


def test_a_named_rater_is_not_named_in_what_is_written(city: City, people: People) -> None:
    order = open_order(city, TOLD, service_day=SERVED, named=True)
    with pytest.raises(Invalid):
        file(order, people.handler, TOLD, reasons=f"{NAME}把评价点错了，请予核对。")


def test_the_rated_authority_does_not_decide_its_own_case_and_without_one_above_nobody_does(
    city: City, people: People
) -> None:
    order = open_order(city, TOLD, service_day=SERVED, organisation=city.authority)
    handler = make_official(city.authority, datetime(2021, 3, 1, tzinfo=CN), "own")
    with pytest.raises(Conflict) as refusal:
        file(order, handler, TOLD)
    assert refusal.value.code == "no_body"
    above = authority_of_province()
    filed = file(order, handler, TOLD)
    assert filed.body_id == above
    with pytest.raises(NotFound):
        decide(filed, people.first, TOLD)
    officer = make_official(above, datetime(2021, 3, 1, tzinfo=CN), "above", Role.AUTHORITY_OFFICER)
    assert decide(filed, officer, TOLD, REFUSED) is State.DECIDED


def test_who_serves_the_rated_or_filed_it_decides_nothing(
    city: City, people: People, order: WorkOrder
) -> None:
    then = datetime(2021, 3, 1, tzinfo=CN)
    both = create_official(
        username="both",
        name="钱同",
        posts=[
            NewPost(city.police, Role.ORGANISATION_HANDLER),
            NewPost(city.authority, Role.AUTHORITY_OFFICER),
        ],
        now=then,
        actor="test",
    )
    filed = file(order, both, TOLD)
    with pytest.raises(NotAllowed) as refusal:
        decide(filed, both, TOLD)
    assert refusal.value.code == "own_case"
    with pytest.raises(NotFound):
        objection(objection_id=filed.id, official_id=both, now=TOLD)
    assert objections_of_body(official_id=both, now=TOLD).rows == ()
    handler_there = make_official(city.authority, then, "clerk")
    with pytest.raises(NotAllowed) as refusal:
        decide(filed, handler_there, TOLD)
    assert refusal.value.code == "no_right"
    with pytest.raises(NotFound):
        decide(filed, people.handler, TOLD)


def test_one_at_a_time_and_taken_back_it_was_nothing(people: People, order: WorkOrder) -> None:
    filed = file(order, people.handler, TOLD)
    with pytest.raises(Conflict) as refusal:
        file(order, people.handler, TOLD)
    assert refusal.value.code == "pending"
    decide(filed, people.first, TOLD)
    operations.withdraw(objection_id=filed.id, official_id=people.handler, now=TOLD)
    filed.refresh_from_db()
    assert (filed.state, filed.outcome, filed.found) == (State.WITHDRAWN, "", "")
    with pytest.raises(Conflict):
        confirm(filed, people.second, TOLD)
    assert void_effect(order.subject_id) is VoidEffect.COUNTED
    assert file(order, people.handler, TOLD).state == State.FILED
    assert [step.act for step in ObjectionStep.objects.filter(objection=filed).order_by("revision")] == [
        "file",
        "decide",
        "withdraw",
    ]


def test_the_body_sees_of_the_rating_what_a_handler_sees(city: City, people: People) -> None:
    rate_badly(city, TOLD, service_day=SERVED, text=f"我是{NAME}，排队两小时")
    assert operations.open_orders(now=TOLD, limit=10) == 1
    order = WorkOrder.objects.get()
    filed = file(order, people.handler, TOLD + timedelta(hours=1))
    shown = objection(objection_id=filed.id, official_id=people.first, now=TOLD + timedelta(hours=1))
    assert (shown.text, shown.row.week, shown.row.item) == (
        "我是[姓名]，排队两小时",
        date(2021, 3, 29),
        "户口迁移",
    )
    assert str(order.subject_id) not in repr(shown)
    assert NAME not in repr(shown)
    assert repr(TOLD) not in repr(shown), "when it was rated is nobody's to see"


def test_a_limit_over_days_that_no_notice_settled_is_provisional_and_closes_nothing(
    city: City,
) -> None:
    at = datetime(2026, 12, 28, 9, 0, tzinfo=CN)
    people = People(city, at)
    order = open_order(city, at, service_day=date(2026, 12, 25))
    long_after = at + timedelta(days=60)
    filed = file(order, people.handler, long_after)
    assert filed.due_provisional
    (shown,) = contests_of(order_id=order.id, official_id=people.handler, now=long_after).filed
    assert shown.clock.provisional


def test_only_a_body_that_the_registry_tells_decides(city: City) -> None:
    def body(named: str | None, *, never: frozenset[int] = frozenset()) -> int | None:
        found = deciding_body(named, of=city.county, never=never, on=SERVED)
        return found.id if found else None

    for unknown in (
        None,
        "department_concerned",
        "named:市营商环境办",
        "county_authority",
        "province_authority",
    ):
        assert body(unknown) is None
    assert body("same_level_authority") is None, "the county has no authority in this registry"
    assert body("level_above_authority") == body("city_authority") == city.authority
    assert body("city_authority", never=frozenset({city.authority})) is None
    above = authority_of_province()
    assert body("city_authority", never=frozenset({city.authority})) == above


def overdue(filed: Objection, meaning: str) -> datetime:
    """As if the rules said that of a body's silence; the instant at which its limit is over."""
    Objection.objects.filter(pk=filed.pk).update(silence=meaning)
    if filed.due_at is None:
        pytest.fail("no limit runs")
    return filed.due_at


def test_upheld_by_silence_a_rating_still_counts_until_two_have_it_not_count(
    people: People, order: WorkOrder
) -> None:
    filed = file(order, people.handler, TOLD)
    at = overdue(filed, "upheld")
    assert operations.lapse_objections(now=at) == 1
    filed.refresh_from_db()
    assert (filed.state, filed.outcome, filed.found, filed.by_silence) == (
        "decided",
        "upheld",
        "mistaken",
        True,
    )
    assert void_effect(order.subject_id) is VoidEffect.COUNTED
    proposal = {"objection_id": filed.id, "act": Contest.VOID, "now": at, "reasons": "逾期未决，视为成立。"}
    operations.propose(official_id=people.first, revision=filed.revision, **proposal)
    confirm(filed, people.second, at)
    assert void_effect(order.subject_id) is VoidEffect.NOT_COUNTED
    filed.refresh_from_db()
    with pytest.raises(Conflict):
        operations.propose(official_id=people.first, revision=filed.revision, **proposal)
    with pytest.raises(ValueError, match="proposes nothing"):
        operations.propose(
            official_id=people.first, revision=filed.revision, **proposal | {"act": Contest.DECIDE}
        )


def test_handed_up_the_level_above_decides_without_a_limit(people: People, order: WorkOrder) -> None:
    filed = file(order, people.handler, TOLD)
    at = overdue(filed, "escalated")
    assert operations.lapse_objections(now=at) == 0, "there is nobody above"
    above = authority_of_province()
    overdue(filed, "escalated")
    decide(filed, people.first, at)
    assert operations.lapse_objections(now=at) == 1
    filed.refresh_from_db()
    assert (filed.body_id, filed.state, filed.due_at, filed.outcome) == (above, State.FILED, None, "")
    officer = make_official(above, TOLD, "above", Role.AUTHORITY_OFFICER)
    operations.accept(objection_id=filed.id, official_id=officer, revision=filed.revision, now=at)
    assert decide(filed, officer, at, REFUSED) is State.DECIDED
    filed.refresh_from_db()
    assert filed.due_at is None


# The teaching regulation of Mingzhou: five working days, online with evidence, decided within seven from the acceptance,
# silence of the body refuses; meanwhile nothing is scored and the rectification stands still; then an appeal.
AT = datetime(2026, 11, 23, 9, 0, tzinfo=CN)


@pytest.fixture
def mingzhou(db: None) -> tuple[City, People]:
    city = make_city()
    to_mingzhou()
    return city, People(city, AT)


def test_the_rules_say_what_must_be_with_it_and_whether_the_rater_is_heard(
    mingzhou: tuple[City, People],
) -> None:
    city, people = mingzhou
    order = open_order(city, AT)
    with pytest.raises(Invalid) as refusal:
        file(order, people.handler, AT, ground="duplicate")
    assert {each.field for each in refusal.value.problems} == {"ground", "evidence"}
    filed = file(order, people.handler, AT, ground="malicious", evidence="窗口录像，监控室")
    assert (filed.due_at, filed.silence) == (None, ""), "it is counted from the acceptance"
    upheld = replace(UPHELD, ground="malicious")
    with pytest.raises(Invalid) as refusal:
        decide(filed, people.first, AT, upheld)
    assert [each.field for each in refusal.value.problems] == ["heard"]
    assert held_back("not_counted") == {order.subject_id}
    assert held_back("revisit_waits") == frozenset()
    # 恶意差评 is a ground of objection there, but none on which a rating does not count.
    assert (
        decide(filed, people.first, AT, replace(upheld, heard="评价人匿名，无法听取意见。")) is State.DECIDED
    )
    assert held_back("not_counted") == frozenset()


def test_what_cannot_be_done_here_is_refused_with_a_word(mingzhou: tuple[City, People]) -> None:
    city, people = mingzhou
    order = open_order(city, AT)
    filed = file(order, people.handler, AT, evidence="窗口录像，监控室")
    with pytest.raises(Invalid) as refusal:
        decide(filed, people.first, AT, replace(UPHELD, heard="评价人匿名，无法听取意见。"))
    assert [each.code for each in refusal.value.problems] == ["rate_again"]
    filed.refresh_from_db()
    assert filed.state == State.FILED


def test_silence_refuses_where_the_rules_say_so_and_an_appeal_goes_above(
    mingzhou: tuple[City, People],
) -> None:
    city, people = mingzhou
    above = authority_of_province()
    order = open_order(city, AT)
    filed = file(order, people.handler, AT, evidence="窗口录像，监控室")
    with pytest.raises(Conflict) as refusal:
        file(order, people.handler, AT, kind=Kind.APPEAL)
    assert refusal.value.code in {"nothing_decided", "pending"}
    operations.accept(objection_id=filed.id, official_id=people.first, revision=1, now=AT)
    filed.refresh_from_db()
    # Seven working days after Monday 23 November: 24 to 27, 30, 1, 2 December.
    assert filed.due_at == datetime(2026, 12, 3, tzinfo=CN)
    assert operations.lapse_objections(now=filed.due_at - timedelta(seconds=1)) == 0
    assert operations.lapse_objections(now=filed.due_at) == 1
    assert operations.lapse_objections(now=filed.due_at) == 0
    filed.refresh_from_db()
    assert (filed.state, filed.outcome, filed.by_silence) == (State.DECIDED, "refused", True)
    assert filed.decided_at == datetime(2026, 12, 3, tzinfo=CN)

    at = datetime(2026, 12, 4, 9, 0, tzinfo=CN)
    with pytest.raises(Conflict) as refusal:
        file(order, people.handler, at, evidence="窗口录像")
    assert refusal.value.code == "times"
    offers = {
        each.kind: each for each in contests_of(order_id=order.id, official_id=people.handler, now=at).offers
    }
    # Decided by what became due at 00:00 on the 3rd, which is not counted: 4, 7, 8, 9, 10 December.
    assert offers[Kind.APPEAL].last_day == date(2026, 12, 10)
    appeal = file(order, people.handler, at, kind=Kind.APPEAL)
    assert appeal.body_id == above
    # Fifteen days after 4 December is Saturday the 19th: the next working day is Monday.
    assert appeal.due_at == datetime(2026, 12, 22, tzinfo=CN)
    officer = make_official(above, AT, "above", Role.AUTHORITY_OFFICER)
    assert decide(appeal, officer, at, REFUSED) is State.DECIDED


def test_the_rectification_stands_still_meanwhile_and_runs_on_afterwards(
    mingzhou: tuple[City, People],
) -> None:
    city, people = mingzhou
    order = lead_to(open_order(city, AT), Act.VERIFY, people.handler, AT)
    before = order.due_at
    if before is None:
        pytest.fail("the teaching regulation lays down a limit")
    filed = file(order, people.handler, AT, evidence="窗口录像，监控室")
    order.refresh_from_db()
    assert (order.due_at, order.stands_still) == (None, True)
    shown = view(official_id=people.handler, order_id=order.id, now=AT)
    assert shown.row.clock.kind is ClockKind.STANDS_STILL
    decide(filed, people.first, AT + timedelta(days=2), REFUSED)
    order.refresh_from_db()
    assert order.stands_still is False
    assert order.due_at is not None
    assert order.due_at > before


def test_verified_while_it_is_undecided_the_limit_runs_from_the_decision_on(
    mingzhou: tuple[City, People],
) -> None:
    city, people = mingzhou
    order = open_order(city, AT)
    filed = file(order, people.handler, AT, evidence="窗口录像，监控室")
    lead_to(order, Act.VERIFY, people.handler, AT)
    assert (order.due_at, order.stands_still) == (None, True)
    decide(filed, people.first, AT + timedelta(days=1), REFUSED)
    order.refresh_from_db()
    assert order.due_at is not None
    assert order.due_clause.endswith("第十条")
