"""Invented people whose every part that must be hidden can be told apart in any heap of bytes.

Hidden parts of names are characters of CJK Extension A or the letters `zuiloq`, which stand nowhere in our own texts and
in no code of ours, whose alphabet lacks i, l, o and u; numbers have fixed digits where a mask hides them. So whatever shows
one of these shows somebody's data.
"""

import base64
import binascii
import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import unquote_to_bytes

FIRST_RARE = 0x3400
# One of these stands in every canary without a rare character.
STEMS = ("7077", "1977", "MA7QYX", "Zuiloq")
RARE = re.compile("[㐀-䶿]")
CANARY = re.compile(
    r"(?=([㐀-䶿]|zuiloq[a-z]{0,3}|13\d7077\d{4}|53010219770707\d{3}[\dx]|92530102MA7QYX[0-9A-Z]{4}|E7077\d{4}))",
    re.IGNORECASE,
)
# Identifiers and digests: random, so that a few of ten thousand answers spell a document number in them.
_DIGEST = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}|(?=[0-9]*[a-f])[0-9a-f]{32,}")
_RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_CREDIT_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
# One of each kind that the masks tell apart: {rare} is the hidden character, {latin} hidden letters.
_NAMES = (
    ("王{rare}", "111"),
    ("李小{rare}", "111"),
    ("欧阳{rare}", "111"),
    ("上官{rare}明", "111"),
    ("张王{rare}红", "111"),
    ("阿卜杜{rare}·买买提", "111"),
    ("乌兰图{rare}格日勒", "111"),
    ("约翰·{rare}", "414"),
    ("Maria {latin}", "414"),
    ("昆明{rare}商贸有限公司", "001"),
    ("李记{rare}米线店", "001"),
    ("个体{rare}经营部", "001"),
)


@dataclass(frozen=True, slots=True)
class Person:
    """Who is reported: three canaries, and the two codes that belong to the kind."""

    name: str
    document: str
    phone: str
    page_type: str
    prop: str

    @property
    def canaries(self) -> frozenset[str]:
        return frozenset((self.name, self.document, self.phone))

    @property
    def sentence(self) -> str:
        """As people write about themselves."""
        return f"我是{self.name}，电话{self.phone}，证件{self.document}，请回电。"


def people() -> Iterator[Person]:
    """No two with the same name, document or phone."""
    for number in range(1000):
        pattern, page_type = _NAMES[number % len(_NAMES)]
        name = pattern.format(rare=chr(FIRST_RARE + number), latin="Zuiloq" + _letters(number))
        document = {"111": _resident, "414": lambda n: f"E7077{n:04d}", "001": _credit}[page_type](number)
        phone = f"13{number % 10}7077{number:04d}"
        yield Person(name, document, phone, page_type, "2" if page_type == "001" else "1")


def found_in(text: str) -> set[str]:
    """What of canaries stands in a text, also percent-encoded, as HTML or JSON escapes, with blanks and hyphens;
    nothing in identifiers and digests."""
    text = _DIGEST.sub(" ", text)
    views = {text, re.sub("[ -]", "", text)}
    if "\\u" in text:
        views.add(re.sub(r"\\u([0-9a-fA-F]{4})", lambda match: chr(int(match[1], 16)), text))
    if "%" in text:
        views.add(unquote_to_bytes(text.encode(errors="replace")).decode(errors="replace"))
    if "&#" in text:
        views.add(html.unescape(text))
    return {match[1] for view in views if _may_hold(view) for match in CANARY.finditer(view)}


def _may_hold(text: str) -> bool:
    """Whether it is worth the long look."""
    return "7077" in text or "zuiloq" in text.lower() or RARE.search(text) is not None


def found_in_bytes(data: bytes, planted: frozenset[str]) -> set[str]:
    """Which of the planted canaries stand in bytes of any kind, where chance makes rare characters by itself."""
    stems = {stem for stem in STEMS if stem.encode() in data}
    return {
        canary
        for canary in planted
        if (RARE.search(canary) or any(stem in canary for stem in stems)) and canary.encode() in data
    }


def unpacked(text: str) -> Iterator[bytes]:
    """What hexadecimal (as bytea is dumped) and base64 in a text stand for."""
    for match in re.finditer(r"\\\\x([0-9a-f]{8,})", text):
        yield bytes.fromhex(match[1][: len(match[1]) // 2 * 2])
    for match in re.finditer(r"[A-Za-z0-9+/]{16,}={0,2}", text):
        try:
            yield base64.b64decode(match[0][: len(match[0]) // 4 * 4])
        except binascii.Error:
            continue


def _letters(number: int) -> str:
    return "".join(chr(ord("a") + number // power % 26) for power in (676, 26, 1))


def _resident(number: int) -> str:
    body = f"53010219770707{number:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, _RESIDENT_WEIGHTS, strict=True))
    return body + "10X98765432"[total % 11]


def _credit(number: int) -> str:
    digits = "".join(_CREDIT_ALPHABET[number // power % 31] for power in (961, 31, 1))
    body = f"92530102MA7QYX{digits}"
    total = sum(
        _CREDIT_ALPHABET.index(character) * weight
        for character, weight in zip(body, _CREDIT_WEIGHTS, strict=True)
    )
    return body + _CREDIT_ALPHABET[(31 - total % 31) % 31]
