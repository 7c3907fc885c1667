"""Two handlers, an officer, his superior, a rater and the sweep play with one order, in any order of things: it is always
where the table can have led it, ends once, forgets nothing, and no limit runs that nobody must keep."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import ClassVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from haochaping.foundation.clock import CN
from haochaping.foundation.errors import Refused
from haochaping.rectification.models import OrderDeadline, OrderPart, OrderStep, WorkOrder
from haochaping.rectification.operations import PartSaid, act, lapse, open_orders
from haochaping.rectification.operations.clocks import recount_order
from haochaping.rectification.parts import OPEN, PartAct
from haochaping.rectification.queries import order as view
from haochaping.rectification.rulebook import rulebook
from haochaping.rectification.rules import Said
from haochaping.rectification.states import TABLE, Act, RaterAct, State
from haochaping.registry.models import Organisation
from tests.joint import do_part, give
from tests.orders import MINGZHOU, City, make_city, make_official, make_superior, open_order, say

BEGUN = datetime(2026, 5, 12, 10, tzinfo=CN)
TEXT = "已经向窗口了解清楚，情况记录在案。"


@dataclass(frozen=True)
class Cast:
    """Who plays; `codes`: the organisations to which one can dispatch."""

    city: City
    officials: tuple[UUID, ...]
    codes: tuple[str, ...]


class Loop(RuleBasedStateMachine):
    cast: ClassVar[Cast]

    @initialize(named=st.booleans())
    def begin(self, named: bool) -> None:
        self.now = BEGUN
        self.order = open_order(self.cast.city, BEGUN, named=named, service_day=BEGUN.date())

    @rule(
        who=st.integers(0, 4), pick=st.integers(0, 7), finding=st.sampled_from(["true", "untrue", "no_basis"])
    )
    def does_what_his_page_offers(self, who: int, pick: int, finding: str) -> None:
        official = self.cast.officials[who]
        try:
            offers = view(official_id=official, order_id=self.order.id, now=self.now).offers
        except Refused:
            return
        if offers:
            self.do(offers[pick % len(offers)].act, official, finding=finding, stale=False)

    @rule(who=st.integers(0, 4), tried=st.sampled_from(Act), stale=st.booleans())
    def tries_anything(self, who: int, tried: Act, stale: bool) -> None:
        self.do(tried, self.cast.officials[who], finding="partly", stale=stale)

    def do(self, tried: Act, official: UUID, *, finding: str, stale: bool) -> None:
        self.order.refresh_from_db()
        code = self.cast.codes[self.order.organisation_id == self.cast.city.police]
        said = Said(
            finding=finding,
            bad_class="complex",
            means="telephone",
            reached="no",
            ground="other_unit",
            until=self.until(),
            organisation=code,
        )
        before = self.order.revision
        try:
            act(
                order_id=self.order.id,
                act=tried,
                official_id=official,
                revision=before - 1 if stale else before,
                now=self.now,
                text=TEXT,
                said=said,
            )
        except Refused:
            self.order.refresh_from_db()
            assert self.order.revision == before, "what was refused changes nothing"
            return
        assert not stale, "an old page changed something"

    def until(self) -> str:
        due = OrderDeadline.objects.filter(order=self.order, step="rectification").first()
        day = due.due_at if due is not None and due.due_at is not None and due.due_at > self.now else self.now
        return day.astimezone(CN).date().isoformat()

    @rule(level=st.sampled_from([1, 2, 5]))
    def the_rater_corrects(self, level: int) -> None:
        say(self.order.subject_id, self.now, "correction", level=level, text="改一下")
        open_orders(now=self.now, limit=10)

    @rule()
    def the_rater_adds(self) -> None:
        say(self.order.subject_id, self.now, "supplement", text="补充一句")
        open_orders(now=self.now, limit=10)

    @rule(who=st.integers(0, 4), tried=st.sampled_from(PartAct))
    def somebody_does_something_about_a_part(self, who: int, tried: PartAct) -> None:
        official, part = self.cast.officials[who], OrderPart.objects.filter(order=self.order).first()
        with suppress(Refused):
            if tried is PartAct.GIVE:
                give(self.order, self.cast.city.county, official, self.now)
            elif part is not None:
                do_part(part, tried, official, self.now, PartSaid(TEXT, "true", TEXT))

    @invariant()
    def nobody_answers_while_a_part_is_open(self) -> None:
        self.order.refresh_from_db()
        if self.order.state in (State.DRAFTED, State.ANSWERED):
            assert not OrderPart.objects.filter(order=self.order, state__in=OPEN).exists()

    @rule(hours=st.integers(1, 120))
    def time_passes_and_the_sweep_comes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        lapse(now=self.now, limit=10)
        assert lapse(now=self.now, limit=10) == 0, "what follows, follows once"

    @invariant()
    def it_is_where_the_table_can_have_led_it(self) -> None:
        self.order.refresh_from_db()
        steps = list(OrderStep.objects.filter(order=self.order).order_by("revision"))
        assert [step.revision for step in steps] == list(range(1, self.order.revision + 1))
        ways = {(row.act.value, row.source.value, row.target.value) for row in TABLE}
        state = State.OPENED.value
        for step in steps:
            assert step.from_state == state, "an update was lost"
            state = step.to_state
            if step.act in set(RaterAct):
                assert state in (step.from_state, State.CLOSED, State.OPENED)
            else:
                assert (step.act, step.from_state, step.to_state) in ways
        assert self.order.state == state
        assert AuditEntry.objects.filter(subject=f"order:{self.order.number}").exclude(
            act="order.open"
        ).exclude(act__startswith="part.").count() == len(steps)

    @invariant()
    def it_ends_once(self) -> None:
        self.order.refresh_from_db()
        closed = self.order.state == State.CLOSED
        assert closed == (self.order.closed_at is not None)
        ends = OrderStep.objects.filter(order=self.order, to_state=State.CLOSED).exclude(
            from_state=State.CLOSED
        )
        again = OrderStep.objects.filter(order=self.order, from_state=State.CLOSED).exclude(
            to_state=State.CLOSED
        )
        assert ends.count() - again.count() == int(closed)
        assert set(again.values_list("act", flat=True)) <= {RaterAct.CORRECTED.value}

    @invariant()
    def every_limit_has_an_owner_and_is_as_the_rules_count_it(self) -> None:
        self.order.refresh_from_db()
        rows = OrderDeadline.objects.filter(order=self.order)
        owners = set(rows.values_list("organisation_id", flat=True))
        assert owners <= set(Organisation.objects.values_list("id", flat=True))
        if self.order.state != State.CLOSED:
            assert recount_order(self.order, rulebook(), now=self.now) == []
        if self.order.exclusion:
            assert not rows.exists()
            assert self.order.due_at is None


@pytest.fixture
def cast(db: None) -> Cast:
    city = make_city(MINGZHOU)
    superior = make_superior(city)
    officials = (
        make_official(city.police, BEGUN, "one"),
        make_official(city.police, BEGUN, "two"),
        make_official(city.county, BEGUN, "county"),
        make_official(city.authority, BEGUN, "officer", Role.AUTHORITY_OFFICER),
        make_official(superior, BEGUN, "superior", Role.AUTHORITY_OFFICER),
    )
    codes = tuple(Organisation.objects.get(id=number).credit_code for number in (city.police, city.county))
    return Cast(city, officials, codes)


def test_whatever_they_do_the_order_stays_sound(cast: Cast) -> None:
    Loop.cast = cast
    run_state_machine_as_test(
        Loop,
        settings=settings(
            max_examples=5,
            stateful_step_count=16,
            deadline=None,
            database=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert WorkOrder.objects.exists()
