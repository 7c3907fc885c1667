"""The worker process on a real database: what is due gets done, being asked or killed ends it cleanly."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from procrastinate.contrib.django.models import ProcrastinateJob

from haochaping.foundation import clock
from haochaping.foundation.ids import new_id, random_id
from haochaping.jobs.secondly import orders, tallies
from haochaping.ratings.models import Rating, Trace
from haochaping.rectification.models import BadRating, WorkOrder
from haochaping.rectification.rulebook import missing_calendar
from haochaping.tallies.models import Change, OrganisationDay
from tests.integration.publication import city
from tests.occasions import database_address

WORK = "import django; django.setup(); from haochaping.jobs.work import work; work()"
PATIENCE = 30.0


def bad_rating(organisation_id: int, now: datetime) -> Rating:
    """A stored bad rating with its inbox row, as the door leaves them."""
    rating = Rating.objects.create(
        id=new_id(now),
        level=1,
        text="等了很久",
        channel=3,
        origin="citizen",
        named=False,
        norm_version=2,
        received_at=now,
        submission=b"x",
        service_day=clock.local_day(now),
        division_id=1,
        organisation_id=organisation_id,
        profile="kunming",
    )
    BadRating.objects.create(rating_id=rating.id, received_at=now)
    return rating


@contextmanager
def worker() -> Iterator[subprocess.Popen[bytes]]:
    process = subprocess.Popen(
        [sys.executable, "-c", WORK],
        env={**os.environ, "DATABASE_URL": database_address(), "PYTHONPATH": os.pathsep.join(sys.path)},
        stderr=subprocess.PIPE,
    )
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def eventually(what: Callable[[], bool]) -> bool:
    until = time.monotonic() + PATIENCE
    while not (held := what()) and time.monotonic() < until:
        time.sleep(0.05)
    return held


@pytest.mark.django_db
def test_a_second_folds_and_opens(now: datetime) -> None:
    town = city.build()
    rating = bad_rating(town.bureau, now)
    city.count(town.bureau, rating.service_day, n1=1)
    assert tallies.run(now=now) == 1
    assert orders.run(now=now) == 1
    assert orders.run(now=now) == 0
    assert OrganisationDay.objects.get().n1 == 1
    assert WorkOrder.objects.get().subject_id == rating.id


def test_the_worker_does_all_that_is_due_and_ends_when_asked(committed_db: None) -> None:
    now = clock.now()
    town = city.build()
    bad_rating(town.bureau, now)
    yesterday = clock.local_day(now) - timedelta(days=1)
    city.count(town.bureau, yesterday, occasions=30, n5=25)
    Trace.objects.create(rating_id=random_id(), kept_until=date(2020, 1, 1))
    with worker() as process:
        assert eventually(lambda: WorkOrder.objects.count() == 1)
        assert eventually(lambda: not Change.objects.exists())
        assert eventually(lambda: not Trace.objects.exists())
        assert eventually(lambda: not ProcrastinateJob.objects.exclude(status="todo").exists())
        process.send_signal(signal.SIGTERM)
        _, said = process.communicate(timeout=PATIENCE)
    assert process.returncode == 0
    errors = [line for line in said.decode().splitlines() if " ERROR " in line]
    # In December the notice on the next year is wanting until it has been loaded: that one is due, and no other.
    assert len(errors) == bool(missing_calendar(clock.local_day(now))), said.decode()
    assert all("the notice on the holidays of" in line for line in errors), said.decode()
    assert OrganisationDay.objects.get().n5 == 25


def test_a_killed_worker_leaves_nothing_that_stops_the_next(committed_db: None) -> None:
    old = datetime(2026, 1, 1, tzinfo=UTC)
    with connection.cursor() as cursor:  # what a worker that was killed at work leaves behind
        cursor.execute("INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%s) RETURNING id", [old])
        row = cursor.fetchone()
        cursor.execute(
            "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args, status, worker_id) "
            "VALUES ('default', 'daily.retention', 'daily.retention', '{\"timestamp\": 0}', 'doing', %s)",
            [row[0] if row else None],
        )
    Trace.objects.create(rating_id=random_id(), kept_until=date(2020, 1, 1))
    with worker():
        assert eventually(lambda: not Trace.objects.exists())
        assert eventually(lambda: not ProcrastinateJob.objects.filter(status="doing").exists())
    Change.objects.create(organisation_id=1, day=date(2026, 11, 20), n5=1)
    with worker() as process:
        assert eventually(lambda: not Change.objects.exists())
        process.send_signal(signal.SIGKILL)
        process.wait()
    Change.objects.create(organisation_id=1, day=date(2026, 11, 20), n5=1)
    with worker():
        assert eventually(lambda: OrganisationDay.objects.get().n5 == 2)
