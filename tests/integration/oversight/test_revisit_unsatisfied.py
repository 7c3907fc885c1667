"""A rater says in a revisit that he is not satisfied: what the rules say follows, once, in the same transaction."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from haochaping.notices.models import Notice
from haochaping.oversight.models import Revisit
from haochaping.oversight.operations.duties import assess_answered
from haochaping.oversight.operations.revisits import Attempt, attempt
from haochaping.oversight.revisiting import State
from haochaping.policy.rulebook import Rulebook
from haochaping.rectification.escalated import escalations_of
from haochaping.rectification.models import Escalation, OrderDeadline, WorkOrder
from haochaping.rectification.operations.escalating import set_off_due
from haochaping.rectification.queries import order as view
from haochaping.rectification.states import Act
from tests.orders import City, do_act, lead_to, make_official, make_superior
from tests.revisits import REACHED

NOT_SATISFIED = Attempt("answered", "person", "no")
A_MINUTE = timedelta(minutes=1)


def ask(
    due: Revisit, official: UUID, now: datetime, typed: Attempt = NOT_SATISFIED, follows: str = ""
) -> State:
    """The state after an answer to a revisit whose rule says what follows."""
    due.refresh_from_db()
    if follows:
        due.terms = [{**each, "unsatisfied": follows} for each in due.terms]
        due.save(update_fields=["terms"])
    call = {"revisit_id": due.id, "official_id": official, "revision": due.revision}
    return attempt(**call, typed=typed, now=now)


def test_it_leads_the_order_back_with_limits_and_owners(
    due: Revisit, handler: UUID, city: City, now: datetime
) -> None:
    assert ask(due, handler, now, follows="reopen") is State.ANSWERED
    order = WorkOrder.objects.get(pk=due.order_id)
    assert (order.state, order.answer, order.verdict, order.set_off) == (
        "opened",
        "",
        "unsatisfied",
        "reopen",
    )
    step = order.steps.order_by("-revision").first()
    assert step is not None
    assert (step.act, step.from_state, step.to_state, step.revision) == (
        "rater_revisited",
        "answered",
        "opened",
        order.revision,
    )
    assert AuditEntry.objects.filter(act="order.rater_revisited").count() == 1
    # Whatever limit runs from here has the unit as its owner, and a clause.
    lead_to_verified = lead_to(order, Act.VERIFY, handler, now)
    rows = OrderDeadline.objects.filter(order=lead_to_verified, met_at__isnull=True)
    assert {(row.organisation_id, bool(row.clause)) for row in rows} == {(city.police, True)}
    assert lead_to_verified.due_at is not None


@pytest.mark.parametrize(
    ("follows", "action", "superior", "body"),
    [
        ("supervise", "supervision", False, "same_level_authority"),
        ("escalate", "report", False, "same_level_authority"),
        ("escalate", "report", True, "level_above_authority"),
        ("review", "named:复查", False, "same_level_authority"),
    ],
)
def test_who_watches_over_the_unit_is_told_once(
    due: Revisit,
    handler: UUID,
    city: City,
    now: datetime,
    follows: str,
    action: str,
    superior: bool,
    body: str,
) -> None:
    above = make_superior(city) if superior else city.authority
    watcher = make_official(above, now, "watcher", Role.AUTHORITY_OFFICER)
    ask(due, handler, now, follows=follows)
    order = WorkOrder.objects.get(pk=due.order_id)
    assert (order.state, order.set_off) == ("answered", follows)
    planned = Escalation.objects.get()
    assert (planned.happened, planned.action, planned.body) == ("unsatisfied", action, body)
    later = now + 2 * A_MINUTE
    assert [set_off_due(now=later, limit=10).set_off for _ in range(2)] == [1, 0]
    assert {each.official_id for each in Notice.objects.all()} == {handler, watcher}
    (shown,) = escalations_of(order_id=order.id, now=later)
    assert (shown.action, shown.last_day, shown.clause) == (action, None, planned.clause)
    seen = view(official_id=watcher, order_id=order.id, now=later)
    assert seen.follow_up is not None
    assert {Act.SUPERVISE, Act.REOPEN} <= {each.act for each in seen.offers}
    assert do_act(order, Act.REOPEN, watcher, later, "整改没有到位，请重新整改。").state == "opened"


def test_nothing_follows_where_the_rules_say_nothing_or_there_is_nothing_to_lead_back(
    due: Revisit, handler: UUID, now: datetime
) -> None:
    ask(due, handler, now)
    order = WorkOrder.objects.get(pk=due.order_id)
    assert (order.state, order.verdict, Escalation.objects.count()) == ("answered", "", 0)


def test_a_satisfied_rater_and_a_withdrawn_order_set_nothing_off(
    due: Revisit, handler: UUID, now: datetime
) -> None:
    WorkOrder.objects.filter(pk=due.order_id).update(exclusion="taken_back", state="closed")
    ask(due, handler, now, follows="reopen")
    order = WorkOrder.objects.get(pk=due.order_id)
    assert (order.state, order.set_off) == ("closed", "")
    assert not order.steps.filter(act="rater_revisited").exists()


def test_answered_again_it_is_revisited_again_and_nobody_is_asked_twice_of_one_answer(
    due: Revisit,
    handler: UUID,
    now: datetime,
    shipped: Rulebook,
    answered: Callable[..., WorkOrder],
) -> None:
    ask(due, handler, now, follows="reopen")
    order = WorkOrder.objects.get(pk=due.order_id)
    assert assess_answered(now=now, rulebook=shipped) == 0
    lead_to(order, Act.ANSWER, handler, now)
    assert [assess_answered(now=now, rulebook=shipped) for _ in range(2)] == [1, 0]
    again = Revisit.objects.exclude(pk=due.pk).get()
    assert (again.occasion, again.state, again.number) == ("answered 2", "due", due.number)
    assert ask(again, handler, now, REACHED) is State.ANSWERED


def test_who_is_still_to_be_asked_from_the_time_before_is_asked_once(
    due: Revisit, handler: UUID, officer: UUID, city: City, now: datetime, shipped: Rulebook
) -> None:
    other = Revisit.objects.get(pk=due.pk)
    other.pk, other.body, other.conductors = UUID(int=7), "same_level_authority", [city.authority]
    other.save(force_insert=True)
    ask(other, officer, now, follows="reopen")
    lead_to(WorkOrder.objects.get(pk=due.order_id), Act.ANSWER, handler, now)
    assert assess_answered(now=now, rulebook=shipped) == 0
    assert Revisit.objects.filter(body="handling_unit").count() == 1
