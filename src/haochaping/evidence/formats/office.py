"""Word documents and Excel workbooks (ISO/IEC 29500): packages of which every part is read, and that hold neither programs
nor other documents, nor fetch anything from elsewhere."""

import re
import zipfile
import zlib
from collections.abc import Collection
from typing import BinaryIO, Final
from xml.parsers import expat

from haochaping.evidence.formats.refused import Unacceptable
from haochaping.evidence.states import MEDIA, Fault, Format

_PARTS: Final = 3000
_UNPACKED: Final = 100 * 1024 * 1024
_PIECE: Final = 64 * 1024
_DIRECTORY: Final = 22  # the end of a package's directory, without a comment
_CONTENTS: Final = "[Content_Types].xml"
_MAIN: Final = {f"{MEDIA[form]}.main+xml": form for form in (Format.DOCX, Format.XLSX)}
_LOCKED: Final = 0x1
# Programs, controls, macro sheets and embedded things, by where they lie and by what they are called.
_PLACES: Final = re.compile(r"(?:^|/)(?:embeddings|activeX|macrosheets|ctrlProps|customUI\w*)/|\.bin$", re.I)
_KINDS: Final = re.compile(r"macro|vba|activex|oleobject|officedocument\.package", re.I)
# Excel keeps settings of printers beside the sheets.
_PRINTER: Final = re.compile(r"^xl/printerSettings/printerSettings\d+\.bin$")
_FIELD: Final = re.compile(r"\bDDE(?:AUTO)?\b", re.I)


def office(file: BinaryIO, size: int) -> Format:
    """Raises Unacceptable."""
    try:
        with zipfile.ZipFile(file) as package:
            parts = package.infolist()
            _check_package(file, size, parts)
            return _form(_read(package, parts))
    # NotImplementedError is zipfile's own word for a way of packing that it does not know.
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError, ValueError):
        raise Unacceptable(Fault.BROKEN) from None


def _check_package(file: BinaryIO, size: int, parts: Collection[zipfile.ZipInfo]) -> None:
    """Its directory is its end, its first part its beginning; what it says of its size is bearable."""
    file.seek(size - _DIRECTORY)
    if file.read(4) != b"PK\x05\x06" or min((part.header_offset for part in parts), default=-1) != 0:
        raise Unacceptable(Fault.HIDDEN)
    if len(parts) > _PARTS or sum(part.file_size for part in parts) > _UNPACKED:
        raise Unacceptable(Fault.SWELLS)
    if any(part.flag_bits & _LOCKED for part in parts):
        raise Unacceptable(Fault.ENCRYPTED)
    names = [part.filename for part in parts]
    if len({name.lower() for name in names}) != len(names) or any(map(_strays, names)):
        raise Unacceptable(Fault.BROKEN)
    if any(_PLACES.search(name) and not _PRINTER.match(name) for name in names):
        raise Unacceptable(Fault.ACTIVE)


def _strays(name: str) -> bool:
    return name.startswith("/") or "\\" in name or ".." in name.split("/") or ":" in name or "\0" in name


def _read(package: zipfile.ZipFile, parts: Collection[zipfile.ZipInfo]) -> "_Told":
    """Every part from its first byte to its last, whatever its directory says of it."""
    told, left = _Told(), _UNPACKED
    for part in parts:
        if part.is_dir():
            continue
        lower = part.filename.lower()
        reading = _Xml(part.filename, told) if lower.endswith((".xml", ".rels", ".vml")) else None
        with package.open(part) as content:
            while piece := content.read(_PIECE):
                left -= len(piece)
                if left < 0:
                    raise Unacceptable(Fault.SWELLS)
                if reading:
                    reading.take(piece)
        if reading:
            reading.end()
    return told


class _Told:
    """What the parts say of the whole: the kinds of parts there are."""

    def __init__(self) -> None:
        self.kinds: set[str] = set()


def _form(told: _Told) -> Format:
    """By the kind of the main part, of which there is one."""
    if any(_KINDS.search(kind) for kind in told.kinds):
        raise Unacceptable(Fault.ACTIVE)
    found = [form for kind, form in _MAIN.items() if kind in told.kinds]
    if len(found) != 1:
        raise Unacceptable(Fault.UNKNOWN)
    return found[0]


class _Xml:
    """One part, which must be XML without a document type: with one, entities would swell or fetch."""

    def __init__(self, name: str, told: _Told) -> None:
        self._kinds = told.kinds if name == _CONTENTS else None
        self._relationships = name.endswith(".rels")
        self._field: list[str] = []
        self._inside = False
        self._parser = expat.ParserCreate()
        self._parser.StartDoctypeDeclHandler = self._typed
        self._parser.StartElementHandler = self._begun
        self._parser.EndElementHandler = self._ended
        self._parser.CharacterDataHandler = self._said

    def take(self, piece: bytes) -> None:
        self._parse(piece, last=False)

    def end(self) -> None:
        self._parse(b"", last=True)

    def _parse(self, piece: bytes, *, last: bool) -> None:
        try:
            self._parser.Parse(piece, last)
        except expat.ExpatError:
            raise Unacceptable(Fault.BROKEN) from None

    def _typed(self, *_: object) -> None:
        raise Unacceptable(Fault.SWELLS)

    def _begun(self, name: str, attributes: dict[str, str]) -> None:
        plain = name.rpartition(":")[2]
        if self._kinds is not None and (kind := attributes.get("ContentType")):
            self._kinds.add(kind)
        if self._relationships and plain == "Relationship":
            self._check_relationship(attributes)
        if plain == "instrText":
            self._inside = True
        elif plain == "fldSimple":
            self._field.extend(value for key, value in attributes.items() if key.endswith("instr"))
        elif plain == "ddeLink":
            raise Unacceptable(Fault.ACTIVE)

    def _check_relationship(self, attributes: dict[str, str]) -> None:
        """Links may lead out; whatever is fetched when the document is opened may not."""
        kind = attributes.get("Type", "").rpartition("/")[2]
        if attributes.get("TargetMode") == "External" and kind != "hyperlink":
            raise Unacceptable(Fault.ACTIVE)

    def _said(self, text: str) -> None:
        if self._inside:
            self._field.append(text)

    def _ended(self, name: str) -> None:
        """A field may be told in several pieces: it is read where its paragraph ends."""
        plain = name.rpartition(":")[2]
        if plain == "instrText":
            self._inside = False
        elif plain in {"p", "fldSimple"}:
            if _FIELD.search("".join(self._field)):
                raise Unacceptable(Fault.ACTIVE)
            self._field.clear()
