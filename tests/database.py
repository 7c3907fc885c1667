"""The real PostgreSQL of a test run: there before Django's settings are read, gone with the run.

Loaded by `-p tests.database`. HAOCHAPING_TEST_DATABASE_URL names a server to use instead; its role must be
allowed to create databases, and where it runs without fsync it has to say `haochaping.throwaway = on` in its file.
"""

import atexit
import os
import shutil
import tempfile
from contextlib import ExitStack
from pathlib import Path

import pytest

from haochaping.cli.stage import KEPT
from haochaping.starter.keys import ensure_keys
from haochaping.starter.layout import lay_out
from haochaping.starter.postgres import temporary_cluster

# Read by the settings and never connected to.
NOWHERE = "postgresql:///none?host=/nonexistent"


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Runs before pytest-django loads the settings, which need to know the database and the keys."""
    run = ExitStack()
    atexit.register(run.close)  # also when pytest itself gives up before it calls its plugins again
    data = Path(tempfile.mkdtemp(prefix="hcp-test-"))
    run.callback(shutil.rmtree, data, ignore_errors=True)
    data.chmod(0o711)  # root's PostgreSQL runs under another account, which passes through here
    # The processes that share the tests inherit it: one of them makes the first stage, all others begin with a copy.
    (data / "stages").mkdir()
    os.environ.setdefault(KEPT, str(data / "stages"))
    ensure_keys(lay_out(data).keys, needed_by=None)
    if early_config.known_args_namespace.numprocesses and "PYTEST_XDIST_WORKER" not in os.environ:
        url = NOWHERE  # it only shares the tests out: each of those who run them has a server of its own
    else:
        url = os.environ.get("HAOCHAPING_TEST_DATABASE_URL") or run.enter_context(temporary_cluster(data)).dsn
    os.environ.update(
        DATABASE_URL=url, HAOCHAPING_DATA=str(data), DJANGO_SETTINGS_MODULE="haochaping.config.settings"
    )
