"""The counts agree with the rows; where they do not, it is seen, said and kept."""

import logging
from datetime import datetime

import pytest

from haochaping.audit.models import AuditEntry
from haochaping.cases.models import Case, ServiceOccasion
from haochaping.foundation.clock import local_day
from haochaping.foundation.ids import new_id
from haochaping.publication.proof import reconcile
from haochaping.ratings.models import DefaultRating, Rating
from haochaping.tallies.models import Delta
from haochaping.tallies.operations import fold
from haochaping.tallies.rules import Counts

WHERE = {"division_id": 1, "organisation_id": 7, "item_id": 3, "profile": "kunming"}


def served(now: datetime, *, late: bool = False) -> ServiceOccasion:
    case = Case.objects.create(
        id=new_id(now), platform="p", project_no=str(new_id(now)), status=3, accepted_at=now
    )
    return ServiceOccasion.objects.create(
        id=new_id(now),
        case=case,
        service_number=1,
        service_name="受理",
        service_at=now,
        service_day=local_day(now),
        reported_at=now,
        late=late,
        version_id=new_id(now),
        **WHERE,
    )


def rated(occasion: ServiceOccasion, level: int, now: datetime, **columns: object) -> None:
    Rating.objects.create(
        id=occasion.id,
        occasion_id=occasion.id,
        level=level,
        channel=3,
        origin="citizen",
        named=False,
        norm_version=2,
        received_at=now,
        submission=b"x",
        service_day=occasion.service_day,
        **WHERE,
        **columns,
    )


def silent(occasion: ServiceOccasion, now: datetime, *, superseded: bool = False) -> None:
    DefaultRating.objects.create(
        id=occasion.id,
        level=3,
        due_at=now,
        in_time_until=now,
        defaulted_at=now,
        superseded_at=now if superseded else None,
        service_day=occasion.service_day,
        **WHERE,
    )


def test_counts_that_agree_and_one_that_does_not(
    committed_db: None, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    first, second, third, _ = served(now), served(now), served(now), served(now, late=True)
    rated(first, 1, now)
    silent(second, now)
    silent(third, now, superseded=True)
    rated(third, 5, now)
    day = local_day(now)
    Delta.objects.create(organisation_id=7, day=day, occasions=3, late=1, n1=1, n5=1)
    fold(limit=10)
    Delta.objects.create(organisation_id=7, day=day, d3=1)
    assert reconcile(now=now) == ()
    assert AuditEntry.objects.get().result == "equal"

    Delta.objects.create(organisation_id=7, day=day, n5=1)
    with caplog.at_level(logging.ERROR):
        (difference,) = reconcile(now=now)
    assert (difference.organisation_id, difference.day) == (7, day)
    assert difference.counted == Counts(occasions=3, late=1, n1=1, n5=2, d3=1)
    assert difference.rows == Counts(occasions=3, late=1, n1=1, n5=1, d3=1)
    assert f"7/{day.isoformat()}" in caplog.text
    assert sorted(entry.result for entry in AuditEntry.objects.all()) == ["differs", "equal"]


@pytest.mark.django_db
def test_it_wants_a_snapshot_of_its_own(now: datetime) -> None:
    from django.db import transaction

    with transaction.atomic(), pytest.raises(RuntimeError):
        reconcile(now=now)
