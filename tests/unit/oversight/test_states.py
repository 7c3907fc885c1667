"""The way of a report of pressure is total: every act has its transition, every state its acts."""

from haochaping.oversight.states import TRANSITIONS, Act, State, acts_in


def test_every_act_has_its_transition_and_every_state_its_acts() -> None:
    assert set(TRANSITIONS) == set(Act)
    assert {state: acts_in(state) for state in State} == {
        State.RECEIVED: (Act.TAKE,),
        State.TAKEN: (Act.DECIDE, Act.NOTE),
        State.DECIDED: (Act.ANSWER, Act.NOTE),
        State.ANSWERED: (Act.NOTE,),
    }
