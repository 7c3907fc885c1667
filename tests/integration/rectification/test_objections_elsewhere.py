"""Objections by rules that lay more down than Kunming: silence of the body, appeals, limits that stand still."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from haochaping.accounts.rules import Role
from haochaping.foundation.clock import CN
from haochaping.foundation.errors import Conflict, Invalid
from haochaping.ratings.queries import void_effect
from haochaping.ratings.states import VoidEffect
from haochaping.rectification import operations
from haochaping.rectification.contests import Act as Contest
from haochaping.rectification.contests import Kind, State
from haochaping.rectification.models import Objection, WorkOrder
from haochaping.rectification.objection_queries import (
    contests_of,
    held_back,
)
from haochaping.rectification.queries import order as view
from haochaping.rectification.rules import ClockKind
from haochaping.rectification.states import Act
from tests.objections import (
    REFUSED,
    SERVED,
    TOLD,
    UPHELD,
    People,
    authority_of_province,
    confirm,
    decide,
    file,
    to_mingzhou,
)
from tests.orders import City, lead_to, make_city, make_official, open_order


@pytest.fixture
def people(city: City) -> People:
    return People(city, datetime(2021, 3, 1, tzinfo=CN))


@pytest.fixture
def order(city: City) -> WorkOrder:
    return open_order(city, TOLD, service_day=SERVED)


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
