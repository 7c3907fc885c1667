"""The virtual environment beside the launcher: made, brought up to the lock, repaired. Standard library only.

A marker written last says which locks are installed, so an interrupted installation is simply done again.
"""

import hashlib
import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from haochaping.starter import debian
from haochaping.starter.locks import Lock
from haochaping.starter.programs import system_has_postgres
from haochaping.starter.progress import Say, StartError, step

MARKER = "haochaping.json"


def folder(root: Path) -> Path:
    return root / ".venv"


def python(root: Path) -> Path:
    return folder(root) / "bin" / "python"


def needed_locks(environment: Mapping[str, str] = os.environ) -> tuple[str, ...]:
    """The lock files that a start needs: PostgreSQL's own programs only for a machine that has none."""
    if environment.get("DATABASE_URL") or system_has_postgres(environment):
        return ("run.txt",)
    return ("run.txt", "postgres.txt")


def prepare(root: Path, locks: Sequence[str], say: Say) -> None:
    """Makes sure that the environment of the checkout `root` holds exactly the versions of these lock files.

    Two at once wait for each other. Raises StartError when something is missing that only the user can add.
    """
    wanted = {name: _digest(root / "requirements" / name) for name in locks}
    if _is_current(root, wanted):
        return
    try:
        lock = Lock(root / ".venv.lock")
    except OSError as error:
        raise StartError(
            f"The environment in {folder(root)} must be made, but {root} cannot be written to "
            f"({error.strerror}). "
            "Start once as the owner of this folder, or use a checkout of your own."
        ) from error
    try:
        with step(say, "Waiting for another start to finish its installation"):
            lock.take(wait=True)
        if not _is_current(root, wanted):
            _install(root, wanted, say)
    finally:
        lock.close()


def _is_current(root: Path, wanted: Mapping[str, str]) -> bool:
    state = _state(root)
    return python(root).exists() and all(state.get(name) == digest for name, digest in wanted.items())


def _state(root: Path) -> dict[str, str]:
    """Which locks are installed, by name and digest; empty when nobody finished."""
    try:
        found = json.loads((folder(root) / MARKER).read_text())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _digest(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _install(root: Path, wanted: Mapping[str, str], say: Say) -> None:
    state = _state(root)
    marker = folder(root) / MARKER
    marker.unlink(missing_ok=True)
    if not _answers(python(root)):
        _make(root, say)
    for name, digest in wanted.items():
        if state.get(name) != digest:
            _install_lock(root, name, say)
            state[name] = digest
    _link_source(root)
    unfinished = marker.with_suffix(".new")
    unfinished.write_text(json.dumps(state))
    unfinished.replace(marker)


def _answers(interpreter: Path) -> bool:
    """Whether this environment works: its Python may be gone, or the first attempt ended half way."""
    if not interpreter.exists():
        return False
    answer = subprocess.run([interpreter, "-m", "pip", "--version"], capture_output=True, check=False)
    return answer.returncode == 0


def _make(root: Path, say: Say) -> None:
    if importlib.util.find_spec("ensurepip") is None or importlib.util.find_spec("venv") is None:
        debian.install(["python3-venv"], why="This Python cannot make virtual environments.", say=say)
    with step(say, "Making the virtual environment"):
        command = [sys.executable, "-m", "venv", "--clear", str(folder(root))]
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        raise StartError(
            f"`{' '.join(command)}` failed:\n{(answer.stdout + answer.stderr).strip()[-1500:]}\n"
            "On Debian, `apt-get install python3-venv` gives what is missing."
        )


def _install_lock(root: Path, name: str, say: Say) -> None:
    """Only what the lock names, only files whose hashes it knows."""
    lock = root / "requirements" / name
    count = sum(line[:1].isalnum() for line in lock.read_text().splitlines())
    command = [str(python(root)), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    command += ["--no-input", "--require-hashes", "--only-binary", ":all:", "-r", str(lock)]
    with step(say, f"Installing {count} packages of requirements/{name}"):
        answer = subprocess.run(command, capture_output=True, text=True, check=False)
    if answer.returncode != 0:
        raise StartError(
            f"The packages of requirements/{name} could not be installed:\n{answer.stderr.strip()[-1500:]}\n"
            "Look whether this machine reaches a Python package index (pip's own settings name it), "
            "then start again: what is there already is kept."
        )


def _link_source(root: Path) -> None:
    """Lets the environment find our own package where it is, without building anything."""
    answer = subprocess.run(
        [python(root), "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        capture_output=True,
        text=True,
        check=True,
    )
    (Path(answer.stdout.strip()) / "haochaping.pth").write_text(f"{root / 'src'}\n")
