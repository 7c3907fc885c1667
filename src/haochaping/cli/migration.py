"""Brings the database up to the code's migrations; two at once wait for each other."""

import time
from typing import TYPE_CHECKING

# Any number will do, as long as all versions use the same.
LOCK = 7_208_314_503
_PAUSE = 0.1  # seconds

if TYPE_CHECKING:
    from django.db.migrations.executor import MigrationExecutor


def _missing(executor: "MigrationExecutor") -> bool:
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _locked() -> bool:
    """Whoever waits for the lock waits between statements: for one that waits, an index made concurrently would wait."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        locked: bool = cursor.fetchone()[0]
    return locked


def migrate() -> bool:
    """Applies what is missing, under an advisory lock. Returns whether anything was. Needs django.setup()."""
    from django.core.management import call_command
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    if not _missing(MigrationExecutor(connection)):
        return False
    while not _locked():
        time.sleep(_PAUSE)
    try:
        if not _missing(MigrationExecutor(connection)):
            return False
        call_command("migrate", interactive=False, verbosity=0)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    return True
