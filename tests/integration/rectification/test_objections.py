"""The body that the rules name decides; two persons of it have a rating not count, or count again."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from haochaping.accounts.operations.officials import NewPost, create_official
from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from haochaping.foundation.clock import CN
from haochaping.foundation.errors import Conflict, NotAllowed, NotFound
from haochaping.ratings.models import Rating, Withdrawal
from haochaping.ratings.queries import void_effect
from haochaping.ratings.states import VoidEffect
from haochaping.rectification import operations
from haochaping.rectification.contests import Act as Contest
from haochaping.rectification.contests import Decisions, Outcome, State
from haochaping.rectification.models import BadRating, WorkOrder
from haochaping.rectification.objection_queries import (
    contests_of,
    decisions_by_body,
    objection,
    objections_of_body,
)
from haochaping.rectification.rules import ClockKind
from haochaping.rectification.states import Act
from haochaping.tallies.models import Change
from tests.objections import (
    CLAUSE,
    REFUSED,
    SERVED,
    TOLD,
    UPHELD,
    People,
    confirm,
    decide,
    file,
    void,
)
from tests.orders import NAME, City, lead_to, make_official, open_order, rate_badly, say


@pytest.fixture
def people(city: City) -> People:
    return People(city, datetime(2021, 3, 1, tzinfo=CN))


@pytest.fixture
def order(city: City) -> WorkOrder:
    return open_order(city, TOLD, service_day=SERVED)


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
    assert not Change.objects.exists()
    with pytest.raises(NotAllowed) as refusal:
        confirm(filed, people.first, TOLD)
    assert refusal.value.code == "same_person"

    confirm(filed, people.second, TOLD)
    assert void_effect(order.subject_id) is VoidEffect.NOT_COUNTED
    delta = Change.objects.get(n1=-1)
    assert (delta.organisation_id, delta.day) == (order.organisation_id, SERVED)
    assert Change.objects.get(occasions=-1).day == SERVED
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
    assert sum(each.n1 for each in Change.objects.all()) == 0
    assert sum(each.occasions for each in Change.objects.all()) == 0
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
    assert sum(each.n5 for each in Change.objects.all()) == 0


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
    assert not Change.objects.exists()
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
