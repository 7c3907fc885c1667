"""Ratings are drawn without an order and by numbers that lead to nobody; whoever agreed is asked, the others are counted."""

import json
from argparse import Namespace
from collections.abc import Callable
from contextlib import nullcontext
from datetime import datetime, timedelta
from uuid import UUID, uuid4

import pytest

from haochaping.audit.models import AuditEntry
from haochaping.cli import revisits_redraw
from haochaping.foundation.clock import CN
from haochaping.foundation.errors import Conflict, NotFound
from haochaping.notices.models import Notice
from haochaping.notices.words import title
from haochaping.oversight.drawing import Frame, first_by_rank
from haochaping.oversight.models import Revisit, RevisitRatingSample
from haochaping.oversight.operations import rating_samples as drawing_module
from haochaping.oversight.operations.duties import settle_standing
from haochaping.oversight.operations.periods import fix_seeds
from haochaping.oversight.operations.rating_samples import draw_rating_samples
from haochaping.oversight.operations.recounting import recount_limits
from haochaping.oversight.operations.revisits import Attempt, attempt, see_contact
from haochaping.oversight.queries.rating_rates import rating_rates
from haochaping.oversight.queries.rating_samples import (
    against_ratings,
    frame_again,
    rating_sample,
    rating_sample_again,
    rating_samples,
)
from haochaping.oversight.queries.revisit_rates import revisit_rates
from haochaping.oversight.queries.revisits import revisit, revisits
from haochaping.policy.rulebook import Rulebook
from haochaping.ratings.models import DefaultRating, Rating, Withdrawal, WithdrawnConsent
from haochaping.rectification.models import WorkOrder
from tests.orders import NAME, PHONE, City, rate_badly, say

# November is over for some hours; the quarter is when the year is.
DECEMBER = datetime(2026, 12, 1, 3, tzinfo=CN)
NEW_YEAR = datetime(2027, 1, 1, 3, tzinfo=CN)
ASKED = {"评价是否本人真实意愿": "是"}


@pytest.fixture(autouse=True)
def seeds(db: None, now: datetime) -> None:
    fix_seeds(now=now)


def rated(city: City, now: datetime, level: int = 5, *, named: bool = True) -> UUID:
    """A rating of that level; what is not bad has no order."""
    bad = Rating.objects.get(pk=rate_badly(city, now, named=named))
    values = {each.attname: getattr(bad, each.attname) for each in Rating._meta.fields}
    return Rating.objects.create(**{**values, "id": uuid4(), "level": level, "submission": uuid4().bytes}).id


def silent(city: City, now: datetime) -> UUID:
    """What silence counted for, about an occasion that is there."""
    of = Rating.objects.get(pk=rate_badly(city, now))
    return DefaultRating.objects.create(
        id=of.occasion_id,
        level=3,
        due_at=now,
        in_time_until=now,
        defaulted_at=now,
        service_day=of.service_day,
        division_id=of.division_id,
        organisation_id=of.organisation_id,
        item_id=of.item_id,
        profile="kunming",
    ).id


def drawn(rule: str) -> RevisitRatingSample:
    return RevisitRatingSample.objects.get(rule=rule)


def test_good_ratings_are_drawn_once_by_numbers_of_their_own(
    city: City, now: datetime, sampling: Rulebook, officer: UUID
) -> None:
    good = {rated(city, now, level) for level in (3, 5, 5)} | {rated(city, now, 4, named=False)}
    before, back, said = (rated(city, now) for _ in range(3))
    rated(city, now - timedelta(days=40))  # of October
    Withdrawal.objects.create(
        rating_id=back, withdrawn_at=now, effect="unrated", silence_provisional=False, profile="kunming"
    )
    say(said, now, "correction", level=1)
    assert draw_rating_samples(now=datetime(2026, 12, 1, 0, 30, tzinfo=CN), rulebook=sampling) == 0
    assert [draw_rating_samples(now=DECEMBER, rulebook=sampling) for _ in range(2)] == [1, 0]
    kept, made = drawn("good"), list(Revisit.objects.all())
    assert (kept.frame_size, len(made), kept.scope_id) == (5, 3, city.police)  # a half of five, rounded up
    assert {each.rating_id for each in made} <= good | {before}
    assert {(each.of, each.body, tuple(each.conductors)) for each in made} == {
        ("good", "third_party", (city.authority,))
    }
    assert {len(each.number) for each in made} == {16}
    assert not any(each.number in str(each.rating_id) for each in made)
    assert sum(each.state == "anonymous" for each in made) == kept.anonymous
    row = AuditEntry.objects.get(act="revisit.draw")
    assert (row.subject, row.detail["frame"], row.detail["drawn"]) == (f"sample:{kept.number}", 5, 3)
    (seen,) = rating_samples(scopes={city.police}, on=DECEMBER.date())
    assert (seen.size, len(seen.drawn), seen.frame) == (5, 3, None)
    # Ten working days after November: by the calendar of 2026.
    assert {each.due_at for each in made} == {datetime(2026, 12, 15, tzinfo=CN)}
    Revisit.objects.update(due_at=NEW_YEAR)
    assert recount_limits(now=DECEMBER, rulebook=sampling) == sum(each.state == "due" for each in made)


