"""The self-test against a real door: what holds, what is found broken and named, and what the public never sees of it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from haochaping.audit.models import AuditEntry
from haochaping.cli import demo
from haochaping.foundation import clock
from haochaping.foundation.errors import Conflict
from haochaping.notices.models import Notice
from haochaping.oversight.models import Alarm
from haochaping.oversight.operations.alarms import LOCK
from haochaping.oversight.queries import watch
from haochaping.oversight.queries.coverage import coverage
from haochaping.oversight.watching import Step, Way, cells
from haochaping.policy.rulebook import Rulebook
from haochaping.publication.operations import freeze_departments
from haochaping.publication.queries import live
from haochaping.ratings.models import Rating
from haochaping.rectification.led import orders_to_lead
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.operations import open_orders
from haochaping.rectification.queries import workload
from haochaping.registry import queries as registry
from haochaping.registry import trial
from haochaping.registry.operations import import_registry
from haochaping.registry.queries.workbook import registry_workbook
from haochaping.simulation.selftest.walk import self_test
from tests.reporting import REGISTRY
from tests.running_door import running_door

RULES = Rulebook.load()


@pytest.fixture
def door(committed_db: None, tmp_path: Path) -> Iterator[str]:
    with running_door(tmp_path / "door.log") as address:
        yield address


def orders_come(seconds: float) -> None:
    """What the worker does while the self-test waits."""
    time.sleep(seconds)
    open_orders(now=clock.now(), limit=200)


def one_run(address: str, **changes: Any) -> watch.RunView:
    """One run, as it is kept."""
    how: dict[str, Any] = {"tell": True, "pause": orders_come, "patience": 3} | changes
    found = watch.run(self_test(address=address, rulebook=RULES, clock=clock.now, actor="test", **how))
    assert found is not None
    return found


@contextmanager
def broken(statement: str, mending: str) -> Iterator[None]:
    """The database as an unlucky change would leave it."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
        try:
            yield
        finally:
            cursor.execute(mending)


def test_every_way_channel_and_level_goes_the_whole_way(door: str) -> None:
    found = one_run(door)
    assert [(each.cell, each.step, each.reason) for each in found.outcomes] == [
        (cell, None, "") for cell in cells()
    ]
    assert (found.row.tested, found.row.failed) == (len(cells()), 0)
    bad = sum(cell.level <= 2 for cell in cells())
    assert WorkOrder.objects.count() == bad
    assert Rating.objects.filter(text="").count() == 0  # marked, every one of them
    entries = AuditEntry.objects.filter(act="oversight.selftest")
    assert [(entry.result, entry.detail["failed"]) for entry in entries] == [("passed", 0)]
    assert not Alarm.objects.exists()

    assert one_run(door).row.failed == 0  # the ground is laid once, the client is made once
    assert WorkOrder.objects.count() == 2 * bad

    nowhere()


def nowhere() -> None:
    """What was tested is in no list, figure or file, of an empty installation and of one with a city."""
    now = clock.now()
    today = clock.local_day(now)
    assert demo.needed()
    assert str([list(sheet.rows) for sheet in registry_workbook(filled=True)]).count(trial.DIVISION) == 0
    import_registry(directory=REGISTRY, now=now, actor="test")
    again = import_registry(directory=REGISTRY, now=now, actor="test")
    assert not any(again.absent.values())
    told = str([list(sheet.rows) for sheet in registry_workbook(filled=True)])
    assert "530100" in told
    assert trial.ORGANISATION not in told
    organisation = registry.organisation_id_by_credit_code(trial.ORGANISATION)
    assert organisation is not None
    assert registry.trial_organisations() == {organisation}
    assert organisation not in {one.id for one in registry.organisations(today)}
    assert trial.DIVISION not in {one.code for one in registry.division_tree(today)}
    assert coverage(organisations=[organisation], on=today).organisations == ()
    tomorrow = now + timedelta(days=1)
    assert live(now=tomorrow).total.rated == 0
    assert freeze_departments(now=tomorrow) == 0
    assert orders_to_lead() == ()
    assert (workload(now=now).open, workload(now=now).inbox) == (0, 0)


def test_what_is_broken_is_found_named_and_alarmed_until_it_is_mended(door: str) -> None:
    with broken(
        "ALTER TABLE ratings_rating ADD CONSTRAINT no_bad_ones CHECK (level > 2) NOT VALID",
        "ALTER TABLE ratings_rating DROP CONSTRAINT no_bad_ones",
    ):
        found = one_run(door)
        failed = [each for each in found.outcomes if each.step is not None]
        assert {each.cell.level for each in failed} == {1, 2}
        assert len(failed) == sum(cell.level <= 2 for cell in cells())
        assert {each.step for each in failed} == {Step.RATE}
        assert {each.reason for each in failed if each.cell.way is not Way.FORM} == {"HTTP 500 refused"}
        since = {alarm.since for alarm in Alarm.objects.all()}
        one_run(door)
        assert Alarm.objects.count() == len(failed)
        assert {alarm.since for alarm in Alarm.objects.all()} == since == {found.row.started_at}
    assert Notice.objects.count() == 1
    assert one_run(door).row.failed == 0
    assert not Alarm.objects.filter(ended_at=None).exists()
    assert [notice.body.count('"kind"') for notice in Notice.objects.order_by("created_at")] == [
        len(failed),
        len(failed),
    ]
    # A worm in the database: a good level is stored for every worst one.
    with broken(*trigger("ratings_rating", "IF NEW.level = 1 THEN NEW.level := 5; END IF;")):
        assert failures(one_run(door)) == {(1, Step.STORED, "stored as level 5")}
    with broken(*trigger("tallies_change", "IF NEW.n2 > 0 THEN RETURN NULL; END IF;")):
        assert {each[:2] for each in failures(one_run(door))} == {(2, Step.TALLY)}
    nobody_opens = one_run(door, pause=lambda _seconds: None)
    assert failures(nobody_opens) == {(1, Step.ORDER, "no work order"), (2, Step.ORDER, "no work order")}


def trigger(table: str, act: str) -> tuple[str, str]:
    """Statements that make and drop a trigger which meddles with every new row."""
    return (
        "CREATE FUNCTION meddle() RETURNS trigger LANGUAGE plpgsql AS"
        f" $$BEGIN {act} RETURN NEW; END$$;"
        f" CREATE TRIGGER meddle BEFORE INSERT ON {table} FOR EACH ROW EXECUTE FUNCTION meddle()",
        f"DROP TRIGGER meddle ON {table}; DROP FUNCTION meddle()",
    )


def failures(found: watch.RunView) -> set[tuple[int, Step, str]]:
    return {(each.cell.level, each.step, each.reason) for each in found.outcomes if each.step is not None}


def test_a_door_that_does_not_answer_is_said_for_everything(committed_db: None) -> None:
    found = one_run("http://127.0.0.1:9", pause=lambda _seconds: None)
    assert {(each.step, each.reason) for each in found.outcomes} == {(Step.REPORT, "ConnectionRefusedError")}
    assert found.row.failed == len(cells())
    assert Notice.objects.count() == 1  # one message, not fifty


def test_two_at_once_do_not_disturb_each_other(committed_db: None) -> None:
    copy = connection.copy()
    try:
        with copy.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        with pytest.raises(Conflict):
            one_run("http://127.0.0.1:9")
    finally:
        copy.close()
