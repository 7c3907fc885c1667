"""Processes: logged, restarted with growing pauses, stopped with all they started, never outliving us."""

import signal
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from haochaping.starter.children import LARGEST_LOG, Spec, spawn
from haochaping.starter.processes import FIRST_PAUSE, LONGEST_PAUSE, Supervisor

STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
time.sleep(60)
"""
FAMILY = """
import subprocess, time
print(subprocess.Popen(["sleep", "60"]).pid, flush=True)
time.sleep(60)
"""
STARTER = """
import sys, time
from pathlib import Path
from haochaping.starter.children import Spec, spawn
child = spawn(Spec("sleeper", ("sleep", "60")), Path(sys.argv[1]))
print(child.process.pid, flush=True)
time.sleep(60)
"""


def _eventually(condition: Callable[[], bool], seconds: float = 10) -> bool:
    limit = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > limit:
            return False
        time.sleep(0.02)
    return True


def _alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def _heard(supervisor: Supervisor, now: float, said: list[str], times: int) -> bool:
    supervisor.look(now)
    return len(said) == times


def _python(code: str, name: str = "child", grace: float = 10.0) -> Spec:
    return Spec(name, (sys.executable, "-c", code), grace=grace)


def test_output_goes_to_the_log_and_its_end_can_be_shown(tmp_path: Path) -> None:
    child = spawn(_python("print('first'); raise SystemExit('last words')"), tmp_path / "child.log")
    assert child.process.wait(10) == 1
    assert child.last_words() == "first\nlast words"
    assert child.last_words(lines=1) == "last words"


def test_a_large_log_is_turned_over_at_the_start(tmp_path: Path) -> None:
    log = tmp_path / "child.log"
    log.write_bytes(b"x" * (LARGEST_LOG + 1))
    spawn(_python("print('new')"), log).process.wait(10)
    assert log.read_text() == "new\n"
    assert (tmp_path / "child.log.1").stat().st_size == LARGEST_LOG + 1


def test_who_does_not_stop_is_killed_after_its_grace(tmp_path: Path) -> None:
    child = spawn(_python(STUBBORN, grace=0.3), tmp_path / "child.log")
    assert _eventually(lambda: child.last_words() == "up")
    child.stop()
    assert child.ended() == -signal.SIGKILL


def test_what_a_child_started_goes_with_it(tmp_path: Path) -> None:
    child = spawn(_python(FAMILY), tmp_path / "child.log")
    assert _eventually(lambda: child.last_words().isdecimal())
    grandchild = int(child.last_words())
    assert _alive(grandchild)
    child.stop()
    assert _eventually(lambda: not _alive(grandchild))


def test_a_child_ends_when_its_starter_is_killed(tmp_path: Path) -> None:
    with subprocess.Popen(
        [sys.executable, "-c", STARTER, str(tmp_path / "log")], stdout=subprocess.PIPE
    ) as starter:
        assert starter.stdout is not None
        pid = int(starter.stdout.readline())
        assert _alive(pid)
        starter.kill()
    assert _eventually(lambda: not _alive(pid))


def test_one_that_dies_is_started_again_with_growing_pauses_and_it_is_said(tmp_path: Path) -> None:
    said: list[str] = []
    supervisor = Supervisor(log=tmp_path, say=said.append)
    first = supervisor.start(_python("raise SystemExit(3)"))
    now = time.monotonic()
    for death, pause in ((1, FIRST_PAUSE), (2, 2 * FIRST_PAUSE), (3, 4 * FIRST_PAUSE)):
        assert _eventually(partial(_heard, supervisor, now, said, death))
        assert f"code 3); starting it again in {pause:g} s" in said[-1]
        supervisor.look(now + pause - 0.01)
        assert len(said) == death
        now += pause
        supervisor.look(now)
    failing = supervisor.failing(3)
    assert failing is not None
    assert failing.process.pid != first.process.pid
    assert supervisor.failing(4) is None
    supervisor.stop()


def test_one_that_cannot_be_started_again_does_not_take_the_others_down(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\nexit 1\n")
    program.chmod(0o755)
    said: list[str] = []
    supervisor = Supervisor(log=tmp_path, say=said.append)
    steady = supervisor.start(Spec("steady", ("sleep", "60")))
    supervisor.start(Spec("fleeting", (str(program),)))
    now = time.monotonic()
    assert _eventually(lambda: _heard(supervisor, now, said, 1))
    program.unlink()
    supervisor.look(now + FIRST_PAUSE)
    assert "fleeting cannot be started" in said[1]
    program.write_text("#!/bin/sh\nsleep 60\n")
    program.chmod(0o755)
    supervisor.look(now + FIRST_PAUSE + LONGEST_PAUSE)
    assert len(said) == 2
    assert steady.ended() is None
    supervisor.stop()


def test_all_are_stopped_in_reverse_order(tmp_path: Path) -> None:
    record = tmp_path / "order"
    code = (
        "import signal, sys, time\n"
        "def leave(*_):\n"
        f"    open({str(record)!r}, 'a').write(sys.argv[1]); sys.exit()\n"
        "signal.signal(signal.SIGTERM, leave)\n"
        "print('ready', flush=True)\n"
        "time.sleep(60)\n"
    )
    supervisor = Supervisor(log=tmp_path, say=print)
    children = [supervisor.start(Spec(name, (sys.executable, "-c", code, name))) for name in "abc"]
    assert _eventually(lambda: all(child.last_words() == "ready" for child in children))
    supervisor.stop()
    assert record.read_text() == "cba"
    assert not any(_alive(child.process.pid) for child in children)
