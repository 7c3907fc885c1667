"""A running city: `./haochaping up` as a user starts it, with its demo, on a free port and a day that stays the same."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# A Monday morning, ten o'clock in Kunming: windows are open and the calendar of the year is known.
PLAYED = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
START_LIMIT = 600


@dataclass(slots=True)
class City:
    """What `up` printed, and the commands beside it."""

    url: str
    data: Path
    environment: dict[str, str]
    addresses: dict[str, str]

    def command(self, *words: str, code: int = 0) -> str:
        """Runs ./haochaping with --data; its standard output. It must end with that exit code."""
        done = subprocess.run(
            [sys.executable, "-m", "haochaping.cli", *words, "--data", str(self.data)],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == code, done.stderr
        return done.stdout

    def client(self, organisation: str, rights: str = "report,rate") -> tuple[str, str]:
        """A new client's key and secret."""
        answer = json.loads(
            self.command("client", "create", "--organisation", organisation, "--rights", rights, "--json")
        )
        return answer["key"], answer["secret"]

    def now(self) -> float:
        """The city's time in Unix seconds."""
        return time.time() + int(self.environment["HAOCHAPING_CLOCK_SHIFT"])


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
        return number


@contextmanager
def running_city(data: Path) -> Iterator[City]:
    """Starts `up`, waits for its addresses, stops it by Ctrl-C and sees that it ended well."""
    port = free_port()
    shift = int(PLAYED.timestamp() - time.time())
    environment = {
        name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "HAOCHAPING_DATA")
    }
    environment |= {
        "HAOCHAPING_CLOCK_SHIFT": str(shift),
        "PYTHONUNBUFFERED": "1",
        "PYTHONPATH": str(ROOT / "src"),
    }
    process = subprocess.Popen(
        [sys.executable, "-m", "haochaping.cli", "up", "--data", str(data), "--port", str(port)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    try:
        addresses = _addresses(process)
        yield City(f"http://127.0.0.1:{port}", data, environment, addresses)
    finally:
        process.send_signal(signal.SIGINT)
        try:
            code = process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            raise
    assert code == 0


def _addresses(process: "subprocess.Popen[str]") -> dict[str, str]:
    """Reads what `up` says until the block of addresses is complete."""
    limit = time.monotonic() + START_LIMIT
    said: list[str] = []
    found: dict[str, str] = {}
    assert process.stdout is not None
    for line in process.stdout:
        said.append(line)
        if match := re.match(r"  (\S.*?)\s{2,}(https?://\S+)$", line.rstrip("\n")):
            found[match.group(1)] = match.group(2)
        elif found:
            return found
        if len(found) == 3:
            return found
        assert time.monotonic() < limit, "".join(said)
    raise AssertionError("up ended: " + "".join(said))
