"""A door as `up` starts it, on a free port of this machine, before the test database."""

import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from haochaping.cli.programs import door
from haochaping.cli.stage import free_port
from haochaping.foundation.outgoing import NoAnswer, call
from tests.occasions import database_address

PATIENCE = 300.0


@contextmanager
def running_door(log: Path, **environment: str) -> Iterator[str]:
    """Its address. Started and ended with the block; what it says goes into the file `log`."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    spec = door(Path(), host="127.0.0.1", port=port)
    given = {**(spec.environment or {}), "DATABASE_URL": database_address(), "HAOCHAPING_BASE_URL": address}
    given.pop("HAOCHAPING_WEB_SOCKET", None)
    with log.open("wb") as said:
        process = subprocess.Popen(spec.argv, env={**given, **environment}, stderr=said)
    try:
        _wait(f"{address}/readyz", process, log)
        yield address
    finally:
        process.terminate()
        process.wait(PATIENCE)


def _wait(address: str, process: "subprocess.Popen[bytes]", log: Path) -> None:
    until = time.monotonic() + PATIENCE
    while True:
        with suppress(NoAnswer):
            if call("GET", address).status == 200:
                return
        assert process.poll() is None, log.read_text()
        assert time.monotonic() < until, "the door did not become ready"
        time.sleep(0.1)
