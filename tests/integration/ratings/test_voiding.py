"""A rating that is counted out is in no figure any more, and in all of them again when it is restored."""

import uuid
from dataclasses import replace
from datetime import date, datetime

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from haochaping.cases.models import ServiceOccasion
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Conflict, NotFound
from haochaping.publication.places import public_totals
from haochaping.publication.proof import reconcile
from haochaping.ratings.models import Rating, Voiding
from haochaping.ratings.operations import Voided, restore, void
from haochaping.ratings.queries import void_effect
from haochaping.ratings.states import VoidEffect
from haochaping.tallies.corrections import CorrectionsAsked, corrections
from haochaping.tallies.models import Change
from haochaping.tallies.operations import fold
from haochaping.tallies.queries import organisation_day_counts, staff_month_counts
from haochaping.tallies.rules import Correction, Counts
from tests.integration.publication.test_proof import rated, served
from tests.orders import say

ORGANISATION = 7


def decided(effect: VoidEffect = VoidEffect.NOT_COUNTED, level: int | None = None) -> Voided:
    return Voided(effect, level, "mistaken", "《办法》第十条", "official:first", "official:second")


def count_in(now: datetime, *, level: int = 1, weight: int = 1, shared: tuple[int, ...] = ()) -> uuid.UUID:
    """One occasion and its rating, counted as door and intake count them."""
    occasion = served(now)
    ServiceOccasion.objects.filter(pk=occasion.id).update(weight=weight, shared_with=list(shared) or None)
    rated(occasion, level, now, weight=weight, shared_with=list(shared) or None)
    counted(now, occasions=weight, item_id=3, **{f"n{level}": weight})
    for whose in shared:
        counted(now, organisation_id=whose, occasions=weight, **{f"n{level}": weight})
    return occasion.id


def counted(now: datetime, **columns: object) -> None:
    by = {"organisation_id": ORGANISATION, "day": local_day(now), "channel": 3, "named": False}
    Change.objects.create(**by | columns)


def counts(now: datetime, organisation: int = ORGANISATION) -> Counts:
    return organisation_day_counts()[organisation, local_day(now)]


def again(rating: uuid.UUID, now: datetime) -> None:
    restore(
        rating_id=rating, clause="c", proposed_by="official:second", confirmed_by="official:first", now=now
    )


@pytest.mark.parametrize(
    ("effect", "level", "expected"),
    [
        (VoidEffect.NOT_COUNTED, None, Counts(occasions=1, n5=1)),
        (VoidEffect.UNRATED, None, Counts(occasions=2, n5=1)),
        (VoidEffect.DEFAULT, 3, Counts(occasions=2, n5=1, d3=1)),
    ],
)
def test_each_effect_by_the_day_and_back(
    committed_db: None, now: datetime, effect: VoidEffect, level: int | None, expected: Counts
) -> None:
    rating = count_in(now)
    count_in(now, level=5)
    fold(limit=10)
    with transaction.atomic():
        void(rating_id=rating, decided=decided(effect, level), now=now)
    assert counts(now) == expected
    assert public_totals(to_day=local_day(now))[ORGANISATION] == expected, "what the portal shows from now on"
    assert reconcile(now=now) == ()
    fold(limit=10)
    assert (counts(now), void_effect(rating)) == (expected, effect)
    assert Rating.objects.get(pk=rating).level == 1, "the original is kept"
    with transaction.atomic():
        again(rating, now)
    assert counts(now) == Counts(occasions=2, n1=1, n5=1)
    assert reconcile(now=now) == ()
    assert [row.effect for row in Voiding.objects.order_by("ordinal")] == [effect, ""]


@pytest.mark.parametrize(
    ("effect", "level", "expected"),
    [
        (VoidEffect.NOT_COUNTED, None, Counts()),
        (VoidEffect.UNRATED, None, Counts()),
        (VoidEffect.DEFAULT, 3, Counts(d3=1)),
    ],
)
def test_the_figures_of_staff_follow_and_come_back(
    committed_db: None, now: datetime, effect: VoidEffect, level: int | None, expected: Counts
) -> None:
    occasion, month = served(now, staff_id=9), local_day(now).replace(day=1)
    rated(occasion, 1, now, staff_id=9, staff_level=2)
    counted(now, occasions=1, n1=1, item_id=3, staff_id=9, staff_level=2)
    with transaction.atomic():
        void(rating_id=occasion.id, decided=decided(effect, level), now=now)
    assert staff_month_counts()[9, month] == expected
    assert reconcile(now=now) == ()
    with transaction.atomic():
        again(occasion.id, now)
    assert staff_month_counts()[9, month] == Counts(n2=1)
    assert reconcile(now=now) == ()


