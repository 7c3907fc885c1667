"""Forms that are set by a template: ours, or an operator's own in its place. Whether one is sound. Pure.

An operator puts his own (`report.typ`, `report.docx`) into HAOCHAPING_FORMS_DIR, else `forms` in the data directory; what is
not there is ours.
"""

import os
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any, Final

from haochaping.foundation import paperwork
from haochaping.foundation.typesetting import Busy, CannotBeSet

LARGEST: Final = 2 * 1024 * 1024
_LARGEST_UNPACKED: Final = 32 * 1024 * 1024
# `form` is what a template must define. The title stands before everything, as PDF/UA asks for it.
_HEAD: Final = (
    '#set document(title: "{title}")\n'
    '#set text(font: "Noto Sans SC", lang: "zh", region: "cn", fallback: false, hyphenate: false)\n'
)
_FOOT: Final = """
#for (place, each) in json(bytes(sys.inputs.said)).forms.enumerate() {
  if place > 0 { pagebreak(weak: true) }
  form(each)
}
"""
_TYPST_FIELD: Final = re.compile(r"\bsaid\.([a-z_]+)")
_TYPST_FUNCTION: Final = re.compile(r"#let\s+form\s*\(")
_PACKAGE: Final = re.compile(r"@(?:preview|local)/")


class Kind(StrEnum):
    """In which form it is made: by the ending of its template."""

    PDF = "pdf"
    WORD = "docx"


_ENDINGS: Final[Mapping[Kind, str]] = {Kind.PDF: "typ", Kind.WORD: "docx"}


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of paper. `name`: of its files, without their endings; `title`: of the PDF; `ours`: the folder of our
    templates; `fields`: what one can say; `samples`: what nobody said, for trying one, filled wholly and with little."""

    name: str
    title: str
    ours: Path
    fields: tuple[str, ...]
    samples: Callable[[], Sequence[Mapping[str, Any]]]

    def file(self, kind: Kind) -> str:
        """The name of the template's file, ours or the operator's."""
        return f"{self.name}.{_ENDINGS[kind]}"

    def built_in(self, kind: Kind) -> "Template":
        """Ours."""
        return Template(self, kind, (self.ours / self.file(kind)).read_bytes())

    def template(self, kind: Kind, folder: Path | None) -> "Template":
        """The operator's where there is one, else ours. Raises CannotBeSet for one that cannot be read or is too large."""
        path = folder / self.file(kind) if folder is not None else None
        if path is None or not path.exists():
            return self.built_in(kind)
        try:
            if path.stat().st_size > LARGEST:
                raise CannotBeSet("too_large")
            content = path.read_bytes()
        except OSError as error:
            raise CannotBeSet("unreadable") from error
        return Template(self, kind, content, sha256(content).hexdigest())

    def template_digest(self, kind: Kind, folder: Path | None) -> str:
        """By what the operator's own template is known, "" where ours is in use; "?" for one that cannot be read."""
        try:
            return self.template(kind, folder).digest
        except CannotBeSet:
            return "?"

    def soundness_of(self, kind: Kind, folder: Path | None) -> "Soundness":
        """Whether the template in use is sound. Ours is: a test sees to that."""
        try:
            found = self.template(kind, folder)
        except CannotBeSet as error:
            return Soundness(problem=str(error))
        return soundness(found) if found.own else Soundness()


@dataclass(frozen=True, slots=True)
class Template:
    """`digest`: hexadecimal SHA-256, "" of ours."""

    form: Form
    kind: Kind
    content: bytes
    digest: str = ""

    @property
    def own(self) -> bool:
        """Whether it is the operator's."""
        return bool(self.digest)

    def fill(
        self, said: Sequence[Mapping[str, Any]], *, explain: bool = False, at: int | None = None
    ) -> list[bytes]:
        """A Word document for each of `said`, or one PDF of all; `at`: the second since 1970 that a PDF tells as its own.

        Raises CannotBeSet, Busy."""
        if self.kind is Kind.WORD:
            return paperwork.word(self.content, said, explain=explain)
        try:
            source = self.content.decode()
        except UnicodeDecodeError as error:
            raise CannotBeSet("UTF-8") from error
        if _PACKAGE.search(source):
            # It would be fetched from outside.
            raise CannotBeSet("@preview")
        whole = f"{_HEAD.format(title=self.form.title)}{source}{_FOOT}"
        return [paperwork.pdf(whole, {"forms": list(said)}, explain=explain, at=at)]


@dataclass(frozen=True, slots=True)
class Soundness:
    """What was found wrong with a template: `unknown` fields; `problem`, a word of PROBLEMS, "" for none, with `detail` as
    the program that fills it says it."""

    unknown: tuple[str, ...] = ()
    problem: str = ""
    detail: str = ""

    @property
    def sound(self) -> bool:
        """Whether forms can be made of it."""
        return not self.unknown and not self.problem


PROBLEMS: Final = ("unreadable", "too_large", "no_form", "package", "broken", "busy")


def forms_dir(environment: Mapping[str, str] = os.environ) -> Path | None:
    """Where an operator's own templates lie; None where no data directory is named."""
    if named := environment.get("HAOCHAPING_FORMS_DIR"):
        return Path(named)
    data = environment.get("HAOCHAPING_DATA")
    return Path(data) / "forms" if data else None


def soundness(found: Template) -> Soundness:
    """Tries a template: filled to the last field, and with as little as there can be to say."""
    if problem := _problem(found):
        return Soundness(problem=problem)
    known = _tried(found)
    return Soundness(problem="busy") if known is None else known


@lru_cache(maxsize=16)
def _known(found: Template) -> Soundness:
    unknown: tuple[str, ...] = ()
    try:
        unknown = tuple(sorted(set(_fields(found)) - set(found.form.fields)))
        found.fill(found.form.samples(), explain=True)
    except CannotBeSet as error:
        return Soundness(unknown, "" if unknown else "broken", str(error).strip()[:300])
    return Soundness(unknown)


def _tried(found: Template) -> Soundness | None:
    """None while others are being tried: that is not remembered."""
    try:
        return _known(found)
    except Busy:
        return None


def _problem(found: Template) -> str:
    """What can be seen without filling it."""
    if found.kind is Kind.WORD:
        return "" if _is_word(found.content) else "unreadable"
    try:
        source = found.content.decode()
    except UnicodeDecodeError:
        return "unreadable"
    if not _TYPST_FUNCTION.search(source):
        return "no_form"
    return "package" if _PACKAGE.search(source) else ""


def _is_word(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(BytesIO(content)) as package:
            small = sum(each.file_size for each in package.infolist()) <= _LARGEST_UNPACKED
            return small and "word/document.xml" in package.namelist()
    except zipfile.BadZipFile:
        return False


def _fields(found: Template) -> Iterator[str]:
    """The fields that a template names, as far as its text shows them."""
    if found.kind is Kind.PDF:
        yield from _TYPST_FIELD.findall(found.content.decode())
    else:
        yield from paperwork.word_fields(found.content)
