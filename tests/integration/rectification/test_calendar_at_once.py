"""The notice of a year comes in twice at once, or from a command that is killed: deadlines and file agree in the end."""

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from django.db import connection

from haochaping.audit.models import AuditEntry
from haochaping.cli.calendar_load import load_file
from haochaping.foundation.clock import CN
from haochaping.jobs.daily import deadlines as nightly
from haochaping.policy.keeping import keeper
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.sources import RulesError
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.states import Act
from tests.occasions import database_address
from tests.orders import lead_to, make_city, make_official, open_order
from tests.reporting import ROOT

NOTICE = """
year = 2027
[documents.notice]
title = "国务院办公厅关于2027年部分节假日安排的通知（示例）"
[[holidays]]
name = "元旦"
from = 2027-01-01
to = 2027-01-03
makeup = [2026-12-27]
document = "notice"
"""
AT = datetime(2026, 12, 24, 9, 0, tzinfo=CN)
# Killed right after the file has its name, before the rows are committed.
KILLED = """
import os, signal, sys, django
django.setup()
from datetime import datetime
from pathlib import Path
from haochaping.cli import calendar_load
from haochaping.foundation.clock import CN
kept = calendar_load._keep
def keep(target, path):
    kept(target, path)
    os.kill(os.getpid(), signal.SIGKILL)
calendar_load._keep = keep
calendar_load.load_file(Path(sys.argv[1]), now=datetime(2026, 12, 25, tzinfo=CN))
"""


@pytest.fixture
def order(committed_db: None) -> WorkOrder:
    """Verified on 24 December: its fifteen working days reach into the year that nobody knows."""
    city = make_city()
    handler = make_official(city.police, AT, "handler")
    found = lead_to(open_order(city, AT), Act.VERIFY, handler, AT)
    assert found.due_provisional
    return found


@pytest.fixture
def notice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    data = tmp_path / "data"
    data.mkdir()
    (data / "keys").symlink_to(Path(os.environ["HAOCHAPING_DATA"]) / "keys")
    monkeypatch.setenv("HAOCHAPING_DATA", str(data))
    path = tmp_path / "2027.toml"
    path.write_text(NOTICE, encoding="utf-8")
    return path


def settled(order: WorkOrder) -> bool:
    order.refresh_from_db()
    return not order.due_provisional and 2027 in Rulebook.load().calendar.years


def in_threads(*work: Callable[[], object]) -> list[BaseException]:
    """Everything at once; what was raised."""
    raised: list[BaseException] = []
    start = threading.Barrier(len(work))

    def run(what: Callable[[], object]) -> None:
        try:
            start.wait()
            what()
        except BaseException as error:
            raised.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(each,)) for each in work]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return raised


def test_the_same_notice_twice_at_once_is_loaded_once(order: WorkOrder, notice: Path) -> None:
    def load() -> object:
        return load_file(notice, now=AT)

    assert in_threads(load, load, load) == []
    assert settled(order)
    assert AuditEntry.objects.filter(act="calendar.load").count() == 1


def test_of_two_different_notices_at_once_the_second_is_refused(order: WorkOrder, notice: Path) -> None:
    other = notice.parent / "other" / "2027.toml"
    other.parent.mkdir()
    other.write_text(NOTICE.replace("makeup = [2026-12-27]\n", ""), encoding="utf-8")
    (refused,) = in_threads(*(lambda path=path: load_file(path, now=AT) for path in (notice, other)))
    assert isinstance(refused, RulesError)
    assert "1 day(s) in another way: 2026-12-27" in str(refused)
    assert settled(order)
    assert AuditEntry.objects.filter(act="calendar.load").count() == 1


@pytest.mark.parametrize("mend", ["again", "night"])
def test_who_is_killed_between_file_and_rows_leaves_what_can_be_mended(
    order: WorkOrder, notice: Path, mend: str
) -> None:
    died = subprocess.run(
        [sys.executable, "-c", KILLED, str(notice)],
        env={**os.environ, "DATABASE_URL": database_address(), "PYTHONPATH": str(ROOT / "src")},
        check=False,
    )
    assert died.returncode == -signal.SIGKILL
    order.refresh_from_db()
    assert order.due_provisional, "no row was moved"
    assert 2027 in Rulebook.load().calendar.years, "the file is whole"
    if mend == "again":
        assert load_file(notice, now=AT).changed
        assert AuditEntry.objects.filter(act="calendar.load").count() == 1
    else:
        keeper.cache_clear()
        assert nightly.run(now=AT) == 1
        keeper.cache_clear()
    assert settled(order)
