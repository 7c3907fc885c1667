"""The order as its rater sees it, in every state."""

from datetime import UTC, date, datetime

import pytest

from haochaping.faces.citizen.follow_up import order_shown
from haochaping.rectification.states import State


def row(state: State, **given: object) -> dict[str, object]:
    values: dict[str, object] = {
        "number": "WO-1",
        "state": state.value,
        "finding": "true",
        "answer": "已改正",
        "due_at": datetime(2026, 12, 11, 16, tzinfo=UTC),
        "due_provisional": False,
        "exclusion": "",
    }
    return values | given


WAY = [State.OPENED, State.TAKEN, State.VERIFIED, State.RECTIFIED, State.ANSWERED, State.CLOSED]
BESIDE = {
    State.RETURNED: State.OPENED,
    State.EXPLAINED: State.VERIFIED,
    State.DRAFTED: State.RECTIFIED,
}


@pytest.mark.parametrize("state", list(State))
def test_every_state_has_its_place_on_the_way(state: State) -> None:
    places = [step.place for step in order_shown(row(state)).steps]
    before = WAY.index(BESIDE.get(state, state))
    expected = ["past"] * before + ["now"] + ["ahead"] * (len(WAY) - before - 1)
    assert places == (["past"] * len(WAY) if state is State.CLOSED else expected)


def test_the_last_day_is_the_day_before_the_due_instant_in_china() -> None:
    assert order_shown(row(State.VERIFIED)).last_day == date(2026, 12, 11)


def test_an_answer_shows_once_it_is_given_and_then_no_deadline_does() -> None:
    assert order_shown(row(State.RECTIFIED)).answer == "", "a draft is not an answer"
    answered = order_shown(row(State.ANSWERED))
    assert (answered.answer, answered.last_day) == ("已改正", None)


def test_without_a_limit_none_is_invented() -> None:
    assert order_shown(row(State.TAKEN, due_at=None, finding="")).last_day is None
