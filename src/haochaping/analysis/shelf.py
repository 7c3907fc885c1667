"""Where the export lies, and its manifest: which files are in force. A file never changes: it is named by its content, and
what counts is what the manifest names, which is replaced in one step. A kill at any moment leaves the last good one.
"""

import errno
import hashlib
import json
import os
import shutil
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Final

from django.utils.translation import gettext as _

from haochaping.analysis.sets import SCHEMA
from haochaping.foundation.errors import Refused
from haochaping.policy.rule_files import data_dir

MANIFEST: Final = "manifest.json"
_BUILDING: Final = "building"


class NoExport(Refused):
    """Nothing was exported yet, or there is no place for it."""


class ExportFailed(Refused):
    """The export could not be made; the one before is in force as it was."""


@dataclass(frozen=True, slots=True)
class File:
    """One month of one set. `path` from the folder of the export, `rows` in it, `mark` of the rows in the database of which
    it was made, `sha256` of the file."""

    set: str
    month: date
    path: str
    rows: int
    size: int
    sha256: str
    mark: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """An export. `as_of`: its cut-off, the instant as of which the rows were read; `differences`: in so many places its sums
    were not those of the tallies."""

    schema: int
    as_of: datetime
    differences: int
    files: tuple[File, ...]

    def of(self, name: str) -> tuple[File, ...]:
        """The files of a set, by month."""
        return tuple(sorted((each for each in self.files if each.set == name), key=lambda each: each.month))

    @property
    def months(self) -> tuple[date, ...]:
        """Of which there is anything, in order."""
        return tuple(sorted({each.month for each in self.files}))


def place(environment: Mapping[str, str] = os.environ) -> Path:
    """HAOCHAPING_ANALYSIS_DIR, which several hosts may share, else `analysis` in the data directory. Raises NoExport."""
    if own := environment.get("HAOCHAPING_ANALYSIS_DIR", "").strip():
        return Path(own)
    data = data_dir()
    if data is None:
        raise NoExport("no_place", _("没有指定存放夜间导出的目录，请设置 HAOCHAPING_ANALYSIS_DIR。"))
    return data / "analysis"


def in_force() -> Manifest:
    """The last good export. Raises NoExport where there is none that can be read, or another version made it."""
    try:
        read = json.loads((place() / MANIFEST).read_text(encoding="utf-8"))
        files = tuple(File(**{**each, "month": date.fromisoformat(each["month"])}) for each in read["files"])
        made = Manifest(read["schema"], datetime.fromisoformat(read["as_of"]), read["differences"], files)
    except FileNotFoundError:
        words = _("还没有夜间导出。导出在每天04:30进行，也可以用 export 命令立即导出。")
        raise NoExport("no_export", words) from None
    except (ValueError, KeyError, TypeError, AttributeError):
        raise NoExport("unreadable", unreadable()) from None
    if made.schema != SCHEMA:
        raise NoExport("other_version", unreadable())
    return made


def unreadable() -> str:
    """What is to be done about an export that cannot be used."""
    return _("夜间导出不能读取，可能是别的版本导出的，或者文件被改动。请用 export 命令重新导出。")


@contextmanager
def building(home: Path) -> Iterator[Path]:
    """A private folder for what is being made, empty at the beginning and gone at the end, also one that a kill left."""
    folder = home / _BUILDING
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    home.chmod(0o700)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def keep(home: Path, made: Path, *, name: str, month: date, rows: int, mark: str) -> File:
    """Puts a finished file to its place, under the name that its content gives it. Nothing reads it before the manifest
    names it. Raises OSError."""
    with made.open("rb+") as file:
        digest = hashlib.file_digest(file, "sha256")
        os.fsync(file.fileno())
        size = file.tell()
    made.chmod(0o600)
    folder = home / name
    folder.mkdir(mode=0o700, exist_ok=True)
    kept = folder / f"{month:%Y-%m}-{digest.hexdigest()[:16]}.parquet"
    made.rename(kept)
    _settle(folder)
    return File(name, month, f"{name}/{kept.name}", rows, size, digest.hexdigest(), mark)


def put_in_force(home: Path, manifest: Manifest) -> None:
    """From here on these files count, and nothing else is left. Raises OSError."""
    told = asdict(manifest) | {
        "as_of": manifest.as_of.isoformat(),
        "files": [asdict(each) | {"month": each.month.isoformat()} for each in manifest.files],
    }
    new = home / f"{MANIFEST}.new"
    handle = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        json.dump(told, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    new.replace(home / MANIFEST)
    _settle(home)
    forget_all_but(home, {each.path for each in manifest.files})


def forget_all_but(home: Path, named: Collection[str]) -> None:
    """Deletes the files of sets that are not named."""
    for path in home.glob("*/*.parquet"):
        if str(path.relative_to(home)) not in named:
            path.unlink(missing_ok=True)


def lies_whole(home: Path, file: File) -> bool:
    """Whether a file that the manifest names is there as it was written."""
    with suppress(FileNotFoundError), (home / file.path).open("rb") as kept:
        return hashlib.file_digest(kept, "sha256").hexdigest() == file.sha256
    return False


def failure(problem: BaseException) -> ExportFailed:
    """What keeps an export from being made, in words."""
    full = getattr(problem, "errno", None) in (errno.ENOSPC, errno.EDQUOT) or "No space left" in str(problem)
    if full:
        words = _("磁盘已满，夜间导出没有完成，仍使用上一次的导出。请腾出空间后重新导出。")
        return ExportFailed("disk_full", words)
    words = _("夜间导出没有完成（%(kind)s），仍使用上一次的导出。") % {"kind": type(problem).__name__}
    return ExportFailed("export_failed", words)


def _settle(folder: Path) -> None:
    """That a name stands in a folder is on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
