"""No value of a statement reaches PostgreSQL's log or its statistics, whatever goes wrong."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from haochaping.cli.indiscretions import indiscreet_settings, tell_of_indiscretions
from haochaping.starter import cluster, postgres

NAME = "欧阳金丝雀"
WRONG = [
    "SELECT '欧阳金丝雀'::int",
    "SELECT '欧阳金丝雀' FROM nowhere",
    'SELECT 1 AS "欧阳金丝雀" FROM',
    "INSERT INTO people VALUES ('欧阳金丝雀')",
    "DO $$ BEGIN RAISE WARNING '%', '欧阳金丝雀'; RAISE EXCEPTION '%', '欧阳金丝雀'; END $$",
    "DO $$ BEGIN RAISE NOTICE '%', '欧阳金丝雀'; END $$",
]


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, Path]]:
    """Address and log of a server of ours whose files say that everything is to be logged."""
    folder = Path(tempfile.mkdtemp(prefix="hcp-"))
    folder.chmod(0o711)
    with pytest.MonkeyPatch.context() as patched:
        patched.delenv("DATABASE_URL", raising=False)
        patched.setitem(cluster.SETTINGS, "log_statement", "all")
        patched.setitem(cluster.SETTINGS, "log_min_messages", "notice")
        started = postgres.start(folder / "data", print, hasty=True)
        try:
            yield started.dsn, folder / "data" / "log" / "postgres.log"
        finally:
            started.stop()
            if started.folder.parent != folder / "data":
                shutil.rmtree(started.folder.parent)
            shutil.rmtree(folder)


def test_errors_and_parameters_leave_no_trace(server: tuple[str, Path]) -> None:
    dsn, log = server
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("CREATE TABLE people (name text PRIMARY KEY)")
        connection.execute("INSERT INTO people VALUES (%s)", [NAME])
        for statement in WRONG[:-1]:
            with pytest.raises(psycopg.Error):
                connection.execute(statement)  # type: ignore[call-overload]
        connection.execute(WRONG[-1])  # type: ignore[call-overload]
        with pytest.raises(psycopg.Error):
            connection.execute("SELECT %s::text::int", [NAME])
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute("SET log_statement = 'all'")
        preloaded = connection.execute("SHOW shared_preload_libraries").fetchone()
    assert preloaded == ("",)
    said = log.read_text(encoding="utf-8")
    assert "ready to accept connections" in said
    assert NAME not in said


def test_our_own_server_tells_nothing(server: tuple[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    assert indiscreet_settings(server[0]) == []
    tell_of_indiscretions(server[0], print)
    assert capsys.readouterr().out == ""


def test_another_server_is_warned_of(
    server: tuple[str, Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("haochaping.cli.indiscretions.indiscreet_settings", lambda url: ["log_statement"])
    tell_of_indiscretions(server[0], print)
    assert "what to set: log_statement" in capsys.readouterr().out
