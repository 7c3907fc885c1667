"""Fixtures for every test. The database server itself is started by tests/database.py."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from django.utils import translation
from hypothesis import settings
from pytest_django.plugin import DjangoDbBlocker
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from haochaping.tallies.declared import FROM_ROWS

# What takes longest, the longest first: what one process is still busy with at the end is then little.
FIRST = (
    "tests/journeys",
    "tests/integration/identity/test_canaries.py",
    "tests/integration/cli",
    "tests/integration/starter",
    "tests/integration/deploy",
    "tests/integration/simulation",
    "tests/integration/rectification/test_loop_machine",
)


# What takes long to set up, and is set up once: all journeys share a city and a browser, others a running system, a server
# or simulated years.
TOGETHER = (
    "tests/journeys/",
    "tests/integration/cli/test_new_year.py",
    "tests/integration/starter/test_up.py",
    "tests/integration/starter/test_discretion.py",
    "tests/integration/starter/test_durability.py",
    "tests/integration/simulation/test_marginals.py",
    "tests/integration/simulation/test_scored_city.py",
)


# How long one example takes tells of the machine, not of what is tested.
settings.register_profile("untimed", parent=settings.default, deadline=None)
settings.load_profile("untimed")


class SharedOut(LoadScopeScheduling):
    """How several processes share the tests: each by itself, but for those that belong together."""

    def _split_scope(self, nodeid: str) -> str:
        return next((place for place in TOGETHER if nodeid.startswith(place)), nodeid)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> SharedOut:
    return SharedOut(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest first."""
    items.sort(key=lambda item: _turn(item.nodeid))


def _turn(nodeid: str) -> int:
    return next((turn for turn, place in enumerate(FIRST) if nodeid.startswith(place)), len(FIRST))


@pytest.fixture(autouse=True)
def _spoken() -> Iterator[None]:
    """Whoever spoke English in a test, as commands do, does not speak it in the next."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _forgotten() -> Iterator[None]:
    """A page that was kept for two seconds in one test is not shown in the next."""
    yield
    cache.clear()


@pytest.fixture
def now() -> datetime:
    """The instant at which tests play: a Monday morning in Kunming."""
    return datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def django_db_setup(
    django_test_environment: None, django_db_modify_db_settings: None, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    """The test database, whichever tests run: pytest-django makes one for its own markers only, and without it
    `committed_db` would work on, and empty, the database that the address names. Each process has its own."""
    with django_db_blocker.unblock():
        made = setup_databases(verbosity=0, interactive=False)
    yield
    with django_db_blocker.unblock():
        teardown_databases(made, verbosity=0)


@pytest.fixture
def committed_db(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A database in which commits are real, for what speaks to it from several connections (asyncpg, threads, processes).
    Emptied afterwards."""
    with django_db_blocker.unblock():
        yield
        empty_database()
        connection.close()


# A table that holds something costs as much as it holds, one that holds nothing next to nothing; to truncate all of them
# costs a tenth of a second for their files alone.
_EMPTY = """
DO $$ DECLARE
  kept text;
BEGIN
  FOR kept IN
    SELECT oid::regclass FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
      AND relname <> 'django_migrations' AND relname !~ '^(django_content_type|auth_permission)'
  LOOP
    EXECUTE 'DELETE FROM ' || kept;
  END LOOP;
  PERFORM setval(format('%I.%I', schemaname, sequencename), start_value, false)
  FROM pg_sequences
  WHERE last_value IS NOT NULL AND sequencename !~ '^(django_migrations|django_content_type|auth_permission)';
END $$
"""


def empty_database() -> None:
    """Takes every row, in the role of a replica, because ratings, steps and the audit trail refuse to be deleted."""
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(_EMPTY)
        cursor.execute("SET session_replication_role = origin")
        # As in a new database: nothing was ever counted, so nothing is to be filled.
        cursor.execute(
            "INSERT INTO tallies_filled (tally, filled_at) SELECT unnest(%s::text[]), now()",
            [[tally.table for tally in FROM_ROWS]],
        )
