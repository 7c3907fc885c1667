"""What kinds of files are taken as evidence, whose evidence it is, and who sees how much of it. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final
from uuid import UUID


class Format(StrEnum):
    """What a file is by its content."""

    PDF = "pdf"
    JPEG = "jpeg"
    PNG = "png"
    DOCX = "docx"
    XLSX = "xlsx"
    TEXT = "text"


# The endings that a file of a format may carry; what carries another is given the first.
ENDINGS: Final[Mapping[Format, tuple[str, ...]]] = {
    Format.PDF: (".pdf",),
    Format.JPEG: (".jpg", ".jpeg"),
    Format.PNG: (".png",),
    Format.DOCX: (".docx",),
    Format.XLSX: (".xlsx",),
    Format.TEXT: (".txt", ".csv", ".log"),
}
_OFFICE: Final = "application/vnd.openxmlformats-officedocument."
MEDIA: Final[Mapping[Format, str]] = {
    Format.PDF: "application/pdf",
    Format.JPEG: "image/jpeg",
    Format.PNG: "image/png",
    Format.DOCX: f"{_OFFICE}wordprocessingml.document",
    Format.XLSX: f"{_OFFICE}spreadsheetml.sheet",
    Format.TEXT: "text/plain",
}


class Side(StrEnum):
    """Who brought it: an organisation that was rated, or that handles the order or a part of it; a member of staff for
    himself; an authority above all of them."""

    RATED = "rated"
    PERSON = "person"
    AUTHORITY = "authority"


@dataclass(frozen=True, slots=True)
class Sight:
    """How much somebody sees of what there is about a matter: everything with `everything`, else what this side brought of
    `organisations` (registry ids), and with `only_by` of that what this official brought himself."""

    everything: bool = False
    side: Side = Side.RATED
    organisations: frozenset[int] = frozenset()
    only_by: UUID | None = None


class Fault(StrEnum):
    """Why a file is not taken."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    UNKNOWN = "unknown"  # none of the formats
    BROKEN = "broken"  # begins like one and does not go on like it
    ACTIVE = "active"  # macros, scripts, embedded things that do something
    ENCRYPTED = "encrypted"
    HIDDEN = "hidden"  # something else lies before, behind or within it
    SWELLS = "swells"  # unpacks to far more than it is
