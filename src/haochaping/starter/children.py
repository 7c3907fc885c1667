"""One process that we start, in its own group, which ends when we end, however we end."""

import ctypes
import os
import signal
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from haochaping.starter.account import Account

LARGEST_LOG = 10 * 1024 * 1024
PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Spec:
    """What to start. `environment` None: ours. `grace`: seconds between `stop_signal` and the kill."""

    name: str
    argv: tuple[str, ...]
    environment: Mapping[str, str] | None = None
    folder: Path = Path("/")
    account: Account | None = None
    stop_signal: signal.Signals = signal.SIGTERM
    grace: float = 10.0


@dataclass(slots=True)
class Child:
    """A started process. Its group has the number of its process."""

    spec: Spec
    process: subprocess.Popen[bytes]
    log: Path
    _cleared: bool = field(default=False)

    def ended(self) -> int | None:
        """Its exit code, negative for a signal; None while it runs."""
        return self.process.poll()

    def ask_to_stop(self) -> None:
        if self.ended() is None:
            self.process.send_signal(self.spec.stop_signal)

    def wait_or_kill(self) -> None:
        """Gives it its time to stop, then kills it; whatever is left of its group goes as well."""
        try:
            self.process.wait(self.spec.grace)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.clear()

    def clear(self) -> None:
        """Kills what an ended process left in its group; once only: the number will be another's later."""
        if not self._cleared:
            self._cleared = True
            kill_group(self.process.pid)

    def stop(self) -> None:
        self.ask_to_stop()
        self.wait_or_kill()

    def last_words(self, lines: int = 15) -> str:
        """The end of its log, to be shown when it failed."""
        with self.log.open("rb") as file:
            file.seek(max(0, self.log.stat().st_size - 8192))
            return "\n".join(file.read().decode(errors="replace").splitlines()[-lines:])


def spawn(spec: Spec, log: Path) -> Child:
    """Starts a process whose output goes to the file `log`. To be called from the main thread only:

    the kernel sends the signal of parting when the starting *thread* ends.
    """
    _turn_over(log)
    account = spec.account
    with log.open("ab") as output:
        process = subprocess.Popen(
            spec.argv,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd=spec.folder,
            env=None if spec.environment is None else dict(spec.environment),
            process_group=0,
            umask=0o077,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=account.groups if account else None,
            preexec_fn=_end_with_parent(spec.stop_signal),
        )
    return Child(spec, process, log)


def _end_with_parent(farewell: signal.Signals) -> Callable[[], None]:
    """What the child does before it becomes the program: after the change of account, which would undo it."""
    libc = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def ask_for_signal() -> None:
        libc.prctl(PR_SET_PDEATHSIG, int(farewell), 0, 0, 0)
        if os.getppid() != parent:
            os._exit(1)

    return ask_for_signal


def kill_group(group: int) -> None:
    try:
        os.killpg(group, signal.SIGKILL)
    except (ProcessLookupError, PermissionError):
        return


def _turn_over(log: Path) -> None:
    """Keeps one older log: what went wrong before the last start can be read, and the disk does not fill."""
    if log.exists() and log.stat().st_size > LARGEST_LOG:
        log.replace(log.with_suffix(".log.1"))
