"""What a cluster's own postmaster.pid says, and whether it is still true."""

from dataclasses import dataclass
from pathlib import Path

FILE = "postmaster.pid"


@dataclass(frozen=True, slots=True)
class Postmaster:
    """A living server of one cluster folder. `ready`: it takes connections."""

    pid: int
    sockets: Path
    port: int
    ready: bool


def read_postmaster(folder: Path) -> Postmaster | None:
    """The living server of a cluster folder; None when there is none, or only the file of a dead one."""
    try:
        lines = (folder / FILE).read_text().splitlines()
        pid = int(lines[0])
    except (FileNotFoundError, IndexError, ValueError):
        return None
    if not _serves(pid, folder):
        return None
    if len(lines) < 8:  # it is still starting: PostgreSQL adds the lines one after the other
        return Postmaster(pid, Path(), 0, ready=False)
    return Postmaster(pid, Path(lines[4]), int(lines[3]), ready=lines[7].strip() == "ready")


def _serves(pid: int, folder: Path) -> bool:
    """Whether the process is a server of that folder: numbers are given anew after a crash or a restart."""
    try:
        return Path(f"/proc/{pid}/cwd").samefile(folder)
    except (FileNotFoundError, ProcessLookupError):
        return False
    except PermissionError:
        return True  # we may not look: then believe the file


def forget_dead_postmaster(folder: Path, sockets: Path) -> None:
    """Removes what a killed server left: PostgreSQL would believe it when the process number is used again.

    Only for the holder of the cluster's lock, after read_postmaster() found nobody.
    """
    for left in (folder / FILE, *sockets.glob(".s.PGSQL.*")):
        left.unlink(missing_ok=True)
