"""The way of a report of pressure is total: every act has its transition, every state its acts."""

import pytest

from haochaping.oversight.states import FOUND, TRANSITIONS, Act, State, Verdict, acts_in, allowed

ASIDE = (Act.NOTE, Act.HAND_UP)


def test_every_act_but_what_follows_by_rule_has_its_transition() -> None:
    assert set(Act) - set(TRANSITIONS) == {Act.ESCALATE}
    assert not any(allowed(Act.ESCALATE, state, "") for state in State)


def test_every_state_has_its_acts() -> None:
    assert {state: acts_in(state, "founded") for state in State} == {
        State.RECEIVED: (Act.TAKE, Act.HAND_UP),
        State.TAKEN: (Act.VERIFY, *ASIDE),
        State.VERIFIED: (Act.DECIDE, *ASIDE),
        State.DECIDED: (Act.MEASURE, *ASIDE),
        State.MEASURED: (Act.ANSWER, Act.NOTE),
        State.ANSWERED: (Act.CLOSE, Act.NOTE),
        State.CLOSED: (Act.NOTE,),
    }


@pytest.mark.parametrize("verdict", Verdict)
def test_what_was_found_is_put_right_before_it_is_answered(verdict: Verdict) -> None:
    assert allowed(Act.MEASURE, State.DECIDED, verdict) == (verdict in FOUND)
    assert allowed(Act.ANSWER, State.DECIDED, verdict) == (verdict not in FOUND)
    assert allowed(Act.ANSWER, State.MEASURED, verdict)
