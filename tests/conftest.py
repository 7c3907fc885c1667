"""Fixtures for every test. The database server itself is started by tests/database.py."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import setup_databases, teardown_databases
from django.utils import translation
from pytest_django.plugin import DjangoDbBlocker

FIRST = ("tests/journeys", "tests/integration/starter", "tests/integration/cli", "tests/integration/deploy")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """What takes longest first, and a file's tests together: where several processes share the tests (`--dist loadgroup`),
    a file is one process's, and all journeys are, because they share a city and a browser."""
    items.sort(key=lambda item: not item.nodeid.startswith(FIRST))
    for item in items:
        whose = "tests/journeys" if "journeys" in item.path.parts else item.nodeid.partition("::")[0]
        item.add_marker(pytest.mark.xdist_group(whose))


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


def empty_database() -> None:
    """Takes every row, in the role of a replica, because ratings, steps and the audit trail refuse to be truncated."""
    tables = ", ".join(
        connection.ops.quote_name(name)
        for name in connection.introspection.table_names()
        if name != "django_migrations" and not name.startswith(("django_content_type", "auth_permission"))
    )
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute(f"TRUNCATE {tables} RESTART IDENTITY CASCADE")
        cursor.execute("SET session_replication_role = origin")
