"""Neither `up` nor the door works on a PostgreSQL that may forget what it has confirmed."""

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import psycopg
import pytest

from haochaping.cli.durability import ensure_durable
from haochaping.cli.stage import free_port
from haochaping.config import asgi
from haochaping.starter import cluster, postgres
from haochaping.starter.durability import THROWAWAY
from haochaping.starter.progress import StartError
from tests.integration.config.test_asgi import running

SETTINGS = ("fsync", "full_page_writes", "synchronous_commit")
WITHIN = 60.0


@pytest.fixture(scope="module")
def server() -> Iterator[postgres.Cluster]:
    """A server of which nobody says that it may forget."""
    folder = Path(tempfile.mkdtemp(prefix="hcp-"))
    folder.chmod(0o711)
    with pytest.MonkeyPatch.context() as patched:
        patched.delenv("DATABASE_URL", raising=False)
        patched.delitem(cluster.HASTY, THROWAWAY)
        started = postgres.start(folder / "data", print, hasty=True)
        try:
            yield started
        finally:
            started.stop()
            if started.folder.parent != folder / "data":
                shutil.rmtree(started.folder.parent)
            shutil.rmtree(folder)


def set_off(server: postgres.Cluster, *off: str) -> None:
    """As its administrator would: in the file, and told to look."""
    with (server.folder / "postgresql.conf").open("a") as file:
        file.writelines(f"{name} = {'off' if name in off else 'on'}\n" for name in SETTINGS)
    assert server.child is not None
    server.child.process.send_signal(signal.SIGHUP)
    limit = time.monotonic() + WITHIN
    while _off(server) != set(off):
        assert time.monotonic() < limit
        time.sleep(0.05)


def _off(server: postgres.Cluster) -> set[str]:
    with psycopg.connect(server.dsn) as connection:
        rows = connection.execute(
            "SELECT name FROM pg_settings WHERE name = ANY(%s) AND setting = 'off'", [list(SETTINGS)]
        )
        return {row[0] for row in rows}


@pytest.mark.parametrize("name", SETTINGS)
def test_each_setting_is_refused_by_name_with_what_to_do(server: postgres.Cluster, name: str) -> None:
    set_off(server, name)
    with pytest.raises(StartError) as refused:
        ensure_durable(server.dsn)
    words = str(refused.value)
    assert f"runs with {name} off" in words
    assert f"ALTER SYSTEM SET {name} = on;" in words
    assert not any(other in words for other in SETTINGS if other != name)


def test_what_an_address_says_of_its_own_connections_counts_as_well(server: postgres.Cluster) -> None:
    set_off(server)
    ensure_durable(server.dsn)
    with pytest.raises(StartError, match="synchronous_commit off"):
        ensure_durable(server.dsn + "&options=-c%20synchronous_commit%3Doff")


def test_up_does_not_start_on_it_and_changes_nothing(server: postgres.Cluster, tmp_path: Path) -> None:
    set_off(server, "fsync", "full_page_writes")
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "haochaping.cli",
            "up",
            "--data",
            str(tmp_path / "data"),
            "--port",
            str(free_port()),
        ],
        env=os.environ | {"DATABASE_URL": server.dsn},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert done.returncode != 0
    assert "fsync and full_page_writes off" in done.stderr
    assert "Traceback" not in done.stderr
    with psycopg.connect(server.dsn) as connection:
        row = connection.execute("SELECT to_regclass('django_migrations')").fetchone()
    assert row == (None,)


async def test_the_door_says_why_and_works_once_it_is_mended(server: postgres.Cluster) -> None:
    set_off(server, "fsync")
    async with running(asgi.build({"DATABASE_URL": server.dsn})) as client:
        assert await _state(client, "refused: fsync off")
        answer = await client.post(f"/api/v1/ratings/{'A' * 60}", json={})
        assert answer.status_code == 503
        # The tables are still missing here: what it says then is another matter.
        await asyncio.to_thread(set_off, server)
        assert await _state(client, "not reached yet")


async def _state(client: httpx.AsyncClient, wanted: str) -> bool:
    """Whether the database comes to be described so."""
    for _ in range(600):
        answer = await client.get("/readyz")
        if answer.status_code == 503 and answer.json()["parts"]["database"] == wanted:
            return True
        await asyncio.sleep(0.1)
    return False
