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


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
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
    url = os.environ.get("HAOCHAPING_TEST_DATABASE_URL") or run.enter_context(temporary_cluster(data)).dsn
    os.environ.update(
        DATABASE_URL=url, HAOCHAPING_DATA=str(data), DJANGO_SETTINGS_MODULE="haochaping.config.settings"
    )
