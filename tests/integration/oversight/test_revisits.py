"""Duties arise from orders that were answered, samples are drawn once and again the same, revisits are done by those whom
the rules name."""

import json
from argparse import Namespace
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, datetime, timedelta
from uuid import UUID

import pytest
from django.db import connection
from django.db.models import F

from haochaping.accounts.models import Post
from haochaping.accounts.rules import Role
from haochaping.audit.models import AuditEntry
from haochaping.cli import revisits_redraw
from haochaping.foundation.clock import CN
from haochaping.foundation.errors import Conflict, Invalid, NotAllowed, NotFound
from haochaping.foundation.ids import new_id
from haochaping.oversight.models import (
    Revisit,
    RevisitAssessed,
    RevisitCandidate,
    RevisitPeriod,
    RevisitSample,
    RevisitStep,
)
from haochaping.oversight.operations import duties
from haochaping.oversight.operations import samples as samples_module
from haochaping.oversight.operations.duties import assess_answered, conductors_of, settle_standing
from haochaping.oversight.operations.periods import fix_seeds
from haochaping.oversight.operations.revisits import Attempt, attempt, see_contact
from haochaping.oversight.operations.samples import draw_samples
from haochaping.oversight.queries.revisit_rates import RevisitCounts, revisit_rates
from haochaping.oversight.queries.revisits import revisit, revisits
from haochaping.oversight.queries.samples import drawn_again, periods, sample, samples
from haochaping.oversight.revisiting import State
from haochaping.policy.rulebook import Rulebook
from haochaping.rectification.models import Objection, WorkOrder
from haochaping.rectification.operations import answered as answered_module
from haochaping.rectification.operations import open_orders
from haochaping.rectification.states import Act
from tests.guards.floors import ROOT
from tests.orders import NAME, PHONE, City, lead_to, make_city, make_official, open_order, say

LATER = datetime(2027, 1, 1, 1, tzinfo=CN)
REACHED = Attempt("answered", "person", "yes")


@pytest.fixture(scope="module")
def shipped() -> Rulebook:
    return Rulebook.load()


@pytest.fixture(scope="module")
def sampling() -> Rulebook:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("HAOCHAPING_RULES_DIR", str(ROOT / "tests/data/revisits"))
        return Rulebook.load()


@pytest.fixture
def city(db: None) -> City:
    return make_city()


@pytest.fixture
def handler(city: City, now: datetime) -> UUID:
    return make_official(city.police, now, "handler")


@pytest.fixture
def officer(city: City, now: datetime) -> UUID:
    return make_official(city.authority, now, "officer", Role.AUTHORITY_OFFICER)


@pytest.fixture
def answered(city: City, handler: UUID, now: datetime) -> Callable[..., WorkOrder]:
    """Makes an order that was answered."""

    def make(last: Act = Act.ANSWER, **rating: object) -> WorkOrder:
        return lead_to(open_order(city, now, **rating), last, handler, now)

    return make


def test_a_duty_arises_once_where_the_rules_lay_it_down(
    answered: Callable[..., WorkOrder], city: City, now: datetime, shipped: Rulebook
) -> None:
    """Kunming, article 12: every 实名差评, by the handling unit; of the others no number."""
    named, anonymous = answered(named=True), answered(Act.CLOSE)
    open_order(city, now, named=True)
    assert [assess_answered(now=now, rulebook=shipped) for _ in range(2)] == [1, 0]
    made = Revisit.objects.get()
    assert (made.order_id, made.body, made.state) == (named.id, "handling_unit", "due")
    assert (made.conductors, made.due_at, made.number) == ([city.police], None, named.number)
    assert RevisitCandidate.objects.count() == 0
    rows = RevisitAssessed.objects.in_bulk()
    assert {pk: row.undetermined for pk, row in rows.items()} == {
        key: ["rectified"] for key in (named.id, anonymous.id)
    }
    (row,) = AuditEntry.objects.filter(act="revisit.arise")
    assert row.clause.endswith("第十二条")


def test_an_order_that_changed_is_looked_at_again(
    answered: Callable[..., WorkOrder], now: datetime, sampling: Rulebook
) -> None:
    """Who is not satisfied with what was done is revisited by the authority, beside what was there before."""
    order = answered(named=True)
    assess_answered(now=now, rulebook=sampling)
    say(order.subject_id, now, "follow_up", level=1, text="没有改")
    open_orders(now=now, limit=10)
    assert assess_answered(now=now, rulebook=sampling) == 1
    more = Revisit.objects.get(occasion="unsatisfied")
    assert (more.body, more.due_at) == ("same_level_authority", datetime(2026, 11, 27, tzinfo=CN))
    assert assess_answered(now=now, rulebook=sampling) == 0
    assert RevisitCandidate.objects.count() == 1


