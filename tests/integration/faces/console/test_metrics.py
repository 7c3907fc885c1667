"""The state of the system for a machine: the numbers that stand in the database, and nobody's name."""

from datetime import datetime

import pytest
from django.test import Client
from procrastinate.contrib.django import app

from haochaping.cases.models import SenderDay
from haochaping.foundation import clock
from haochaping.jobs import schedule
from haochaping.oversight.watching import cells
from haochaping.tallies.models import Change
from tests.integration.config.test_metrics import samples
from tests.integration.oversight.test_alarms import concluded
from tests.orders import City, open_order, rate_badly

METRICS = "/console/metrics/"
TOKEN = "a-token-for-measuring-only"
BEARER = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(autouse=True)
def _token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HAOCHAPING_METRICS_TOKEN", TOKEN)


def test_what_stands_in_the_database_is_told(city: City, now: datetime) -> None:
    open_order(city, now)
    rate_badly(city, now)
    Change.objects.create(organisation_id=1, day=clock.local_day(now), n5=1)
    none = dict.fromkeys(("repeated", "updated", "conflicting", "quarantined", "late"), 0)
    SenderDay.objects.create(platform="a", day=clock.local_day(now), calls=2, accepted=7, rejected=1, **none)
    concluded(now, 1)
    schedule.register()
    app.configure_task("daily.reconcile", queueing_lock="daily.reconcile").defer(timestamp=0)
    answer = Client().get(METRICS, headers=BEARER)
    assert answer.status_code == 200
    assert answer["Cache-Control"] == "no-store"
    found = samples(answer.content.decode())
    assert found["haochaping_fold_backlog",] == 1
    assert found["haochaping_bad_ratings_waiting",] == 1
    assert found["haochaping_orders_open",] == 1
    assert found["haochaping_orders_overdue",] == 0
    assert found["haochaping_report_records_total", "accepted"] == 7
    assert found["haochaping_report_records_total", "rejected"] == 1
    assert found["haochaping_jobs_waiting", "daily.reconcile"] == 1
    assert found["haochaping_jobs_waiting", "daily.selftest"] == 0
    assert found["haochaping_alarms", "arrivals"] == 0
    assert found["haochaping_alarms", "selftest"] == sum(cell.level == 1 for cell in cells())
    assert found["haochaping_selftest_timestamp_seconds",] == pytest.approx(now.timestamp())
    for way, channel, level in cells():
        assert found["haochaping_selftest_passed", str(channel), str(level), way] == int(level != 1)
    assert {name for (name, *labels) in found if "_jobs_" in name and len(labels) != 1} == set()
    for word in ("昆明", "李小明", "13888012345"):
        assert word not in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}])
def test_who_does_not_bear_the_token_finds_no_such_page(headers: dict[str, str]) -> None:
    assert Client().get(METRICS, headers=headers).status_code == 404
