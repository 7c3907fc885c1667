"""What a file is, by its content alone: its first bytes choose who reads it, and who reads it reads it whole.

Names and declared types say nothing here. Whatever is not wholly one of the formats, or more than that, is refused. Pure.
"""

import io
import zipfile
from collections.abc import Callable
from typing import BinaryIO, Final

from haochaping.evidence.formats.office import office
from haochaping.evidence.formats.pdf import pdf
from haochaping.evidence.formats.pictures import jpeg, png
from haochaping.evidence.formats.refused import Unacceptable
from haochaping.evidence.formats.text import text
from haochaping.evidence.states import Fault, Format

_Reader = Callable[[BinaryIO, int], Format]
_SIGNATURES: Final[tuple[tuple[bytes, _Reader], ...]] = (
    (b"%PDF-", pdf),
    (b"\xff\xd8\xff", jpeg),
    (b"\x89PNG\r\n\x1a\n", png),
    (b"PK\x03\x04", office),
)
_LONGEST: Final = 8


def recognised(file: BinaryIO, size: int) -> Format:
    """The format of a file of `size` bytes that can be read from anywhere. Raises Unacceptable.

    A picture or document is held in memory while it is read; texts, tables and packages are read piece by piece.
    """
    if size == 0:
        raise Unacceptable(Fault.EMPTY)
    file.seek(0)
    head = file.read(_LONGEST)
    read = next((each for signature, each in _SIGNATURES if head.startswith(signature)), text)
    file.seek(0)
    found = read(file, size)
    if read is not office and _is_package(file):
        raise Unacceptable(Fault.HIDDEN)
    return found


def _is_package(file: BinaryIO) -> bool:
    """Whether it would open as a zip as well: such a file is one thing here and another elsewhere."""
    file.seek(0, io.SEEK_SET)
    return zipfile.is_zipfile(file)
