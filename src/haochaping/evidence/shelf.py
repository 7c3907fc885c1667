"""Files on the disk: sealed as they come in, piece by piece, so that nothing of them ever lies there in the open.

Each piece of 64 KiB is sealed by itself (SM4-GCM), bound to its file, its place and to whether it is the last: pieces can be
read from anywhere, and none can be left out, moved or cut off. The key follows from the root secret and the file's id. A
file is named by its id, which is random; it lies in `incoming` until its row is about to be written, then in `kept`.
"""

import errno
import hashlib
import io
import os
import uuid
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from haochaping.foundation.ids import random_id
from haochaping.foundation.keys import key_for
from haochaping.foundation.sealing import SealBroken, Sm3, derive, seal, unseal
from haochaping.policy.rule_files import data_dir

PIECE: Final = 64 * 1024
_SEAL: Final = 28  # what sealing adds to a piece
KEPT, _INCOMING = "kept", "incoming"


class NoShelf(Exception):
    """This installation has named no place for files."""


class Unwritable(Exception):
    """The disk took no more: nothing of the file is left, and whatever was there before is there still."""


def place(environment: Mapping[str, str] = os.environ) -> Path:
    """HAOCHAPING_EVIDENCE_DIR, which several hosts may share, else `evidence` in the data directory. Raises NoShelf."""
    if own := environment.get("HAOCHAPING_EVIDENCE_DIR", "").strip():
        return Path(own)
    data = data_dir()
    if data is None:
        raise NoShelf
    return data / "evidence"


def path_of(file_id: uuid.UUID) -> Path:
    """Where a kept file lies. Raises NoShelf."""
    return place() / KEPT / file_id.hex


class Draft:
    """A file on its way in. Whoever begins one ends it by `discard`, which does nothing to what was kept.

    Raises NoShelf at once, and Unwritable from any of its methods that write.
    """

    def __init__(self) -> None:
        self.id = random_id()
        self.size = 0
        self._key = _key(self.id)
        self._waiting = bytearray()
        self._number = 0
        self._digests = (hashlib.sha256(), Sm3())
        self._path = place() / _INCOMING / self.id.hex
        try:
            self._path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            self._file: BinaryIO | None = os.fdopen(handle, "wb", buffering=0)
        except OSError as problem:
            raise Unwritable(type(problem).__name__) from None

    @property
    def sha256(self) -> str:
        """The digest of what was written, as hexadecimal digits; likewise `sm3`."""
        return self._digests[0].hexdigest()

    @property
    def sm3(self) -> str:
        return self._digests[1].hexdigest()

    def write(self, data: bytes) -> None:
        """Takes more of the file."""
        self.size += len(data)
        for digest in self._digests:
            digest.update(data)
        self._waiting += data
        # The last piece may be a whole one: it is known only when nothing follows.
        while len(self._waiting) > PIECE:
            self._put(bytes(self._waiting[:PIECE]), last=False)
            del self._waiting[:PIECE]

    def finish(self) -> None:
        """All of it has come: sealed to its end and on the disk, whatever happens to the machine."""
        self._put(bytes(self._waiting), last=True)
        try:
            if self._file is not None:
                os.fsync(self._file.fileno())
        except OSError as problem:
            self.discard()
            raise Unwritable(type(problem).__name__) from None
        self._close()

    def reader(self) -> BinaryIO:
        """What was written, once it is finished, to be read from anywhere."""
        return reader(self._path, self.id)

    def keep(self) -> None:
        """Moves it to where it stays."""
        kept = path_of(self.id)
        try:
            kept.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._path.rename(kept)
            _settle(kept.parent)
        except OSError as problem:
            raise Unwritable(type(problem).__name__) from None

    def discard(self) -> None:
        """Takes away what was not kept."""
        self._close()
        self._path.unlink(missing_ok=True)

    def _put(self, piece: bytes, *, last: bool) -> None:
        if self._file is None:
            raise Unwritable("closed")
        sealed = memoryview(seal(self._key, piece, _bound(self.id, self._number, last=last)))
        self._number += 1
        try:
            while sealed:
                sealed = sealed[self._file.write(sealed) :]
        except OSError as problem:
            self.discard()
            raise Unwritable(type(problem).__name__) from None

    def _close(self) -> None:
        if self._file is not None:
            with suppress(OSError):
                self._file.close()
            self._file = None


