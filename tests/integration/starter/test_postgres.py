"""Our own PostgreSQL, really: made, started, joined, stopped, and recovered after kills."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psycopg
import pytest

from haochaping.starter import cluster, postgres
from haochaping.starter.layout import lay_out
from haochaping.starter.postmaster import read_postmaster
from haochaping.starter.programs import find_programs
from haochaping.starter.progress import StartError

RUN = """
import sys, time
from haochaping.starter import postgres
started = postgres.start(sys.argv[1], print)
print("ready", started.child.process.pid, flush=True)
time.sleep(600)
"""


@pytest.fixture
def data(monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty data directory that root's database account can pass through; no DATABASE_URL."""
    monkeypatch.delenv("DATABASE_URL")
    folder = Path(tempfile.mkdtemp(prefix="hcp-"))
    folder.chmod(0o711)
    yield folder / "data"
    shutil.rmtree(folder)


def _start(data: Path) -> postgres.Cluster:
    return postgres.start(data, print, hasty=True)


def _server(started: postgres.Cluster) -> int:
    assert started.child is not None
    return started.child.process.pid


def _value(dsn: str, statement: str) -> object:
    with psycopg.connect(dsn) as connection:
        row = connection.execute(statement).fetchone()  # type: ignore[call-overload]
    return row[0]


