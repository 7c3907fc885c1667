"""How far an import has come: a folder in the data directory, written so that a kill at any moment leaves it right.

A call counts as done when its line stands in the journal; the rows to hand back were on the disk before that. What a kill
cut off behind the last whole line is taken away when the import goes on. No file here holds a plain name.
"""

import json
import os
import secrets
import shutil
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import IO, Any, Final
from uuid import UUID

from haochaping.cases.verdicts import Verdict
from haochaping.foundation.keys import key_for
from haochaping.foundation.sealing import hmac_sm3
from haochaping.intake.importing.kinds import Source
from haochaping.intake.importing.refusals import FileRefused
from haochaping.starter.account import private_folder
from haochaping.starter.locks import Lock

FOLDER: Final = "imports"
# The verdicts whose rows go back to whoever sent them.
HANDED_BACK: Final = frozenset({Verdict.REJECTED, Verdict.QUARANTINED, Verdict.CONFLICTING})
_FORMAT: Final = 1
_JOURNAL, _ERRORS, _VERDICTS, _LOCK = "journal.ndjson", "errors.ndjson", "verdicts.csv", "lock"


@dataclass(slots=True)
class Journal:
    """One import of one file by one client. `place` stands for where the file lay; `errors` and `verdicts` are where the
    rows to hand back and the verdicts of all rows end in their files."""

    folder: Path
    run: str
    place: str
    begun: datetime
    a_call: int
    calls: int = 0
    rows: int = 0
    errors: int = 0
    verdicts: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    finished: bool = False
    lock: Lock | None = None

    def done(
        self,
        counts: Mapping[str, int],
        verdicts: Sequence[tuple[int, str]],
        error_rows: Iterable[Mapping[str, str]],
    ) -> None:
        """Keeps what became of the next call: the verdict of each line, and the rows to hand back.

        Raises OSError: then the call is not done, and is looked up again.
        """
        written = (json.dumps(each, ensure_ascii=False).encode() for each in error_rows)
        errors = _append(self.folder / _ERRORS, self.errors, written)
        ends = _append(
            self.folder / _VERDICTS,
            self.verdicts,
            (f"{line},{verdict}".encode() for line, verdict in verdicts),
        )
        call = {"rows": len(verdicts), "counts": dict(counts), "errors": errors, "verdicts": ends}
        self._add(call)
        self._count(call)

    def finish(self, now: datetime) -> None:
        """Keeps that the whole file is done."""
        self._add({"finished": now.isoformat()})
        self.finished = True

    @property
    def handed_back(self) -> int:
        """How many rows are to be corrected."""
        return sum(self.counts[verdict] for verdict in HANDED_BACK)

    def error_rows(self) -> Iterator[dict[str, str]]:
        """The rows to hand back, in the order in which they were judged."""
        return (json.loads(line) for line in _whole(self.folder / _ERRORS, self.errors))

    def verdict_lines(self) -> Iterator[tuple[str, str]]:
        """Line and verdict of every row, in the order in which they were judged."""
        for line in _whole(self.folder / _VERDICTS, self.verdicts):
            number, _, verdict = line.decode().strip().partition(",")
            yield number, verdict

    def close(self) -> None:
        """Lets others take it up."""
        if self.lock is not None:
            self.lock.close()
            self.lock = None

    def _count(self, call: Mapping[str, Any]) -> None:
        self.calls += 1
        self.rows += call["rows"]
        self.counts.update(call["counts"])
        self.errors, self.verdicts = call["errors"], call["verdicts"]

    def _add(self, line: Mapping[str, Any]) -> None:
        path = self.folder / _JOURNAL
        whole = path.stat().st_size
        with path.open("r+b") as file:
            file.seek(whole)
            try:
                file.write(json.dumps(line).encode() + b"\n")
                _to_disk(file)
            except OSError:
                file.truncate(whole)
                raise


def take_up(home: Path, source: Source, client: UUID, *, now: datetime, a_call: int, again: bool) -> Journal:
    """The journal of this file and client, as far as it came; a new one when there is none, or with `again`.

    Raises FileRefused when another command is at it, or when the file at this place is not the one whose import was broken
    off; OSError.
    """
    imports = private_folder(home / FOLDER, None)
    place = hmac_sm3(key_for("import path"), os.fsencode(source.path.resolve()) + client.bytes).hex()
    name = hmac_sm3(key_for("import file"), source.digest + client.bytes).hex()[:24]
    _refuse_changed(imports, name, place, source.path.name, again=again)
    folder = private_folder(imports / name, None)
    lock = Lock(folder / _LOCK)
    if not lock.take():
        lock.close()
        raise FileRefused(
            "at_work", f"{source.path.name} is being imported by another command at this moment."
        )
    found = None if again else _read(folder, mend=True)
    if found is None:
        found = Journal(folder, secrets.token_hex(4), place, now, a_call)
        head = {
            "format": _FORMAT,
            "run": found.run,
            "place": place,
            "begun": now.isoformat(),
            "a_call": a_call,
        }
        _write_new(folder / _JOURNAL, json.dumps(head).encode() + b"\n")
    found.lock = lock
    return found


