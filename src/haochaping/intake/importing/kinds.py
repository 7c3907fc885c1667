"""What kind of file it is: by its name, its first bytes, and the encoding of its text."""

import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO, Final, cast

from cryptography.hazmat.primitives import hashes

from haochaping.intake.importing.refusals import FileRefused

LONGEST_LINE: Final = 1 << 20
_PIECE: Final = 1 << 20
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_BOM: Final = b"\xef\xbb\xbf"


class Kind(StrEnum):
    """How records stand in a file."""

    NDJSON = "ndjson"
    ARRAY = "json"
    CSV = "csv"
    XLSX = "xlsx"


# The kinds by the end of the name; what JSON it is, the first character tells.
SUFFIXES: Final = {
    ".ndjson": Kind.NDJSON,
    ".jsonl": Kind.NDJSON,
    ".json": Kind.NDJSON,
    ".csv": Kind.CSV,
    ".xlsx": Kind.XLSX,
}


@dataclass(frozen=True, slots=True)
class Source:
    """A file to import. `digest` is SM3 over its bytes, `stamp` what tells that it is still the same file."""

    path: Path
    kind: Kind
    packed: bool
    encoding: str
    digest: bytes
    stamp: tuple[int, int, int]

    def unchanged(self) -> bool:
        """Whether the file is the one that was looked at first."""
        try:
            return _stamp(self.path) == self.stamp
        except OSError:
            return False

    def open(self) -> IO[bytes]:
        """Its bytes, unpacked. Raises OSError."""
        return _open(self.path, packed=self.packed)


def source(path: Path, encoding: str = "") -> Source:
    """Looks at a file before anything is read out of it; `encoding` is insisted on, else found out.

    Raises FileRefused for what is no file of ours, OSError for one that cannot be read.
    """
    suffixes = [suffix.lower() for suffix in path.suffixes[-2:]]
    packed = suffixes[-1:] == [".gz"]
    kind = SUFFIXES.get(suffixes[-2] if packed and len(suffixes) > 1 else (suffixes or [""])[-1])
    if kind is None or (packed and kind is Kind.XLSX):
        raise FileRefused(
            "file_kind",
            f"{path.name}: a file must be called .ndjson, .jsonl, .json or .csv (each also with .gz), or .xlsx.",
        )
    stamp = _stamp(path)
    digest = _digest(path)
    if kind is not Kind.XLSX:
        first = _first_bytes(path, packed=packed)
        if kind is Kind.NDJSON and first.removeprefix(_BOM).lstrip()[:1] == b"[":
            kind = Kind.ARRAY
        encoding = encoding or _encoding(path, packed=packed)
    return Source(path, kind, packed, encoding, digest, stamp)


def lines(file: IO[bytes]) -> Iterator[bytes]:
    """Line by line, the mark of UTF-8 taken off; of one that is too long no more than LONGEST_LINE + 1 bytes."""
    first = True
    while line := file.readline(LONGEST_LINE + 1):
        kept = line
        while not line.endswith(b"\n") and len(line) > LONGEST_LINE:
            line = file.readline(LONGEST_LINE + 1)
        yield kept.removeprefix(_BOM) if first else kept
        first = False


def _open(path: Path, *, packed: bool) -> IO[bytes]:
    return cast("IO[bytes]", gzip.open(path, "rb")) if packed else path.open("rb")


def _stamp(path: Path) -> tuple[int, int, int]:
    found = path.stat()
    return found.st_size, found.st_mtime_ns, found.st_ino


def _digest(path: Path) -> bytes:
    digest = hashes.Hash(hashes.SM3())
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            digest.update(piece)
    return digest.finalize()


def _first_bytes(path: Path, *, packed: bool) -> bytes:
    """The first bytes, where a file that is no text is found out."""
    try:
        with _open(path, packed=packed) as file:
            first = file.read(1024)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise broken_gzip(path) from error
    if first.startswith(_UTF16):
        raise FileRefused(
            "encoding",
            f"{path.name} is UTF-16 (“Unicode 文本”). Save it as “CSV UTF-8(逗号分隔)”, or as a workbook (.xlsx).",
        )
    return first


def broken_gzip(path: Path) -> FileRefused:
    """The refusal of a packed file that does not unpack."""
    return FileRefused(
        "gzip_broken", f"{path.name} does not unpack: it is damaged or incomplete. Copy it again."
    )


def _encoding(path: Path, *, packed: bool) -> str:
    """UTF-8 or GB18030, by the lines that are not ASCII.

    A text of the one is as good as never a text of the other in every line. A few lines that are no UTF-8 make no other
    file of it: those rows are rejected, and their neighbours are not spoiled.
    """
    right = wrong = 0
    national = True
    try:
        with _open(path, packed=packed) as file:
            for line in lines(file):
                if line.isascii():
                    continue
                if _is(line, "utf-8"):
                    right += 1
                    continue
                wrong += 1
                national = national and _is(line, "gb18030")
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise broken_gzip(path) from error
    return "gb18030" if wrong > 9 * right and national else "utf-8"


def _is(line: bytes, encoding: str) -> bool:
    try:
        line.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True
