"""Revisits are done by those whom the rules name; what the rater says there is kept, and something follows."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

import pytest

from haochaping.accounts.models import Post
from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from haochaping.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from haochaping.foundation.ids import new_id
from haochaping.oversight.models import (
    Revisit,
    RevisitStep,
)
from haochaping.oversight.operations.duties import assess_answered
from haochaping.oversight.operations.revisits import Attempt, attempt, see_contact
from haochaping.oversight.operations.samples import draw_samples
from haochaping.oversight.queries.revisits import revisit, revisits
from haochaping.oversight.revisiting import State
from haochaping.policy.rulebook import Rulebook
from haochaping.rectification.models import Objection, WorkOrder
from haochaping.rectification.objection_queries import figures
from haochaping.rectification.operations import answered as answered_module
from tests.orders import NAME, PHONE, City, make_official
from tests.revisits import LATER, REACHED


def test_the_unit_asks_and_the_authority_looks_on(
    due: Revisit, handler: UUID, officer: UUID, now: datetime
) -> None:
    call = {"revisit_id": due.id, "revision": 0, "now": now}
    with pytest.raises(NotAllowed):
        attempt(official_id=officer, typed=REACHED, **call)
    assert (
        attempt(official_id=handler, typed=Attempt("not_reached", "person", note="无人接听"), **call)
        is State.DUE
    )
    with pytest.raises(Conflict):
        attempt(official_id=handler, typed=REACHED, **call)
    assert attempt(official_id=handler, typed=REACHED, **{**call, "revision": 1}) is State.ANSWERED
    seen = revisit(official_id=officer, revisit_id=due.id, now=now)
    assert (seen.row.state, seen.row.satisfied, seen.row.tried, seen.may_conduct) == (
        "answered",
        True,
        2,
        False,
    )
    assert [(step.outcome, step.note) for step in seen.history] == [
        ("not_reached", "无人接听"),
        ("answered", ""),
    ]
    kept = bytes(RevisitStep.objects.exclude(answers=None).get().answers)
    assert "无人接听".encode() not in kept
    assert AuditEntry.objects.filter(act="revisit.attempt").count() == 2
    page = revisits(official_id=handler, now=now, ended=True)
    assert (page.due, page.ended, len(page.rows)) == (0, 1, 1)


@pytest.mark.parametrize(
    ("typed", "fields"),
    [
        (Attempt(), ["outcome", "means"]),
        (Attempt("answered", "person"), ["satisfied"]),
        (Attempt("refused", "telephone"), ["means"]),
        (Attempt("refused", "sms", note="甲" * 1001), ["note"]),
        (Attempt("refused", "sms", note="电话13888012345"), ["note"]),
        (Attempt("refused", "sms", note="\x07"), ["note"]),
    ],
)
def test_what_is_missing_is_told(
    due: Revisit, handler: UUID, now: datetime, typed: Attempt, fields: list[str]
) -> None:
    with pytest.raises(Invalid) as refused:
        attempt(revisit_id=due.id, official_id=handler, revision=0, typed=typed, now=now)
    assert [problem.field for problem in refused.value.problems] == fields


def test_whom_to_call_is_on_record_and_only_while_it_is_due(
    due: Revisit, handler: UUID, officer: UUID, now: datetime
) -> None:
    ask = {"revisit_id": due.id, "purpose": "电话回访", "now": now}
    found = see_contact(official_id=handler, **ask)
    assert (found.name, found.phone) == (NAME, PHONE)
    assert AuditEntry.objects.filter(act="identity.reveal").count() == 1
    with pytest.raises(NotAllowed):
        see_contact(official_id=officer, **ask)
    with pytest.raises(Invalid):
        see_contact(official_id=handler, **{**ask, "purpose": " "})
    attempt(revisit_id=due.id, official_id=handler, revision=0, typed=Attempt("refused", "sms"), now=now)
    with pytest.raises(Conflict):
        see_contact(official_id=handler, **ask)


def test_who_was_rated_sees_nothing_of_what_another_body_asks(
    answered: Callable[..., WorkOrder],
    city: City,
    handler: UUID,
    officer: UUID,
    now: datetime,
    sampling: Rulebook,
) -> None:
    order = answered(named=True)
    assess_answered(now=now, rulebook=sampling)
    draw_samples(now=LATER)
    theirs = Revisit.objects.exclude(body="handling_unit").get()
    call = {"revisit_id": theirs.id, "revision": 0, "now": LATER}
    with pytest.raises(NotFound):
        revisit(official_id=handler, revisit_id=theirs.id, now=LATER)
    with pytest.raises(NotFound):
        attempt(official_id=handler, typed=REACHED, **call)
    both = make_official(city.authority, now, "both", Role.AUTHORITY_OFFICER)
    Post.objects.create(
        id=new_id(now),
        official_id=both,
        organisation_id=city.police,
        role="organisation_handler",
        valid_from=date(2026, 1, 1),
    )
    with pytest.raises(NotFound):
        attempt(official_id=both, typed=REACHED, **call)
    assert (
        see_contact(revisit_id=theirs.id, official_id=officer, purpose="电话回访", now=LATER).phone == PHONE
    )
    said = Attempt("answered", "telephone", "no", {"还有什么问题": "没有"})
    with pytest.raises(Invalid) as refused:
        attempt(official_id=officer, typed=replace(said, answers={}), **call)
    assert [problem.field for problem in refused.value.problems] == ["answer-0"]
    assert attempt(official_id=officer, typed=said, **call) is State.ANSWERED
    seen = revisit(official_id=officer, revisit_id=theirs.id, now=LATER)
    assert seen.history[0].answers == (("还有什么问题", "没有"),)
    assert (seen.order_id, seen.row.satisfied, seen.terms[0].unsatisfied) == (order.id, False, "reopen")


def test_attempts_in_vain_end_it_where_the_rules_say_how_many(
    answered: Callable[..., WorkOrder], officer: UUID, now: datetime, sampling: Rulebook
) -> None:
    answered(named=True)
    assess_answered(now=now, rulebook=sampling)
    draw_samples(now=LATER)
    theirs = Revisit.objects.exclude(body="handling_unit").get()
    states = [
        attempt(
            revisit_id=theirs.id,
            official_id=officer,
            revision=revision,
            typed=Attempt("not_reached", "telephone"),
            now=LATER,
        )
        for revision in range(2)
    ]
    assert states == [State.DUE, State.UNREACHED]


def test_the_one_who_was_rated_does_not_ask(
    due: Revisit, handler: UUID, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    """That he is the one, `own_case` says, which has tests of its own."""
    monkeypatch.setattr(answered_module, "is_own_case", lambda **_: True)
    with pytest.raises(NotAllowed) as refused:
        attempt(revisit_id=due.id, official_id=handler, revision=0, typed=REACHED, now=now)
    assert refused.value.code == "own_case"
    assert not revisit(official_id=handler, revisit_id=due.id, now=now).may_conduct


@pytest.mark.parametrize("laid_down", [True, False])
def test_it_waits_while_an_objection_is_undecided_where_the_rules_say_so(
    due: Revisit,
    city: City,
    handler: UUID,
    now: datetime,
    laid_down: bool,
    sampling: Rulebook,
    shipped: Rulebook,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """`revisit_waits` of the rules on objections."""
    rules = sampling if laid_down else shipped
    monkeypatch.setattr(figures, "rulebook", lambda: rules)
    objection = Objection.objects.create(
        id=new_id(now),
        order_id=due.order_id,
        kind="objection",
        by="rated_organisation",
        ground="mistaken",
        reasons="误点",
        organisation_id=city.police,
        body_id=city.authority,
        filed_by=handler,
        filed_at=now,
        state="filed",
    )
    call = {"revisit_id": due.id, "official_id": handler, "revision": 0, "typed": REACHED, "now": now}
    if laid_down:
        with pytest.raises(Conflict) as refused:
            attempt(**call)
        assert refused.value.code == "waits"
        shown = revisit(official_id=handler, revisit_id=due.id, now=now)
        assert (shown.waits, shown.may_conduct) == (True, False)
        objection.state = "decided"
        objection.save()
    assert attempt(**call) is State.ANSWERED


def test_an_agent_of_the_hotline_asks_for_the_authority(
    answered: Callable[..., WorkOrder], city: City, now: datetime, sampling: Rulebook
) -> None:
    agent = make_official(city.authority, now, "agent", Role.HOTLINE_AGENT)
    answered(named=True)
    assess_answered(now=now, rulebook=sampling)
    draw_samples(now=LATER)
    (row,) = revisits(official_id=agent, now=LATER).rows
    assert row.sampled
    assert revisit(official_id=agent, revisit_id=row.id, now=LATER).may_conduct
