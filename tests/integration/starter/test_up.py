"""`up` as a process of its own: one for each data directory and port, gone whole, back after any kill."""

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from haochaping.cli import port

MIGRATIONS = """
import argparse, sys
from pathlib import Path
from haochaping.cli.database import connected
with connected(argparse.Namespace(data=Path(sys.argv[1]), command=argparse.Namespace(NAME="count"))):
    from django.db import connection
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM django_migrations")
        print(cursor.fetchone()[0])
"""


def _environment() -> dict[str, str]:
    return {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "HAOCHAPING_DATA")
    }


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        number: int = probe.getsockname()[1]
        return number


def _processes() -> dict[int, int]:
    """Living process -> parent, of the whole machine."""
    found = {}
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = stat.read_text().rsplit(")", 1)[1].split()[:2]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if state != "Z":
            found[int(stat.parent.name)] = int(parent)
    return found


@dataclass
class Up:
    """A running `up` and what it said."""

    data: Path
    port: int
    process: subprocess.Popen[str] = field(init=False)
    seconds: float = 0.0

    def start(self) -> "Up":
        begun = time.monotonic()
        command = [sys.executable, "-P", "-m", "haochaping.cli", "up", "--no-demo"]
        command += ["--data", str(self.data), "--port", str(self.port)]
        self.process = subprocess.Popen(
            command, env=_environment(), stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        assert self.process.stdout is not None
        said = []
        for line in self.process.stdout:
            said.append(line)
            if "Ready" in line:
                self.seconds = time.monotonic() - begun
                return self
        pytest.fail("up ended:\n" + "".join(said))

    def family(self) -> set[int]:
        """The process and all that descend from it."""
        parents, family = _processes(), {self.process.pid}
        while more := {pid for pid, parent in parents.items() if parent in family} - family:
            family |= more
        return family

    def children(self) -> list[int]:
        return [pid for pid, parent in _processes().items() if parent == self.process.pid]

    def stop(self) -> str:
        """Ctrl-C; returns what it said then."""
        self.process.send_signal(signal.SIGINT)
        return self.process.communicate(timeout=60)[0]


def _gone(pids: set[int], seconds: float) -> bool:
    limit = time.monotonic() + seconds
    while pids & set(_processes()):
        if time.monotonic() > limit:
            return False
        time.sleep(0.1)
    return True


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """Where the data directory lies that these tests start on, kill and start on again."""
    folder = Path(tempfile.mkdtemp(prefix="hcp-"))
    folder.chmod(0o711)  # root's PostgreSQL runs under another account, which passes through here
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def up(folder: Path) -> Iterator[Up]:
    running = Up(folder / "data", _free_port())
    yield running.start()
    if running.process.poll() is None:
        running.stop()


def _try(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-P", "-m", "haochaping.cli", *arguments]
    return subprocess.run(
        command, env=_environment(), capture_output=True, text=True, timeout=60, check=False
    )


def _migrations(data: Path) -> int:
    command = [sys.executable, "-c", MIGRATIONS, str(data)]
    answer = subprocess.run(
        command, env=_environment(), capture_output=True, text=True, check=True, timeout=60
    )
    return int(answer.stdout)


def test_it_answers_stops_with_all_its_processes_and_keeps_the_data(up: Up) -> None:
    assert port.answers("127.0.0.1", up.port, "/readyz")
    assert port.answers("127.0.0.1", up.port, "/livez")
    family = up.family()
    assert len(family) >= 5, "itself, PostgreSQL, web, door, worker"
    while_running = _migrations(up.data)
    assert "Stopped" in up.stop()
    assert up.process.returncode == 0
    assert _gone(family, 5)
    assert while_running == _migrations(up.data) > 0
    again = up.start()
    assert again.seconds < 30, (
        "the goal is 10 s; this leaves room for a machine that does other things as well"
    )


def test_a_second_one_on_the_same_data_or_port_says_so_and_ends(up: Up) -> None:
    second = _try("up", "--data", str(up.data), "--port", str(_free_port()))
    assert second.returncode == 1
    assert str(up.process.pid) in second.stderr
    assert f"http://127.0.0.1:{up.port}" in second.stderr
    elsewhere = up.data.parent / "elsewhere"
    third = _try("up", "--data", str(elsewhere), "--port", str(up.port))
    assert third.returncode == 1
    assert f"port {up.port}" in third.stderr
    assert not (elsewhere / "postgres").exists(), "nothing was started"
    assert port.answers("127.0.0.1", up.port, "/readyz"), "the first one is undisturbed"


def test_killing_it_takes_everything_down_and_the_next_start_recovers(up: Up) -> None:
    family = up.family()
    up.process.kill()
    up.process.wait()
    up.start()  # at once, on the same port: waits for the old processes to leave it
    assert _gone(family, 30)  # the old worker finishes what it has under way; two at once do no harm
    assert port.answers("127.0.0.1", up.port, "/readyz")


def test_it_recovers_when_everything_is_killed_at_once(up: Up) -> None:
    family = up.family()
    for pid in family:
        with suppress(ProcessLookupError):  # some die of the death of those before them
            os.kill(pid, signal.SIGKILL)
    up.process.wait()
    assert _gone(family, 10)
    up.start()
    assert port.answers("127.0.0.1", up.port, "/readyz")


def test_a_process_that_dies_is_started_again(up: Up) -> None:
    for name in ("gunicorn", "uvicorn", "worker", "postgres"):
        (victim,) = (pid for pid in up.children() if name in Path(f"/proc/{pid}/cmdline").read_text())
        os.kill(victim, signal.SIGKILL)
        assert _gone({victim}, 10)
    limit = time.monotonic() + 60
    while not port.answers("127.0.0.1", up.port, "/readyz"):
        assert time.monotonic() < limit
        time.sleep(0.2)
    said = up.stop()
    for name in ("web", "door", "worker", "postgres"):
        assert f"{name} ended unasked" in said