def _gone(pid: int) -> bool:
    """Ended, even if nobody has collected its exit code yet."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except FileNotFoundError:
        return True


def test_a_new_database_is_as_the_design_wants_it(data: Path) -> None:
    started = _start(data)
    try:
        for setting, expected in (
            ("server_encoding", "UTF8"),
            ("lc_collate", "C"),
            ("data_checksums", "on"),
            ("password_encryption", "scram-sha-256"),
            ("listen_addresses", ""),
            ("log_error_verbosity", "terse"),
        ):
            assert _value(started.dsn, f"SELECT current_setting('{setting}')") == expected
        assert _value(started.dsn, "SELECT rolsuper FROM pg_roles WHERE rolname = current_user") is False
        assert _value(
            started.dsn, "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'haochaping'"
        )
        assert started.folder.stat().st_mode & 0o777 == 0o700
        assert started.sockets.stat().st_mode & 0o777 == 0o700
        assert started.password not in repr(started)
    finally:
        started.stop()


def test_the_settings_of_real_data_keep_commits_durable() -> None:
    assert not {"fsync", "full_page_writes", "synchronous_commit"} & set(cluster.SETTINGS)


async def test_asyncpg_and_pgbench_reach_it_by_the_same_address(data: Path) -> None:
    started = _start(data)
    programs = find_programs()
    assert programs is not None
    try:
        connection = await asyncpg.connect(started.dsn)
        assert await connection.fetchval("SELECT current_database()") == "haochaping"
        await connection.close()
        with psycopg.connect(started.dsn) as plain:
            plain.execute("CREATE TABLE one (n int)")
        script = data / "one.sql"
        script.write_text("INSERT INTO one VALUES (1);\n")
        subprocess.run(
            [programs.path("pgbench"), "-n", "-t", "5", "-f", str(script), started.dsn],
            check=True,
            capture_output=True,
        )
        assert _value(started.dsn, "SELECT count(*) FROM one") == 5
    finally:
        started.stop()


def test_a_wrong_password_opens_nothing(data: Path) -> None:
    started = _start(data)
    try:
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect(started.dsn.replace(started.password, "guessed"))
    finally:
        started.stop()


def test_what_was_written_is_there_after_stop_and_start(data: Path) -> None:
    started = _start(data)
    with psycopg.connect(started.dsn) as connection:
        connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
    started.stop()
    assert postgres.running_cluster(data) is None
    again = _start(data)
    try:
        assert _value(again.dsn, "SELECT n FROM kept") == 7
    finally:
        again.stop()


def test_commands_join_the_server_that_runs(data: Path) -> None:
    started = _start(data)
    try:
        with postgres.database(data, print) as dsn:
            assert dsn == started.dsn
            assert _value(dsn, "SELECT 1") == 1
        assert _value(started.dsn, "SELECT 1") == 1, "joining and leaving stops nothing"
    finally:
        started.stop()


def test_a_command_without_a_server_runs_it_meanwhile(data: Path) -> None:
    with postgres.database(data, print) as dsn:
        assert _value(dsn, "SELECT 1") == 1
        assert postgres.running_cluster(data) is not None
    assert postgres.running_cluster(data) is None


def test_the_command_that_started_it_waits_for_those_that_joined(data: Path) -> None:
    joined, leave, seen = threading.Event(), threading.Event(), []

    def join() -> None:
        with postgres.database(data, print) as dsn:
            joined.set()
            leave.wait(30)
            seen.append(_value(dsn, "SELECT 'still here'"))

    other = threading.Thread(target=join)
    with postgres.database(data, print):
        other.start()
        assert joined.wait(30)
        threading.Timer(0.5, leave.set).start()
    other.join()
    assert seen == ["still here"]
    assert postgres.running_cluster(data) is None


def test_database_url_from_outside_wins_and_nothing_is_started(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://elsewhere/haochaping")
    with postgres.database(data, print) as dsn:
        assert dsn == "postgresql://elsewhere/haochaping"
    assert not data.exists()


def test_two_data_directories_run_side_by_side(data: Path) -> None:
    one, two = _start(data / "one"), _start(data / "two")
    try:
        with psycopg.connect(one.dsn) as connection:
            connection.execute("CREATE TABLE here ()")
        assert _value(two.dsn, "SELECT to_regclass('here')") is None
        assert _server(one) != _server(two)
    finally:
        one.stop()
        two.stop()


def test_a_deep_data_directory_gets_a_short_socket(data: Path) -> None:
    started = _start(data / ("深" * 30) / ("d" * 60))
    try:
        assert _value(started.dsn, "SELECT 1") == 1
        assert not started.sockets.is_relative_to(data)
    finally:
        started.stop()
        started.sockets.rmdir()


def test_the_server_stops_when_its_starter_is_killed(data: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", RUN, str(data)], stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        pid = int(next(line for line in starter.stdout if line.startswith("ready")).split()[1])
        starter.kill()
    started = _start(data)  # at once: waits for the parting server, then starts a new one
    try:
        assert _gone(pid)
        assert _value(started.dsn, "SELECT 1") == 1
    finally:
        started.stop()


def test_it_recovers_when_server_and_starter_are_killed_at_once(data: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", RUN, str(data)], stdout=subprocess.PIPE, text=True
    ) as starter:
        assert starter.stdout is not None
        pid = int(next(line for line in starter.stdout if line.startswith("ready")).split()[1])
        found = postgres.running_cluster(data)
        assert found is not None
        with psycopg.connect(found.dsn) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 7 AS n")
        os.kill(pid, signal.SIGKILL)
        starter.kill()
    while not _gone(pid):
        time.sleep(0.01)
    assert (found.folder / "postmaster.pid").exists(), "the killed server could not clean up"
    assert read_postmaster(found.folder) is None
    started = _start(data)
    try:
        assert _value(started.dsn, "SELECT n FROM kept") == 7
    finally:
        started.stop()


def test_a_stale_file_whose_number_is_in_use_again_is_no_obstacle(data: Path) -> None:
    started = _start(data)
    started.stop()
    folder = started.folder
    with subprocess.Popen(["sleep", "60"]) as stranger:
        for process in (os.getpid(), stranger.pid):
            (folder / "postmaster.pid").write_text(
                f"{process}\n{folder}\n1\n5432\n{started.sockets}\n\n  1 1\nready\n"
            )
            assert read_postmaster(folder) is None
        stranger.kill()
    again = _start(data)
    try:
        assert _value(again.dsn, "SELECT 1") == 1
    finally:
        again.stop()


def test_an_interrupted_making_is_done_again(data: Path) -> None:
    layout = lay_out(data)
    unfinished = layout.data / "postgres.new"
    unfinished.mkdir()
    (unfinished / "PG_VERSION").write_text("15\n")
    started = _start(data)
    try:
        assert _value(started.dsn, "SELECT 1") == 1
        assert not unfinished.exists()
    finally:
        started.stop()


def test_data_of_a_version_that_is_not_here_are_left_alone(data: Path) -> None:
    layout = lay_out(data)
    (layout.data / "postgres").mkdir()
    (layout.data / "postgres" / "PG_VERSION").write_text("99\n")
    with pytest.raises(StartError, match="PostgreSQL 99"):
        _start(data)
    assert (layout.data / "postgres" / "PG_VERSION").read_text() == "99\n"


def test_a_lost_password_is_said_and_nothing_is_overwritten(data: Path) -> None:
    _start(data).stop()
    (lay_out(data).keys / "postgres.key").unlink()
    with pytest.raises(StartError, match=r"postgres\.key"):
        _start(data)
    assert cluster.exists(data / "postgres")


def test_a_server_that_cannot_start_shows_its_log(data: Path) -> None:
    _start(data).stop()
    with (data / "postgres" / "postgresql.conf").open("a") as file:
        file.write("no_such_setting = 1\n")
    with pytest.raises(StartError, match="no_such_setting"):
        _start(data)
    assert postgres.running_cluster(data) is None
