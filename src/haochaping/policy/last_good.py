"""The operator's files as they were when they could last be used: what a process starts with while they cannot."""

import json
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from haochaping.policy.rule_files import CALENDARS, RuleDirs, data_dir, version_of_files
from haochaping.policy.sources import RULES_DIR

_FILE: Final = "rules-last-good.json"


def keep(dirs: RuleDirs, version: str) -> None:
    """Writes all of the operator's files down, beside the data, as long as they are still of this version.

    Raises OSError and RulesError; what was kept before then stays.
    """
    data = data_dir()
    if data is None or not data.is_dir():
        return
    files = {
        path.relative_to(root).as_posix(): path.read_bytes().decode()
        for path, root in dirs.files()
        if root != RULES_DIR
    }
    content = json.dumps(files, ensure_ascii=False).encode()
    target = data / _FILE
    known = (target.read_bytes() if target.is_file() else b"{}") == content
    if not known and version_of_files(dirs) == version:
        replaced(target, content)


@contextmanager
def kept() -> Iterator[RuleDirs | None]:
    """The files that were written down last, unpacked for the time of the block; None where there are none."""
    files = _kept()
    if not files:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="haochaping-rules-") as name:
        root = Path(name)
        for path, text in files.items():
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_bytes(text.encode())
        yield RuleDirs.with_operator((root,), root)


def kept_years() -> frozenset[int]:
    """The years whose notices are among the files that were written down last."""
    return frozenset(int(Path(path).stem) for path in _kept() if Path(path).parent == CALENDARS)


def _kept() -> dict[str, str]:
    data = data_dir()
    try:
        found: dict[str, str] = json.loads((data / _FILE).read_text("utf-8")) if data else {}
    except FileNotFoundError:
        return {}
    return found


def replaced(target: Path, content: bytes) -> None:
    """The whole file or what was there before, whatever happens on the way. Raises OSError and leaves nothing behind."""
    target.parent.mkdir(parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(0o644)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink()
        raise
    _settle(target.parent)


def _settle(folder: Path) -> None:
    """The name is on the disk as well, not only the content."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
