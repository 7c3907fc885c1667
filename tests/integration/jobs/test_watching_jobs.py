"""The jobs that watch: what each does when it is called as the worker calls it."""

from datetime import datetime

import pytest

from haochaping.jobs.daily import arrivals, selftest
from haochaping.jobs.minutely import alarms
from haochaping.oversight.queries import watch
from haochaping.oversight.watching import cells
from haochaping.simulation.selftest import calling, walk
from haochaping.simulation.selftest.address import selftest_address

pytestmark = pytest.mark.django_db


def test_without_an_address_there_is_no_self_test(now: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("HAOCHAPING_SELFTEST_URL", raising=False)
    monkeypatch.delenv("HAOCHAPING_BASE_URL", raising=False)
    assert selftest.run(now=now) == 0
    assert watch.latest_run() is None


def test_a_door_that_is_away_is_told_though_the_webhook_cannot_be_used(
    now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HAOCHAPING_SELFTEST_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("HAOCHAPING_ALARM_URL", "https://alarms.example.test/")
    monkeypatch.delenv("HAOCHAPING_ALARM_SECRET", raising=False)
    monkeypatch.setattr(calling.Door, "wait", lambda *_: None)
    monkeypatch.setattr(walk, "_READ_ANEW", 0)
    assert selftest.run(now=now) == len(cells())
    assert watch.alarms_on()["selftest"] == len(cells())


def test_where_nothing_came_nothing_is_missed_and_nothing_is_told(now: datetime) -> None:
    assert arrivals.run(now=now) == 0
    assert alarms.run(now=now) == 0


def test_the_public_address_is_tested_unless_another_is_named() -> None:
    base = {"HAOCHAPING_BASE_URL": "https://hcp.example.test"}
    assert selftest_address(base) == "https://hcp.example.test"
    own = base | {"HAOCHAPING_SELFTEST_URL": "http://127.0.0.1:8000"}
    assert selftest_address(own) == "http://127.0.0.1:8000"
    assert selftest_address({}) is None