def test_weight_and_whom_it_counts_for_as_well(committed_db: None, now: datetime) -> None:
    rating = count_in(now, weight=3, shared=(8,))
    with transaction.atomic():
        void(rating_id=rating, decided=decided(), now=now)
    assert counts(now) == counts(now, 8) == Counts()
    fold(limit=100)
    asked = CorrectionsAsked((ORGANISATION, 8))
    told = {
        (each.place.organisation_id, each.place.day, each.why, each.before, each.after)
        for each in corrections(asked, most=10)
    }
    was = Counts(occasions=3, n1=3)
    assert told == {
        (whose, local_day(now), Correction.COUNTED_OUT, was, Counts()) for whose in (ORGANISATION, 8)
    }
    assert corrections(replace(asked, day=date(2026, 11, 1)), most=10) == ()
    assert corrections(replace(asked, to_noted=local_day(now)), most=10) == ()
    assert reconcile(now=now) == ()


def test_what_counts_is_what_stands_of_it(committed_db: None, now: datetime) -> None:
    rating = count_in(now)
    say(rating, now, "correction", level=2)
    counted(now, n1=-1, item_id=3, times=-1)
    counted(now, n2=1, item_id=3, tags=[207])
    with transaction.atomic():
        void(rating_id=rating, decided=decided(VoidEffect.UNRATED), now=now)
    assert counts(now) == Counts(occasions=1)
    assert reconcile(now=now) == ()
    with transaction.atomic():
        again(rating, now)
    assert counts(now) == Counts(occasions=1, n2=1)


@pytest.mark.django_db
def test_what_is_not_counted_anyway_changes_no_figure(now: datetime) -> None:
    beside = served(now)
    rated(beside, 1, now, beside_default=True)
    hall = Rating.objects.create(
        id=uuid.uuid4(),
        level=1,
        channel=3,
        origin="citizen",
        named=False,
        norm_version=2,
        received_at=now,
        submission=b"x",
        service_day=local_day(now),
        division_id=1,
        organisation_id=ORGANISATION,
        profile="kunming",
    )
    for rating in (beside.id, hall.id):
        void(rating_id=rating, decided=decided(VoidEffect.DEFAULT, 3), now=now)
        assert void_effect(rating) is VoidEffect.DEFAULT
    assert not Change.objects.exists()


@pytest.mark.django_db
def test_it_takes_two_persons_and_is_done_once(now: datetime) -> None:
    rating = count_in(now)
    alone = Voided(VoidEffect.NOT_COUNTED, None, "mistaken", "c", "official:first", "official:first")
    with pytest.raises(ValueError, match="two persons"):
        void(rating_id=rating, decided=alone, now=now)
    with pytest.raises(ValueError, match="level"):
        void(rating_id=rating, decided=decided(VoidEffect.DEFAULT), now=now)
    with pytest.raises(Conflict):
        again(rating, now)
    with pytest.raises(NotFound):
        void(rating_id=uuid.uuid4(), decided=decided(), now=now)
    void(rating_id=rating, decided=decided(), now=now)
    with pytest.raises(Conflict):
        void(rating_id=rating, decided=decided(VoidEffect.UNRATED), now=now)
    assert Voiding.objects.count() == 1


@pytest.mark.django_db
def test_the_database_itself_refuses_one_person_and_any_change(now: datetime) -> None:
    rating = count_in(now)
    void(rating_id=rating, decided=decided(), now=now)
    row = Voiding.objects.values().get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Voiding.objects.create(**row | {"id": uuid.uuid4(), "ordinal": 2, "confirmed_by": row["proposed_by"]})
    for change in ("UPDATE ratings_voiding SET effect = ''", "DELETE FROM ratings_voiding"):
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(change)
