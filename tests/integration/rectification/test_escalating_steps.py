"""What follows of the limits of other steps than the rectification: for whoever must keep them, and whoever stands above."""

from datetime import datetime
from pathlib import Path
from uuid import UUID

import pytest

from haochaping.accounts.rules import Role
from haochaping.notices.models import Notice
from haochaping.rectification import operations
from haochaping.rectification.escalated import escalations_of
from haochaping.rectification.escalations import GRACE
from haochaping.rectification.models import Escalation, OrderDeadline, WorkOrder
from haochaping.rectification.operations import SetOff, plan_escalations, set_off_due
from haochaping.rectification.states import Act
from tests.escalations import decided
from tests.integration.rectification.test_loop import RATED, TOLD, VERIFIED, at, opened
from tests.objections import REFUSED, People, decide, file
from tests.orders import MINGZHOU, City, do_act, make_city, make_official, make_superior, open_order

# 第十三条 of Mingzhou: a reminder one working day after any limit, supervision by the level above after five.
REMINDED = at(5, 16, 1)


@pytest.fixture
def city(db: None) -> City:
    return make_city(MINGZHOU)


@pytest.fixture
def handler(city: City) -> UUID:
    return make_official(city.police, RATED, "handler")


@pytest.fixture
def officer(city: City) -> UUID:
    return make_official(city.authority, RATED, "officer", Role.AUTHORITY_OFFICER)


def sweep(now: datetime) -> SetOff:
    plan_escalations(now=now, limit=100)
    return set_off_due(now=now + GRACE, limit=100)


def set_off(order: WorkOrder) -> set[tuple[str, str]]:
    return {(each.step, each.action) for each in escalations_of(order_id=order.id, now=RATED)}


def test_who_verifies_is_reminded_the_owner_looks_on_and_the_level_above_the_owner_supervises(
    city: City, handler: UUID, officer: UUID
) -> None:
    above = make_official(make_superior(city), RATED, "above", Role.AUTHORITY_OFFICER)
    order = opened(city)  # to be verified until Thursday 14 May; the city's authority answers for it
    assert sweep(at(5, 15)) == SetOff(0, 0, 0)
    assert sweep(REMINDED) == SetOff(1, 0, 2)
    assert set_off(order) == {("verification", "reminder")}
    told = {(each.official_id, each.superior, each.step) for each in Notice.objects.all()}
    assert told == {(handler, False, "verification"), (officer, True, "verification")}
    assert {str(each.last_day) for each in Notice.objects.all()} == {"2026-05-14"}
    assert sweep(at(5, 22)) == SetOff(1, 0, 3)
    assert set_off(order) == {("verification", "reminder"), ("verification", "supervision")}
    assert Notice.objects.get(official_id=above).superior
    assert sweep(at(5, 29)) == SetOff(0, 0, 0), "each once"


def test_what_tells_the_hour_of_the_rating_is_set_off_when_its_day_is_over(city: City, handler: UUID) -> None:
    opened(city, named=True)  # to be called within 24 hours
    plan_escalations(now=RATED, limit=100)
    contact = Escalation.objects.get(step="contact", rule="reminder")
    assert (contact.due_at, contact.at) == (at(5, 13), at(5, 15, 0))


def test_what_is_past_its_step_lapses(city: City, handler: UUID) -> None:
    order = do_act(opened(city, named=True), Act.TAKE, handler, at(5, 12))
    order = do_act(order, Act.VERIFY, handler, at(5, 13), TOLD, **VERIFIED)
    found = sweep(at(5, 22))
    assert set_off(order) == set()
    assert found == SetOff(0, 2, 0), "nobody can call him for the verification any more"
    assert set_off(order) == set()


def test_the_second_person_is_reminded_of_the_approval(city: City, handler: UUID) -> None:
    colleague = make_official(city.police, RATED, "colleague", Role.ORGANISATION_APPROVER)
    order = do_act(opened(city), Act.TAKE, handler, at(5, 12))
    order = do_act(order, Act.VERIFY, handler, at(5, 13), TOLD, **VERIFIED)
    order = do_act(order, Act.RECTIFY, handler, at(5, 13), "已增设一个窗口。")
    order = do_act(order, Act.ANSWER, handler, at(5, 13), "我们已经增设一个窗口。")
    assert sweep(at(5, 18, 1)).set_off == 1
    assert set_off(order) == {("approval", "reminder")}
    assert {each.official_id for each in Notice.objects.all()} == {handler, colleague}