def passing(folder: Path, *, now: datetime, a_call: int) -> Journal:
    """A journal that nobody will take up: for judging only. The folder is the caller's to take away."""
    _file(folder / _JOURNAL)
    return Journal(folder, secrets.token_hex(4), "", now, a_call)


def _read(folder: Path, *, mend: bool = False) -> Journal | None:
    """What stands in a journal, whose last line may be half a one (taken away when it is to be mended); None when not even
    its head is whole."""
    path = folder / _JOURNAL
    if not path.exists():
        return None
    whole, found = 0, None
    with path.open("rb") as file:
        for line in file:
            if not line.endswith(b"\n"):
                break
            whole += len(line)
            said = json.loads(line)
            if found is None:
                if said["format"] != _FORMAT:
                    return None
                begun = datetime.fromisoformat(said["begun"])
                found = Journal(folder, said["run"], said["place"], begun, said["a_call"])
            elif "finished" in said:
                found.finished = True
            else:
                found._count(said)
    if found is not None and mend:
        os.truncate(path, whole)
    return found


def _refuse_changed(imports: Path, name: str, place: str, file: str, *, again: bool) -> None:
    for other in imports.iterdir():
        journal = _read(other) if other.name != name else None
        if journal is None or journal.place != place or journal.finished:
            continue
        if not journal.calls:
            shutil.rmtree(other)
            continue
        if not again:
            raise FileRefused(
                "file_changed",
                f"{file} has changed since its import was broken off after row {journal.rows:,}. Put back the file as it "
                "was and run this command again; or import what it holds now from its beginning with --again (what is "
                "stored already will be told as repeated).",
            )
        shutil.rmtree(other)


def forget_imports(data: Path, before: datetime) -> int:
    """Takes away the imports of a data directory that nobody has touched since an instant; how many."""
    over = [folder for folder in _folders(data) if _touched(folder) < before.timestamp()]
    for folder in over:
        shutil.rmtree(folder, ignore_errors=True)
    return len(over)


def imports_left(data: Path, before: datetime) -> int:
    """How many folders of imports hold nothing younger than an instant: asked of the disk file by file."""
    found = os.walk(data / FOLDER)
    young = {
        Path(place).relative_to(data / FOLDER).parts[:1]
        for place, _, names in found
        if any((Path(place) / name).stat().st_mtime >= before.timestamp() for name in names)
    }
    return sum((folder.name,) not in young for folder in _folders(data))


def _folders(data: Path) -> list[Path]:
    imports = data / FOLDER
    return [each for each in imports.iterdir() if each.is_dir()] if imports.is_dir() else []


def _touched(folder: Path) -> float:
    """When something of it was written last, in seconds since 1970; an empty folder: when it was made."""
    return max((path.stat().st_mtime for path in folder.iterdir()), default=folder.stat().st_mtime)


def _append(path: Path, at: int, lines: Iterable[bytes]) -> int:
    """Writes lines behind the first `at` bytes, in the place of whatever a killed command left there; where they end."""
    with _file(path).open("r+b") as file:
        file.truncate(at)
        file.seek(at)
        file.writelines(line + b"\n" for line in lines)
        _to_disk(file)
        return file.tell()


def _whole(path: Path, end: int) -> Iterator[bytes]:
    """The lines of the first `end` bytes."""
    if not end:
        return
    with path.open("rb") as file:
        while file.tell() < end:
            yield file.readline()


def _file(path: Path) -> Path:
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    return path


def _write_new(path: Path, content: bytes) -> None:
    """The file as a whole, or the one that was there before."""
    unfinished = path.with_name(f".{path.name}.new")
    _file(unfinished)
    with unfinished.open("wb") as file:
        file.write(content)
        _to_disk(file)
    unfinished.replace(path)


def _to_disk(file: IO[bytes]) -> None:
    file.flush()
    os.fsync(file.fileno())
