"""The table of the parts of joint orders, and what their acts wait for."""

from datetime import datetime, timedelta

import pytest

from haochaping.accounts.rules import Permission
from haochaping.foundation.clock import CN
from haochaping.rectification.parts import (
    OPEN,
    PART_TABLE,
    WORKED_IN,
    PartAct,
    PartBar,
    PartGuard,
    PartStands,
    PartState,
    PartWay,
    part_acts,
    part_way,
)
from haochaping.rectification.states import TABLE, Act, State

DUE = datetime(2026, 12, 1, tzinfo=CN)


def stands(state: PartState | None, order: State = State.VERIFIED, **more: object) -> PartStands:
    return PartStands(state, order, **more)  # type: ignore[arg-type]


def test_every_state_is_reached_and_every_act_has_one_permission() -> None:
    assert {row.target for row in PART_TABLE} | {None} == {row.source for row in PART_TABLE}
    assert {row.guard for row in PART_TABLE} == set(PartGuard)
    for act in PartAct:
        assert len({row.permission for row in PART_TABLE if row.act is act}) == 1, act


def test_only_the_authority_gives_and_releases() -> None:
    of_authority = {row.act for row in PART_TABLE if row.permission is Permission.DISPATCH_ORDERS}
    assert of_authority == {PartAct.GIVE, PartAct.RELEASE}


@pytest.mark.parametrize("order", State)
def test_parts_are_worked_on_until_the_answer_is_written(order: State) -> None:
    found = part_acts(stands(PartState.WAITING, order), DUE)
    assert {row.act for row in found} == ({PartAct.TAKE, PartAct.RELEASE} if order in WORKED_IN else set())
    assert isinstance(part_way(PartAct.GIVE, stands(None, order), DUE), PartWay) == (order in WORKED_IN)


def test_what_is_being_done_is_waited_for_until_its_limit() -> None:
    taken = stands(PartState.TAKEN, due_at=DUE)
    assert part_way(PartAct.RELEASE, taken, DUE - timedelta(seconds=1)) is PartBar.IN_TIME
    assert isinstance(part_way(PartAct.RELEASE, taken, DUE), PartWay)
    assumed = stands(PartState.TAKEN, due_at=DUE, provisional=True)
    assert part_way(PartAct.RELEASE, assumed, DUE + timedelta(days=9)) is PartBar.IN_TIME
    assert isinstance(part_way(PartAct.RELEASE, stands(PartState.TAKEN), DUE), PartWay), "no limit laid down"
    waiting = stands(PartState.WAITING, due_at=DUE)
    assert isinstance(part_way(PartAct.RELEASE, waiting, DUE - timedelta(days=1)), PartWay), "called back"


def test_nobody_does_what_follows_by_rule() -> None:
    assert part_way(PartAct.RESUME, stands(PartState.DONE), DUE) is PartBar.STATE


def test_whatever_gives_the_rater_an_answer_waits_for_the_parts() -> None:
    """But for the approval of an answer for which they were in already, and nothing can be given in between."""
    given = (State.ANSWERED, State.DRAFTED)
    answers = {row.act for row in TABLE if row.target in given and row.source is not row.target}
    waiting = {row.act for row in TABLE if row.parts_in}
    assert answers - waiting == {Act.APPROVE}
    assert State.DRAFTED not in WORKED_IN
    assert set(OPEN) == {PartState.WAITING, PartState.TAKEN}
