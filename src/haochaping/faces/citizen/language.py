"""In which language and size a page is shown. The address carries the choice: no cookie is set."""

from functools import cache
from gettext import GNUTranslations, NullTranslations
from io import BytesIO
from pathlib import Path
from urllib.parse import parse_qs, urlencode

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from msgspec import Struct

from haochaping.intake.http import Request

CATALOGUES = Path(__file__).parent / "locale"
SOURCE = "zh"
TAGS = {"zh": "zh-Hans", "en": "en"}
_MOST_CHOICES = 10


class Manner(Struct, frozen=True, gc=False):
    """`language` is "zh" or "en"; `large`: text of 18 points; `chosen`: the address named the language."""

    language: str = SOURCE
    large: bool = False
    chosen: bool = False

    @property
    def tag(self) -> str:
        """For the `lang` attribute: zh-Hans or en."""
        return TAGS[self.language]

    def query(self, *, language: str | None = None, large: bool | None = None) -> str:
        """`?lang=..&size=large` for links and form actions, with what is to be different; "" for neither."""
        pairs = []
        if language or self.chosen:
            pairs.append(("lang", language or self.language))
        if self.large if large is None else large:
            pairs.append(("size", "large"))
        return f"?{urlencode(pairs)}" if pairs else ""


def manner_of(request: Request) -> Manner:
    """What the address asks for; without a language there, what the browser prefers. Never fails."""
    if not request.query:
        return Manner(language=_preferred(request.headers.get("accept-language", "")))
    try:
        chosen = parse_qs(request.query, max_num_fields=_MOST_CHOICES)
    except ValueError:
        chosen = {}
    asked = chosen.get("lang", [""])[0]
    large = chosen.get("size", [""])[0] == "large"
    if asked in TAGS:
        return Manner(language=asked, large=large, chosen=True)
    return Manner(language=_preferred(request.headers.get("accept-language", "")), large=large)


def _preferred(header: str) -> str:
    """English only where the browser names it first: everybody else reads the language of the regulation."""
    return "en" if header.strip().lower().startswith("en") else SOURCE


@cache
def catalogue(language: str) -> NullTranslations:
    """The messages of a language, compiled in memory from its .po file. The source language needs none."""
    if language == SOURCE:
        return NullTranslations()
    compiled = BytesIO()
    with (CATALOGUES / language / "LC_MESSAGES" / "citizen.po").open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def mark(message: str) -> str:
    """Marks a message for the catalogue; it is translated where it is shown."""
    return message
