"""Two handlers, two officers, their superior, a rater and the sweeps play with one order, in any order of things: it is
always where the table can have led it, ends once, forgets nothing, and no limit runs that nobody must keep.

The same players act at once, in processes of their own, in `drill loop`.
"""

import os
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from drills.looping import town as towns
from drills.looping.officials import AUTHORITIES, DONE, RATED, Tried, Turn, contest, decide, handle, share
from drills.looping.soundness import complaints
from drills.looping.sweeps import settle
from drills.looping.town import Town
from haochaping.foundation.asked_once import asking_steadily
from haochaping.foundation.clock import CN
from haochaping.ratings.models import Withdrawal
from haochaping.ratings.queries import rating_for_order
from haochaping.rectification.course.live import current_round
from haochaping.rectification.operations import open_orders
from haochaping.rectification.states import ANSWERING, State
from tests import raters
from tests.orders import City, open_order, say

BEGUN = datetime(2026, 5, 12, 10, tzinfo=CN)
# So many orders in all, half of them of raters who gave their names; HAOCHAPING_EXAMPLES are more.
EXAMPLES, STEPS = int(os.environ.get("HAOCHAPING_EXAMPLES", "100")), 30
seeds = st.integers(0, 2**32 - 1)


class Loop(RuleBasedStateMachine):
    town: ClassVar[Town]
    named: ClassVar[bool]
    became: ClassVar[Counter[str]] = Counter()
    ends: ClassVar[Counter[str]] = Counter()

    @initialize()
    def begin(self) -> None:
        self.before = transaction.savepoint()
        self.now = BEGUN
        place = City(self.town.division, self.town.authority, self.town.department, 0, self.town.item)
        self.order = open_order(place, BEGUN, named=self.named, service_day=BEGUN.date())

    def turn(self, who: str, seed: int) -> Turn:
        return Turn(self.town, who, self.order.id, self.now, Random(seed))

    @rule(who=st.sampled_from(RATED), seed=seeds)
    def the_rated_handle(self, who: str, seed: int) -> None:
        self.keep(handle(self.turn(who, seed)))

    @rule(who=st.sampled_from(AUTHORITIES), seed=seeds)
    def an_authority_handles(self, who: str, seed: int) -> None:
        self.keep(handle(self.turn(who, seed)))

    @rule(who=st.sampled_from(RATED), seed=seeds)
    def the_rated_contest(self, who: str, seed: int) -> None:
        self.keep(contest(self.turn(who, seed)))

    @rule(who=st.sampled_from(AUTHORITIES), seed=seeds)
    def an_authority_decides(self, who: str, seed: int) -> None:
        self.keep(decide(self.turn(who, seed)))

    @rule(who=st.sampled_from((*RATED, *AUTHORITIES)), seed=seeds)
    def somebody_does_something_about_a_part(self, who: str, seed: int) -> None:
        self.keep(share(self.turn(who, seed)))

    def keep(self, tried: Tried) -> None:
        self.became[tried.became] += 1

    @rule(level=st.sampled_from([1, 2, 4]))
    def the_rater_corrects(self, level: int) -> None:
        if not self.taken_back():
            say(self.order.subject_id, self.now, "correction", level=level, text="改一下")

    @rule()
    def the_rater_adds(self) -> None:
        if not self.taken_back():
            say(self.order.subject_id, self.now, "supplement", text="补充一句")

    @rule(satisfied=st.booleans())
    def the_rater_judges(self, satisfied: bool) -> None:
        """Where there is an answer that nobody judged; as the teaching rules say, it is set right anew once."""
        self.order.refresh_from_db()
        steps = list(self.order.steps.order_by("revision"))
        given = [step for step in steps if step.act in ANSWERING and step.to_state == State.ANSWERED]
        open_to_him = self.order.answer and not self.order.exclusion and not self.taken_back()
        if not open_to_him or not set(current_round(steps)[1]) & set(given):
            return
        (rating,) = rating_for_order([self.order.subject_id])
        if all(each.answers != len(given) for each in rating.verdicts):
            again = "none" if any(not each.satisfied for each in rating.verdicts) else "reopen"
            raters.judge(rating.id, self.now, answers=len(given), satisfied=satisfied, sets_off=again)

    @rule(seed=st.integers(0, 4))
    def the_rater_takes_it_back(self, seed: int) -> None:
        if seed == 0 and not self.taken_back():
            raters.take_back(self.order.subject_id, self.now)

    @rule(hours=st.integers(1, 100))
    def time_passes_and_the_sweeps_come(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        settle(self.now)

    def taken_back(self) -> bool:
        return Withdrawal.objects.filter(rating_id=self.order.subject_id).exists()

    def teardown(self) -> None:
        open_orders(now=self.now, limit=10)
        assert complaints(self.town, self.order, self.now) == []
        self.ends[self.order.exclusion or self.order.state] += 1
        transaction.savepoint_rollback(self.before)


@pytest.fixture
def town(db: None) -> Iterator[Town]:
    with towns.ruled():
        built = towns.build(BEGUN)
        # Nobody changes the registry or a post while they play.
        with asking_steadily():
            yield built


# Each may be another process's.
@pytest.mark.parametrize("named", [True, False])
def test_whatever_they_do_the_order_stays_sound(town: Town, named: bool) -> None:
    Loop.town, Loop.named, Loop.became, Loop.ends = town, named, Counter(), Counter()
    examples = EXAMPLES // 2
    run_state_machine_as_test(
        Loop,
        settings=settings(
            max_examples=examples,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            phases=(Phase.generate,),
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert sum(Loop.ends.values()) >= examples
    assert Loop.became[DONE] > examples, Loop.became
    assert len(Loop.ends) > 2, Loop.ends