def test_while_it_is_sent_back_its_limits_wait_and_the_next_unit_is_told(city: City, handler: UUID) -> None:
    officer = make_official(city.authority, RATED, "officer", Role.AUTHORITY_OFFICER)
    other = make_official(city.county, RATED, "other")
    order = do_act(opened(city), Act.TAKE, handler, at(5, 12))
    order = do_act(order, Act.SEND_BACK, handler, at(5, 13), "不是我们的职责", ground="other_unit")
    assert sweep(REMINDED) == SetOff(0, 0, 0)
    order = do_act(order, Act.DISPATCH, officer, REMINDED, "由五华区办理", organisation="11539436MB36597916")
    assert sweep(REMINDED).set_off == 1
    assert other in {each.official_id for each in Notice.objects.all()}
    assert handler not in {each.official_id for each in Notice.objects.all()}


def test_a_provisional_limit_sets_nothing_off(city: City, handler: UUID) -> None:
    order = opened(city)
    OrderDeadline.objects.filter(order=order).update(provisional=True)
    assert sweep(at(5, 29)) == SetOff(0, 0, 0)
    OrderDeadline.objects.filter(order=order).update(provisional=False)
    assert sweep(at(5, 29)).set_off == 2


def test_a_limit_that_runs_no_more_and_then_again_is_told_of_once(city: City, handler: UUID) -> None:
    order = opened(city)
    plan_escalations(now=RATED, limit=100)
    limit = OrderDeadline.objects.get(order=order, step="verification")
    OrderDeadline.objects.filter(order=order, step="verification").update(due_at=None)
    assert sweep(REMINDED) == SetOff(0, 1, 0)
    OrderDeadline.objects.filter(order=order, step="verification").update(
        due_at=limit.due_at, planned_for=None
    )
    assert sweep(REMINDED).set_off == 1, "what lapsed while it stood still comes up again"
    OrderDeadline.objects.update(edition="another")
    assert sweep(REMINDED) == SetOff(0, 0, 0)


class TestDecisionsOnObjections:
    """Kunming, article 10: the authority of the same level answers within ten working days."""

    @pytest.fixture
    def city(self, db: None) -> City:
        return make_city()

    @pytest.fixture(autouse=True)
    def _rules(self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> object:
        with decided(tmp_path, monkeypatch):
            yield

    @pytest.fixture
    def people(self, city: City, now: datetime) -> People:
        return People(city, now)

    def limits(self, order: WorkOrder) -> list[tuple[str, int, bool]]:
        rows = OrderDeadline.objects.filter(order=order, step="decision")
        return [(row.step, row.organisation_id, row.met_at is not None) for row in rows]

    def test_the_body_is_told_that_its_decision_is_overdue_and_not_the_rated(
        self, city: City, people: People, now: datetime
    ) -> None:
        order = open_order(city, now)
        objection = file(order, people.handler, now)
        assert self.limits(order) == [("decision", city.authority, False)]
        assert objection.due_at is not None
        sweep(objection.due_at)
        assert ("decision", "reminder") in set_off(order)
        told = Notice.objects.filter(step="decision")
        assert {each.official_id for each in told} == {people.first, people.second}
        assert not any(each.superior for each in told)

    def test_a_decision_in_time_sets_nothing_off_also_of_a_closed_order(
        self, city: City, people: People, now: datetime
    ) -> None:
        order = open_order(city, now)
        objection = file(order, people.handler, now)
        assert objection.due_at is not None
        plan_escalations(now=now, limit=100)
        decide(objection, people.first, now, REFUSED)
        assert self.limits(order) == [("decision", city.authority, True)]
        sweep(objection.due_at)
        assert set_off(order) == set()

    def test_nothing_is_left_of_one_that_was_withdrawn(
        self, city: City, people: People, now: datetime
    ) -> None:
        order = open_order(city, now)
        objection = file(order, people.handler, now)
        plan_escalations(now=now, limit=100)
        assert Escalation.objects.filter(step="decision").exists()
        operations.withdraw(objection_id=objection.id, official_id=people.handler, now=now)
        assert self.limits(order) == []
        assert not Escalation.objects.filter(step="decision").exists()
