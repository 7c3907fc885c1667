"""The table of acts: a usual way from opened to closed, and no way that leads nowhere."""

from haochaping.rectification.needs import NEEDS
from haochaping.rectification.states import (
    EVENTS,
    STRAIGHT,
    TABLE,
    TRANSITIONS,
    Act,
    Finding,
    Guard,
    State,
    next_act,
)

BESIDE = {State.RETURNED, State.EXPLAINED, State.DRAFTED}


def test_every_act_has_its_rows_its_needs_and_its_event() -> None:
    assert {row.act for row in TABLE} == set(NEEDS) == set(EVENTS) == set(Act)
    assert tuple(TRANSITIONS) == STRAIGHT
    assert all(act is transition.act for act, transition in TRANSITIONS.items())


def test_an_act_has_one_permission_wherever_it_begins() -> None:
    for act in Act:
        assert len({row.permission for row in TABLE if row.act is act}) == 1, act


def test_the_usual_acts_lead_from_opened_on_the_straight_way_to_closed() -> None:
    state, passed = State.OPENED, [State.OPENED]
    while act := next_act(state):
        assert TRANSITIONS[act].source is state
        state = TRANSITIONS[act].target
        passed.append(state)
    assert passed == [each for each in State if each not in BESIDE]
    assert state is State.CLOSED


def test_from_every_state_but_the_end_there_is_one_usual_way_on() -> None:
    for state in State:
        usual = {row.act for row in TABLE if row.source is state and row.usual}
        assert len(usual) == (0 if state is State.CLOSED else 1), state
    assert next_act(State.VERIFIED, Finding.NO_BASIS) is Act.EXPLAIN


def test_nothing_leaves_the_end_and_every_state_is_reached() -> None:
    # But because the rater was not satisfied, a body has it set right anew.
    led_on = [row for row in TABLE if row.source is State.CLOSED is not row.target]
    assert [(row.act, row.guard, row.target) for row in led_on] == [
        (Act.REOPEN, Guard.DISSATISFIED, State.OPENED)
    ]
    assert {row.target for row in TABLE} == set(State)


def test_two_rows_of_one_act_and_source_are_told_apart_by_their_guards() -> None:
    seen = [(row.act, row.source, row.guard) for row in TABLE]
    assert len(seen) == len(set(seen))
    assert {row.guard for row in TABLE} == set(Guard)


def test_what_starts_or_obeys_the_limit_names_its_rule() -> None:
    ruled = [act for act, transition in TRANSITIONS.items() if transition.rule == "rectification"]
    assert ruled == [Act.VERIFY, Act.RECTIFY, Act.ANSWER]