class _Sealed(io.RawIOBase):
    """A sealed file as it was in the open: one piece in memory. Raises SealBroken while it is read."""

    def __init__(self, path: Path, file_id: uuid.UUID) -> None:
        self._file = path.open("rb", buffering=0)
        stored = os.fstat(self._file.fileno()).st_size
        self._pieces = -(-stored // (PIECE + _SEAL))
        self._size = stored - self._pieces * _SEAL
        self._id, self._key = file_id, _key(file_id)
        self._at = 0
        self._open: tuple[int, bytes] = (-1, b"")
        if stored < _SEAL:
            self._file.close()
            raise SealBroken

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        if base + offset < 0:
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))  # as files say it
        self._at = base + offset
        return self._at

    def readinto(self, buffer: "bytearray | memoryview") -> int:  # type: ignore[override]
        if self._at >= self._size:
            # Also of a file that holds nothing the seal is looked at.
            self._piece(self._pieces - 1)
            return 0
        piece = self._piece(self._at // PIECE)[self._at % PIECE :][: len(buffer)]
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)

    def close(self) -> None:
        self._file.close()
        super().close()

    def _piece(self, number: int) -> bytes:
        if self._open[0] != number:
            self._file.seek(number * (PIECE + _SEAL))
            sealed = self._file.read(PIECE + _SEAL) or b""
            last = number == self._pieces - 1
            self._open = number, unseal(self._key, sealed, _bound(self._id, number, last=last))
        return self._open[1]


def reader(path: Path, file_id: uuid.UUID) -> BinaryIO:
    """Opens a sealed file. Raises FileNotFoundError, and SealBroken, also while it is read."""
    return io.BufferedReader(_Sealed(path, file_id), PIECE)


def pieces(file: BinaryIO) -> Iterator[bytes]:
    """The file from its beginning to its end, which closes it. Raises SealBroken."""
    with file:
        file.seek(0)
        while piece := file.read(PIECE):
            yield piece


def digests(file: BinaryIO) -> tuple[str, str]:
    """SHA-256 and SM3 of all that can be read, as hexadecimal digits. Raises SealBroken."""
    sha256, sm3 = hashlib.sha256(), Sm3()
    file.seek(0)
    while piece := file.read(PIECE):
        sha256.update(piece)
        sm3.update(piece)
    return sha256.hexdigest(), sm3.hexdigest()


def lying(before: datetime) -> Iterator[tuple[uuid.UUID, Path]]:
    """What has lain on the shelf since before an instant, also what never came in wholly, by the id that its name is; what
    is named otherwise is not ours."""
    try:
        folders = [place() / name for name in (KEPT, _INCOMING)]
    except NoShelf:
        return
    for folder in folders:
        with suppress(FileNotFoundError):
            for path in folder.iterdir():
                # Gone meanwhile, or no name that we give.
                with suppress(ValueError, FileNotFoundError):
                    file_id = uuid.UUID(hex=path.name)
                    if path.stat().st_mtime < before.timestamp():
                        yield file_id, path


def _settle(folder: Path) -> None:
    """That a name stands in a folder is on the disk."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _key(file_id: uuid.UUID) -> bytes:
    return derive(key_for("evidence file"), file_id.hex)


def _bound(file_id: uuid.UUID, number: int, *, last: bool) -> bytes:
    return b"evidence:" + file_id.bytes + number.to_bytes(8) + (b"1" if last else b"0")
