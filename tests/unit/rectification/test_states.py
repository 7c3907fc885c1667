"""The table of acts: total, without a fork, from opened to closed."""

from haochaping.rectification.states import TRANSITIONS, Act, State, next_act


def test_every_act_has_its_row() -> None:
    assert set(TRANSITIONS) == set(Act)
    assert all(act is transition.act for act, transition in TRANSITIONS.items())


def test_the_acts_lead_from_opened_through_every_state_to_closed() -> None:
    state, passed = State.OPENED, [State.OPENED]
    while act := next_act(state):
        assert TRANSITIONS[act].source is state
        state = TRANSITIONS[act].target
        passed.append(state)
    assert passed == list(State)
    assert state is State.CLOSED


def test_what_starts_or_obeys_the_limit_names_its_rule() -> None:
    ruled = [act for act, transition in TRANSITIONS.items() if transition.rule]
    assert ruled == [Act.VERIFY, Act.RECTIFY, Act.ANSWER]
