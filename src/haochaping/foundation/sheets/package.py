"""What must hold of a workbook file (a ZIP of XML) before openpyxl reads it: no bomb, no password, no document type."""

import zipfile
from contextlib import suppress
from typing import IO, Final
from xml.etree.ElementTree import ParseError

from defusedxml.ElementTree import iterparse
from openpyxl.xml.constants import ARC_CONTENT_TYPES, SHEET_MAIN_NS

from haochaping.foundation.sheets.cells import Unreadable

# A sheet of a million rows and ten columns has about 600 MB of XML; what people type shrinks to a tenth, a bomb to a
# thousandth. Everything but the rows is kept in memory.
_LARGEST: Final = 1 << 30
_LARGEST_IN_MEMORY: Final = 1 << 28
_SMALL: Final = 1 << 24
_RATIO: Final = 200
_MOST_PARTS: Final = 2_000
_OLD: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # .xls, and a workbook with a password
_ROOTS: Final = ("workbook", "worksheet")


def examine(file: IO[bytes]) -> None:
    """What is unpacked later never has more bytes than is declared here: ZipFile sees to that. Raises Unreadable, OSError.

    Leaves the file at its beginning.
    """
    if file.read(len(_OLD)) == _OLD:
        raise Unreadable("old_workbook")
    try:
        package = zipfile.ZipFile(file)
    # The last is zipfile's own word for a version of ZIP that it does not read.
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise Unreadable("not_a_workbook") from error
    with package:
        parts = package.infolist()
        _bounded(parts)
        if ARC_CONTENT_TYPES not in package.namelist():
            raise Unreadable("not_a_workbook")
        for part in parts:
            with suppress(ParseError):  # pictures; what should be XML and is not, openpyxl finds
                _plain(package, part)
    file.seek(0)


def _bounded(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > _MOST_PARTS or sum(part.file_size for part in parts) > _LARGEST:
        raise Unreadable("too_big")
    for part in parts:
        if part.flag_bits & 1:
            raise Unreadable("encrypted")
        if part.file_size > _SMALL and part.file_size > _RATIO * part.compress_size:
            raise Unreadable("unsafe", part.filename)
        if part.file_size > _LARGEST_IN_MEMORY and "worksheets/" not in part.filename:
            raise Unreadable("too_big", part.filename)


def _plain(package: zipfile.ZipFile, part: zipfile.ZipInfo) -> None:
    """Looks at the beginning: a document type would stand there, and the namespace does.

    openpyxl takes no row out of a sheet of another namespace, and says nothing.
    """
    with package.open(part) as file:
        for _, root in iterparse(file, ("start",), forbid_dtd=True):
            namespace, _, name = root.tag.rpartition("}")
            if name in _ROOTS and namespace != "{" + SHEET_MAIN_NS:
                raise Unreadable("strict", part.filename)
            return
