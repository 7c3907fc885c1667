"""Several who fold at once, and are killed at any moment: each change is added up exactly once."""

import threading
from datetime import date

import pytest
from django.db import InterfaceError, OperationalError, connection, connections

from haochaping.tallies.declared import CHANNEL_MONTH, DECLARED, TAG_MONTH
from haochaping.tallies.models import Change
from haochaping.tallies.operations import fold
from haochaping.tallies.queries import counts_of, organisation_totals, pending_deltas
from haochaping.tallies.rules import Counts
from tests.integration.tallies.connecting import other_connection

DAY = date(2026, 11, 23)
FOLDERS, KILLS, A_BATCH = 3, 25, 20


class Folders:
    """They fold a few changes at a time until it is said that it is enough, each on a connection by which it is found."""

    def __init__(self) -> None:
        self.enough = threading.Event()
        self.died = 0
        self.failures: list[BaseException] = []
        self._threads = [threading.Thread(target=self._work) for _ in range(FOLDERS)]
        for thread in self._threads:
            thread.start()

    def _work(self) -> None:
        try:
            while not self.enough.is_set():
                try:
                    with connection.cursor() as cursor:
                        cursor.execute("SET application_name = 'folder'")
                    fold(limit=7)
                except (OperationalError, InterfaceError):
                    self.died += 1
                    connection.close()
        except BaseException as error:
            self.failures.append(error)
        finally:
            connections.close_all()

    def end(self) -> None:
        self.enough.set()
        for thread in self._threads:
            thread.join()


@pytest.mark.usefixtures("committed_db")
def test_folders_that_are_killed_lose_nothing_and_count_nothing_twice() -> None:
    folders, written = Folders(), 0
    try:
        with other_connection(autocommit=True) as other:
            for _ in range(KILLS):
                Change.objects.bulk_create(
                    Change(
                        organisation_id=each % 3, day=DAY, channel=3, named=True, n5=1, tags=[501], item_id=4
                    )
                    for each in range(A_BATCH)
                )
                written += A_BATCH
                other.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'folder' "
                    "AND state <> 'idle' LIMIT 2"
                )
    finally:
        folders.end()
    assert folders.failures == []
    assert folders.died > 0
    while fold(limit=1000):
        continue
    assert pending_deltas() == 0
    assert sum(organisation_totals().values(), Counts()) == Counts(n5=written)
    assert {
        sum(counts_of(tally).values(), Counts()) for tally in (CHANNEL_MONTH, TAG_MONTH, *DECLARED[:2])
    } == {Counts(n5=written)}