def test_one_that_fails_holds_no_other_up(
    answered: Callable[..., WorkOrder], now: datetime, shipped: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = answered(named=True), answered(named=True)
    asked = duties.answered_order

    def broken(order_id: UUID, *, rulebook: Rulebook) -> object:
        if order_id == first.id:
            raise ValueError
        return asked(order_id, rulebook=rulebook)

    monkeypatch.setattr(duties, "answered_order", broken)
    assert assess_answered(now=now, rulebook=shipped) == 1
    assert Revisit.objects.get().order_id == second.id
    monkeypatch.undo()
    assert assess_answered(now=now, rulebook=shipped) == 1


def test_seeds_are_fixed_ahead_made_known_by_digest_and_kept_sealed(db: None, now: datetime) -> None:
    assert [fix_seeds(now=now) for _ in range(2)] == [6, 0]
    rows = AuditEntry.objects.filter(act="revisit.seed")
    assert {row.subject: row.detail["sha256"] for row in rows} == {
        f"revisits:{each.kind}:{each.first_day}": each.commitment for each in RevisitPeriod.objects.all()
    }
    assert {
        (each.kind, each.first_day.isoformat(), each.late) for each in periods(on=date(2026, 11, 23))
    } == {
        ("month", "2026-11-01", True),
        ("month", "2026-12-01", False),
        ("quarter", "2026-10-01", True),
        ("quarter", "2027-01-01", False),
        ("year", "2026-01-01", True),
        ("year", "2027-01-01", False),
    }


def test_a_sample_is_drawn_once_when_the_period_is_over_and_again_the_same(
    answered: Callable[..., WorkOrder], city: City, now: datetime, sampling: Rulebook, officer: UUID
) -> None:
    orders = [answered(named=index % 2 == 0) for index in range(4)]
    assess_answered(now=now, rulebook=sampling)
    assert draw_samples(now=now) == 0
    assert [draw_samples(now=LATER) for _ in range(2)] == [1, 0]
    kept = RevisitSample.objects.get()
    assert kept.frame == sorted(order.number for order in orders)
    assert len(kept.drawn) == 2  # 30 % of 4 are 1.2
    assert (kept.scope, kept.rule) == ("11535863MB36169043", "sample")
    made = Revisit.objects.filter(occasion=kept.number)
    assert {each.number for each in made} == set(kept.drawn)
    anonymous = {order.number for order in orders if not order.named}
    assert {each.number for each in made if each.state == "anonymous"} == anonymous & set(kept.drawn)
    assert kept.anonymous == len(anonymous & set(kept.drawn))
    assert {tuple(each.conductors) for each in made} == {(city.authority,)}
    # Ten working days after the year's end; its holidays are not known yet.
    assert all(each.due_at and each.due_at > LATER and each.due_provisional for each in made)
    found = sample(kept.number)
    assert drawn_again(found) == ()
    assert drawn_again(replace(found, drawn=found.drawn[:1])) == ("size",)
    assert drawn_again(replace(found, algorithm="2", version="0")) == ("algorithm", "terms")
    assert [each.number for each in samples(scopes={city.authority}, on=date(2027, 1, 1))] == [kept.number]
    assert samples(scopes={city.police}, on=date(2027, 1, 1)) == ()


def test_a_draw_that_is_cut_off_leaves_nothing_and_is_done_whole_the_next_time(
    answered: Callable[..., WorkOrder], now: datetime, sampling: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    def cut_off(*_: object, **__: object) -> bool:
        raise KeyboardInterrupt

    answered()
    assess_answered(now=now, rulebook=sampling)
    with monkeypatch.context() as patch:
        patch.setattr(samples_module, "make_revisit", cut_off)
        with pytest.raises(KeyboardInterrupt):
            draw_samples(now=LATER)
    assert (RevisitSample.objects.count(), RevisitPeriod.objects.filter(closed_at=None).count()) == (0, 1)
    assert draw_samples(now=LATER) == 1


def test_what_comes_after_the_draw_enters_the_next_frame(
    answered: Callable[..., WorkOrder], now: datetime, sampling: Rulebook
) -> None:
    fix_seeds(now=now)
    draw_samples(now=LATER)
    order = answered()
    assess_answered(now=LATER, rulebook=sampling)
    entry = RevisitCandidate.objects.select_related("period").get()
    assert (entry.order_id, entry.period.first_day) == (order.id, date(2027, 1, 1))


def test_the_command_draws_again(
    answered: Callable[..., WorkOrder],
    now: datetime,
    sampling: Rulebook,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    answered()
    assess_answered(now=now, rulebook=sampling)
    draw_samples(now=LATER)
    monkeypatch.setattr(revisits_redraw, "connected", lambda _: nullcontext())
    kept = RevisitSample.objects.get()
    asked = Namespace(sample=kept.number, json=False)
    assert revisits_redraw.run(asked) == 0
    assert "drawn again: the same" in capsys.readouterr().out
    with connection.cursor() as cursor:
        cursor.execute("UPDATE oversight_revisitsample SET frame = frame || 'CPX'::varchar")
    assert revisits_redraw.run(Namespace(sample=kept.number, json=True)) == 1
    told = json.loads(capsys.readouterr().out)
    assert told["seed_sha256"] == kept.period.commitment
    assert "frame" in told["wrong"]
    with pytest.raises(NotFound):
        revisits_redraw.run(Namespace(sample="HF0", json=False))


@pytest.fixture
def due(answered: Callable[..., WorkOrder], now: datetime, shipped: Rulebook) -> Revisit:
    answered(named=True)
    assess_answered(now=now, rulebook=shipped)
    return Revisit.objects.get()


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


@pytest.mark.parametrize(
    ("change", "state"), [({"named": False}, "anonymous"), ({"exclusion": "corrected"}, "lapsed")]
)
def test_what_cannot_be_done_any_more_ends(
    due: Revisit, now: datetime, change: dict[str, object], state: str
) -> None:
    assert settle_standing(now=now) == 0
    WorkOrder.objects.update(**change)
    assert [settle_standing(now=now) for _ in range(2)] == [1, 0]
    due.refresh_from_db()
    assert (due.state, due.ended_at) == (state, now)
    assert AuditEntry.objects.filter(act=f"revisit.{state}").count() == 1


def test_what_counts_again_is_due_again(due: Revisit, now: datetime, shipped: Rulebook) -> None:
    WorkOrder.objects.update(exclusion="voided")
    settle_standing(now=now)
    WorkOrder.objects.update(exclusion="", revision=F("revision") + 1)
    assert [assess_answered(now=now, rulebook=shipped) for _ in range(2)] == [0, 0]
    due.refresh_from_db()
    assert (due.state, due.ended_at) == ("due", None)
    assert AuditEntry.objects.filter(act="revisit.resume").count() == 1


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
    monkeypatch.setattr(answered_module, "rulebook_in_force", lambda: rules)
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


def test_whom_the_rules_name(city: City) -> None:
    on = date(2026, 11, 23)
    told = {
        body: conductors_of(body, city.police, on)
        for body in ("handling_unit", "", "same_level_authority", "hotline_12345", "level_above_authority")
    }
    assert told == {
        "handling_unit": [city.police],
        "": [city.police, city.authority],
        "same_level_authority": [city.authority],
        "hotline_12345": [city.authority],
        "level_above_authority": [],
    }
    assert conductors_of("hotline_12345", city.authority, on) == []


def test_the_rates_of_a_hand_counted_month(
    answered: Callable[..., WorkOrder], city: City, handler: UUID, now: datetime, shipped: Rulebook
) -> None:
    """Seven orders: three named and answered, of which one is satisfied, one is not, one refuses; one named that is still
    due, one anonymous and answered, one only taken, one taken back. One more lies before the month."""
    named = [answered(named=True) for _ in range(4)]
    answered()
    answered(Act.TAKE)
    back = open_order(city, now)
    WorkOrder.objects.filter(pk=back.pk).update(state="closed", exclusion="corrected")
    old = open_order(city, now)
    WorkOrder.objects.filter(pk=old.pk).update(opened_at=now - timedelta(days=40))
    assess_answered(now=now, rulebook=shipped)
    for order, typed in zip(
        named,
        (REACHED, replace(REACHED, satisfied="no"), Attempt("refused", "sms")),
        strict=False,
    ):
        pk = Revisit.objects.get(order_id=order.id).pk
        attempt(revisit_id=pk, official_id=handler, revision=0, typed=typed, now=now)
    (found,) = revisit_rates(
        organisations={city.police, city.authority},
        first=date(2026, 11, 1),
        last=date(2026, 11, 30),
        on=date(2026, 11, 30),
    )
    assert found.name == "昆明市公安局"
    assert found.counts == RevisitCounts(
        orders=6,
        taken_back=1,
        replied=5,
        rectified=5,
        rechecked=2,
        due=4,
        revisited=3,
        answered=2,
        satisfied=1,
        undetermined=5,
    )
    counts = found.counts
    assert counts.reply_rate() == counts.rectification_rate() == (5, 6)
    assert (counts.recheck_rate(), counts.revisit_rate(), counts.revisit_satisfaction()) == (
        (2, 5),
        (3, 4),
        (1, 2),
    )
    assert (counts.reply_rate().tenths, RevisitCounts().reply_rate().tenths) == (833, None)
    assert (
        revisit_rates(
            organisations={city.police}, first=date(2026, 9, 1), last=date(2026, 9, 30), on=date(2026, 11, 30)
        )
        == ()
    )
