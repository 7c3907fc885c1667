"""Silence counts once the window has closed: each occasion exactly once, as its own fact, by its clause."""

import threading
import uuid
from datetime import date, datetime, timedelta

import pytest
from django.db import connection

from haochaping.audit.models import AuditEntry
from haochaping.cases.models import ServiceOccasion, Waiting
from haochaping.foundation.ids import new_id
from haochaping.ratings.models import DefaultRating, Rating
from haochaping.ratings.operations import GRACE, default_due
from haochaping.ratings.queries import rating_for_order
from haochaping.ratings.queries.counted import counts_by_organisation_day
from haochaping.registry.models import Division, DivisionRecord
from haochaping.tallies.models import Change
from haochaping.tallies.queries import staff_month_counts
from haochaping.tallies.rules import Counts
from tests.occasions import at_once

DAY = date(2026, 11, 13)


def wait(now: datetime, *, division: int = 53, **waiting: object) -> uuid.UUID:
    occasion = ServiceOccasion.objects.create(
        id=new_id(now),
        case_id=uuid.uuid4(),
        service_number=1,
        service_name="受理",
        service_at=now,
        service_day=DAY,
        division_id=division,
        organisation_id=530,
        item_id=10,
        late=False,
        profile="kunming",
        version_id=uuid.uuid4(),
    )
    given = {"due_at": now, "silence_level": 3, "provisional": False, **waiting}
    both = {name: given.pop(name) for name in ("due_at", "silence_level", "provisional")}
    Waiting.objects.create(id=occasion.id, known_at=now, **at_once(both.pop("due_at"), **both), **given)
    return occasion.id


@pytest.mark.django_db
def test_what_is_due_is_defaulted_and_nothing_else(now: datetime) -> None:
    due = wait(now)
    others = {
        wait(now, due_at=now + timedelta(microseconds=1)),
        wait(now, due_at=None, silence_level=None),
        wait(now, provisional=True),
        wait(now, silence_level=None),
    }

    assert default_due(now=now) == 1

    default = DefaultRating.objects.get()
    assert (default.id, default.level, default.due_at, default.defaulted_at) == (due, 3, now, now)
    assert (default.organisation_id, default.service_day, default.item_id) == (530, DAY, 10)
    assert set(Waiting.objects.values_list("id", flat=True)) == others
    delta = Change.objects.get()
    assert (delta.organisation_id, delta.day, delta.d3, delta.n3) == (530, DAY, 1, 0)
    assert staff_month_counts() == {}
    assert not Rating.objects.exists()


@pytest.mark.django_db
def test_a_sweep_tells_of_the_members_of_staff_whose_services_met_silence(now: datetime) -> None:
    ServiceOccasion.objects.filter(id__in=[wait(now) for _ in range(3)]).update(staff_id=9)
    wait(now)
    assert default_due(now=now) == 4
    assert staff_month_counts() == {(9, DAY.replace(day=1)): Counts(d3=3)}


@pytest.mark.django_db
def test_where_silence_counts_for_nothing_the_window_closes_once_nothing_can_be_on_its_way(
    now: datetime,
) -> None:
    wait(now, silence_level=None)
    assert default_due(now=now + GRACE - timedelta(seconds=1)) == 0
    assert default_due(now=now + GRACE) == 1
    assert not DefaultRating.objects.exists()
    assert not Change.objects.exists()
    assert not Waiting.objects.exists()
    assert AuditEntry.objects.get().detail == {"defaulted": {}, "closed_unrated": {"kunming": 1}}


@pytest.mark.django_db
def test_the_audit_row_names_the_clause(now: datetime) -> None:
    kunming = Division.objects.create(code="530102")
    DivisionRecord.objects.create(division=kunming, name="五华区", level="county")
    wait(now, division=kunming.pk)
    wait(now, division=kunming.pk)
    assert default_due(now=now) == 2
    entry = AuditEntry.objects.get()
    assert (entry.act, entry.actor, entry.at) == ("ratings.default", "system", now)
    assert entry.clause.endswith("第七条")
    assert entry.detail == {"defaulted": {"kunming": 2}, "closed_unrated": {}}


@pytest.mark.django_db
def test_a_sweep_takes_no_more_than_its_limit_and_the_oldest_first(now: datetime) -> None:
    younger = [wait(now, due_at=now - timedelta(hours=n)) for n in range(3)]
    assert default_due(now=now, limit=2) == 2
    assert list(Waiting.objects.values_list("id", flat=True)) == [younger[0]]


@pytest.mark.django_db
def test_a_sweep_that_finds_nothing_leaves_no_trace(now: datetime) -> None:
    assert default_due(now=now) == 0
    assert not AuditEntry.objects.exists()


def test_sweeps_at_once_default_each_exactly_once(committed_db: None, now: datetime) -> None:
    for _ in range(300):
        wait(now)
    counts: list[int] = []
    gate = threading.Barrier(4)

    def sweep() -> None:
        gate.wait()
        while swept := default_due(now=now, limit=20):
            counts.append(swept)
        connection.close()

    threads = [threading.Thread(target=sweep) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(counts) == 300
    assert DefaultRating.objects.count() == 300
    assert AuditEntry.objects.count() == len(counts)
    assert sum(Change.objects.values_list("d3", flat=True)) == 300


@pytest.mark.django_db
def test_ratings_are_read_for_orders_and_counted_from_the_rows(now: datetime) -> None:
    subject = {
        "service_day": DAY,
        "division_id": 53,
        "organisation_id": 530,
        "item_id": 10,
        "profile": "kunming",
    }
    said = {"channel": 3, "origin": "citizen", "named": True, "norm_version": 2, "received_at": now}
    rating = Rating.objects.create(
        id=new_id(now),
        occasion_id=new_id(now),
        level=1,
        tags=[110],
        text="慢",
        submission=b"1",
        **said,
        **subject,
    )
    for superseded_at in (None, now):
        DefaultRating.objects.create(
            id=uuid.uuid4(),
            level=3,
            due_at=now,
            in_time_until=now,
            defaulted_at=now,
            superseded_at=superseded_at,
            **subject,
        )

    (found,) = rating_for_order([rating.id, uuid.uuid4()])
    assert (found.id, found.level, found.tags, found.text(), found.named) == (
        rating.id,
        1,
        (110,),
        "慢",
        True,
    )
    (counts,) = counts_by_organisation_day()
    assert (counts.organisation_id, counts.day) == (530, DAY)
    assert (counts.ratings, counts.defaults) == ((1, 0, 0, 0, 0), (0, 0, 1, 0, 0))
