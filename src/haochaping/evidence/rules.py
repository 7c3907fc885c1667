"""How large and how many files may be, and what they are called here. Pure."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Final

from haochaping.evidence.states import ENDINGS, Format

MEGABYTE: Final = 1024 * 1024
# What lies on the shelf for longer and has no row never gets one.
LONGEST_UPLOAD: Final = timedelta(hours=2)
# A form of this size still passes through nginx and the relay (ten megabytes) with what else is in it.
_MOST_MEGABYTES: Final = 9
_MOST_FILES: Final = 200
_LONGEST_STEM: Final = 80
# Not in names on some system or other.
_FORBIDDEN: Final = frozenset('<>:"|?*/\\')
_DEVICES: Final = frozenset(
    {"con", "prn", "aux", "nul", *(f"{name}{number}" for name in ("com", "lpt") for number in range(1, 10))}
)
# Controls, what turns the writing direction, halves of characters, what is no character.
_UNSEEN: Final = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


@dataclass(frozen=True, slots=True)
class Limits:
    """`size`: bytes of one file; `files`: how many one organisation may bring about one matter, withdrawn ones too."""

    size: int = _MOST_MEGABYTES * MEGABYTE
    files: int = 20


def limits(environment: Mapping[str, str]) -> Limits:
    """From HAOCHAPING_EVIDENCE_MEGABYTES (1 to 9) and HAOCHAPING_EVIDENCE_FILES (1 to 200), the product's own where
    nothing is said. Raises ValueError: what is wrong and what may stand there."""
    own = Limits()
    size = _number(environment, "HAOCHAPING_EVIDENCE_MEGABYTES", own.size // MEGABYTE, _MOST_MEGABYTES)
    return Limits(size * MEGABYTE, _number(environment, "HAOCHAPING_EVIDENCE_FILES", own.files, _MOST_FILES))


def _number(environment: Mapping[str, str], name: str, own: int, most: int) -> int:
    text = environment.get(name, "").strip()
    if not text:
        return own
    if not (text.isascii() and text.isdigit() and len(text) < 10 and 1 <= int(text) <= most):
        raise ValueError(f"{name} is {text!r}: a whole number from 1 to {most} is wanted")
    return int(text)


def tidy_name(name: str, form: Format, *, otherwise: str) -> str:
    """The name under which a file is shown and handed out: no folders, nothing unseen, no longer than eighty characters,
    with an ending that says what it is. `otherwise` where nothing is left of it."""
    last = name.replace("\\", "/").rpartition("/")[2]
    plain = unicodedata.normalize("NFC", last)
    kept = "".join("_" if each in _FORBIDDEN else each for each in plain if _seen(each))
    kept = " ".join(kept.split()).strip(". ")
    path = PurePosixPath(kept or otherwise)
    ending = path.suffix.lower()
    known = ending in ENDINGS[form]
    stem = (path.stem if known else path.name)[:_LONGEST_STEM].strip(". ") or otherwise
    if stem.partition(".")[0].lower() in _DEVICES:
        stem = f"_{stem}"
    return stem + (ending if known else ENDINGS[form][0])


def _seen(character: str) -> bool:
    return character.isspace() or unicodedata.category(character) not in _UNSEEN