def test_anyone_draws_again_and_the_authority_holds_the_frame_against_the_ratings(
    city: City,
    now: datetime,
    sampling: Rulebook,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ratings = [rated(city, now) for _ in range(6)]
    draw_rating_samples(now=DECEMBER, rulebook=sampling)
    number = drawn("good").number
    # What comes after the draw changes no frame.
    for each in ratings[:2]:
        WithdrawnConsent.objects.create(rating_id=each, withdrawn_at=DECEMBER)
        say(each, DECEMBER, "correction", level=1)
    monkeypatch.setattr(revisits_redraw, "connected", lambda _: nullcontext())
    monkeypatch.setattr("haochaping.rectification.rulebook.rulebook", lambda: sampling)
    assert revisits_redraw.run(Namespace(sample=number, json=True)) == 0
    told = json.loads(capsys.readouterr().out)
    of = Frame(told["rule"]["rule"], told["scope"], drawn("good").period.first_day, ())
    assert list(first_by_rank(bytes.fromhex(told["seed"]), of, told["frame"], 3)) == told["drawn"]
    assert (len(told["frame"]), told["wrong"]) == (6, [])
    found = rating_sample(number)
    assert found.frame is not None
    invented = type(found.frame)([found.frame.packed(), b"0123456789"])
    assert rating_sample_again(found, invented) != ()
    assert against_ratings(number, invented, rulebook=sampling).invented == ("60RK4CSM6MV3EE1S",)
    less = type(found.frame)(list(found.frame)[1:])
    assert len(against_ratings(number, less, rulebook=sampling).left_out) == 1
    Revisit.objects.filter(number=found.drawn[0]).delete()
    assert against_ratings(number, found.frame, rulebook=sampling).moved == (found.drawn[0],)
    assert revisits_redraw.run(Namespace(sample=number, json=False)) == 1
    assert "moved" in capsys.readouterr().out
    with pytest.raises(NotFound):
        rating_sample("HP0")


def test_a_frame_too_long_to_be_kept_is_made_again(
    city: City, now: datetime, sampling: Rulebook, monkeypatch: pytest.MonkeyPatch
) -> None:
    rated(city, now)
    monkeypatch.setattr(drawing_module, "KEPT", 0)
    draw_rating_samples(now=DECEMBER, rulebook=sampling)
    found = rating_sample(drawn("good").number)
    assert found.frame is None
    assert rating_sample_again(found, frame_again(found.number, rulebook=sampling)) == ()


def test_who_agreed_is_asked_by_the_body_and_what_he_says_is_counted_apart(
    city: City, now: datetime, sampling: Rulebook, officer: UUID, handler: UUID
) -> None:
    rated(city, now)
    draw_rating_samples(now=DECEMBER, rulebook=sampling)
    asked = Revisit.objects.get()
    call = {"revisit_id": asked.id, "official_id": officer, "now": DECEMBER}
    with pytest.raises(NotFound):
        revisit(official_id=handler, revisit_id=asked.id, now=DECEMBER)
    assert not any(row.of for row in revisits(official_id=handler, now=DECEMBER).rows)
    contact = see_contact(**call, purpose="电话回访")
    assert (contact.name, contact.phone) == (NAME, PHONE)
    looked = AuditEntry.objects.get(act="identity.reveal")
    assert asked.number in str(looked.detail)
    assert str(asked.rating_id) not in str(looked.detail)
    typed = Attempt("answered", "telephone", "no", ASKED)
    assert attempt(**call, revision=0, typed=typed) == "answered"
    with pytest.raises(Conflict):
        see_contact(**call, purpose="电话回访")
    first, last = now.date().replace(day=1), NEW_YEAR.date()
    (rates,) = rating_rates(organisations={city.police}, first=first, last=last)
    assert (rates.of, rates.answered, rates.satisfied) == ("good", 1, 0)
    assert revisit_rates(organisations={city.police}, first=first, last=last, on=last) == ()
    seen = revisit(official_id=officer, revisit_id=asked.id, now=DECEMBER)
    assert (seen.order_id, seen.row.of, seen.row.satisfied) == (None, "good", False)
    # There is no order to be supervised: the authority is told of the revisit.
    assert seen.row.set_off == "supervise"
    (told,) = Notice.objects.all()
    assert (told.official_id, told.kind, told.action, told.subject) == (
        officer,
        "escalated",
        "supervision",
        asked.number,
    )
    assert asked.number in title(told)
    assert AuditEntry.objects.get(act="revisit.set_off").detail["told"] == 1


def test_who_was_silent_is_asked_only_where_the_rule_says_by_which_means(
    city: City, now: datetime, sampling: Rulebook, officer: UUID
) -> None:
    first = silent(city, now)
    second = silent(city, now)
    draw_rating_samples(now=NEW_YEAR, rulebook=sampling)
    by = {rule: Revisit.objects.filter(occasion=drawn(rule).number) for rule in ("silent", "silent_too")}
    assert {each.state for each in by["silent"]} == {"due"}
    assert {each.state for each in by["silent_too"]} == {"anonymous"}
    assert {each.rating_id for each in by["silent"]} == {first, second}
    one = by["silent"].get(rating_id=first)
    assert (
        see_contact(revisit_id=one.id, official_id=officer, purpose="电话回访", now=NEW_YEAR).phone == PHONE
    )
    # He rated after all: there is no silence to ask about.
    DefaultRating.objects.filter(pk=first).update(superseded_at=NEW_YEAR)
    assert settle_standing(now=NEW_YEAR) == 1
    assert set(by["silent"].values_list("rating_id", "state")) == {(first, "lapsed"), (second, "due")}


def test_of_all_ratings_nobody_is_named_who_asks_so_the_rated_does_not(
    city: City, now: datetime, sampling: Rulebook, officer: UUID, handler: UUID
) -> None:
    rated(city, now)  # beside a bad one
    draw_rating_samples(now=NEW_YEAR, rulebook=sampling)
    made = Revisit.objects.filter(of="all")
    assert {tuple(each.conductors) for each in made} == {(city.authority,)}
    assert [each.state for each in made] == ["due", "due"]
    assert revisits(official_id=handler, now=NEW_YEAR).due == 0
    assert revisits(official_id=officer, now=NEW_YEAR).due == Revisit.objects.filter(state="due").count()
    for each in Revisit.objects.filter(state="due"):
        WithdrawnConsent.objects.get_or_create(rating_id=each.rating_id, defaults={"withdrawn_at": NEW_YEAR})
    assert settle_standing(now=NEW_YEAR) > 0
    assert {each.state for each in made.all()} == {"anonymous"}


def test_a_bad_rating_that_was_drawn_is_set_right_anew(
    city: City, now: datetime, sampling: Rulebook, officer: UUID, answered: Callable[..., WorkOrder]
) -> None:
    order = answered(named=True)
    draw_rating_samples(now=NEW_YEAR, rulebook=sampling)
    asked = Revisit.objects.get(of="all")
    assert asked.rating_id == order.subject_id
    assert asked.number != order.number
    call = {"revisit_id": asked.id, "official_id": officer, "revision": 0, "now": NEW_YEAR}
    attempt(**call, typed=Attempt("answered", "telephone", "no"))
    order.refresh_from_db()
    assert (order.state, order.set_off) == ("opened", "reopen")
