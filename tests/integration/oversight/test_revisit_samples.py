"""Samples of orders are drawn once, and again the same, from seeds fixed ahead; the orders bear their frames out."""

import json
from argparse import Namespace
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

import pytest
from django.db import connection

from haochaping.audit.models import AuditEntry
from haochaping.cli import revisits_redraw
from haochaping.foundation.errors import NotFound
from haochaping.oversight.models import (
    Revisit,
    RevisitCandidate,
    RevisitPeriod,
    RevisitSample,
)
from haochaping.oversight.operations import samples as samples_module
from haochaping.oversight.operations.duties import assess_answered
from haochaping.oversight.operations.periods import fix_seeds
from haochaping.oversight.operations.samples import draw_samples
from haochaping.oversight.queries.against_records import Differences, against_records
from haochaping.oversight.queries.samples import drawn_again, periods, sample, samples
from haochaping.policy.rulebook import Rulebook
from haochaping.rectification.models import WorkOrder
from tests.orders import City
from tests.revisits import LATER


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


def test_the_orders_bear_the_frame_out_and_tell_what_was_put_in_or_left_out(
    answered: Callable[..., WorkOrder], now: datetime, sampling: Rulebook
) -> None:
    first, second, third = (answered() for _ in range(3))
    assess_answered(now=now, rulebook=sampling)
    draw_samples(now=LATER)
    number = RevisitSample.objects.get().number
    assert not against_records(number, rulebook=sampling)
    RevisitCandidate.objects.filter(order_id=first.id).delete()
    assert against_records(number, rulebook=sampling) == Differences((), (first.number,), (first.number,))
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE oversight_revisitsample SET frame = array_append(array_remove(frame, %s), 'CPX')",
            [second.number],
        )
    found = against_records(number, rulebook=sampling)
    assert found.invented == ("CPX",)
    assert found.moved == tuple(sorted((first.number, second.number)))
    # One of another authority's is no business of this sample.
    WorkOrder.objects.filter(pk=first.pk).update(organisation_id=0)
    assert against_records(number, rulebook=sampling).left_out == ()
    assert third.number not in found.moved
