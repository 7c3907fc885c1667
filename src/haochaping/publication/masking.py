"""What is taken out of texts before the public sees them, beside people's names and numbers (`identity.masks`): whatever
tells a time finer than the week, a window, a member of staff or a car. Pure.

The machine masks, a person takes away more, and nobody adds or changes a word: every gap shows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

CUT: Final = "［略］"

_HAN: Final = "一二三四五六七八九十两"
_DAYTIME: Final = "凌晨|清晨|早上|早晨|上午|中午|下午|傍晚|晚上|夜里"
_CLOCK: Final = rf"(?:\d{{1,2}}|[{_HAN}]{{1,3}})"
_PLATE: Final = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
# In the order in which they are hidden: a window before a day, or 3号窗口 would be taken for the third.
_TOLD: Final = (
    (
        re.compile(
            rf"(?:[A-Za-z]?\d{{1,3}}|[{_HAN}]{{1,3}})\s*号?\s*(?:窗口|柜台|号窗)|窗口\s*[A-Za-z]?\d{{1,3}}号?"
        ),
        "[窗口]",
    ),
    (re.compile(r"工号\s*[:：]?\s*[A-Za-z0-9]{2,12}"), "[工号]"),
    (re.compile(rf"[{_PLATE}][A-Z][·•]?[A-Z0-9]{{5,6}}(?![A-Z0-9])"), "[车牌]"),
    (re.compile(r"(?<![A-Za-z0-9])[A-Z]{1,2}\d{3,4}(?![A-Za-z0-9])"), "[号码]"),
    (re.compile(r"\d{4}\s*[年./-]\s*\d{1,2}\s*[月./-]\s*\d{1,2}\s*[日号]?"), "[日期]"),
    (re.compile(rf"(?:\d{{1,2}}|[{_HAN}]{{1,3}})\s*月\s*(?:\d{{1,2}}|[{_HAN}]{{1,3}})\s*[日号]?"), "[日期]"),
    (re.compile(rf"(?<![\d第])(?:\d{{1,2}}|[{_HAN}]{{1,3}})\s*[日号](?![楼线门院线桌])"), "[日期]"),
    (re.compile(rf"(?:星期|礼拜|周)[{_HAN[:6]}日天末]"), "[日期]"),
    (re.compile(rf"(?:{_DAYTIME})\s*{_CLOCK}\s*[点时](?:半|整|钟|[一三]刻|{_CLOCK}分)?"), "[时间]"),
    (re.compile(r"(?<!\d)\d{1,2}\s*[:：]\s*\d{2}(?!\d)"), "[时间]"),
    (re.compile(rf"\d{{1,2}}\s*[点时](?:半|整|钟|[一三]刻|{_CLOCK}分|(?!\d))"), "[时间]"),
    (re.compile(rf"[{_HAN}]{{1,3}}点(?:半|整|钟|[一三]刻|{_CLOCK}分)"), "[时间]"),
    (re.compile(rf"{_DAYTIME}"), "[时间]"),
)
_MARK: Final = re.compile(rf"\[[一-鿿]{{2,4}}\]|\*+|{CUT}")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a text; `hidden`: it stands for something that was taken out."""

    text: str
    hidden: bool


def without_hints(text: str) -> str:
    """The text without what tells when and where so closely that it tells who."""
    for pattern, label in _TOLD:
        text = pattern.sub(label, text)
    return text


def taken_away(proposed: str, edited: str) -> str | None:
    """The proposed text with CUT wherever the edited one lacks something of it; None where it has what the proposed one has
    not: nobody puts words into a rater's mouth.
    """
    kept = edited.replace("\r\n", "\n").replace("\r", "\n").replace(CUT, "")
    pieces: list[str] = []
    at = 0
    for character in kept:
        found = proposed.find(character, at)
        if found < 0:
            return None
        pieces += (_gap(proposed[at:found]), character)
        at = found + 1
    return "".join((*pieces, _gap(proposed[at:])))


def _gap(lacking: str) -> str:
    """What stands where something was taken away: of blanks themselves."""
    return CUT if lacking.strip() else lacking


def pieces(text: str) -> Iterator[Piece]:
    """The text in stretches, what was taken out apart, so that a second look finds it."""
    at = 0
    for found in _MARK.finditer(text):
        if found.start() > at:
            yield Piece(text[at : found.start()], hidden=False)
        yield Piece(found[0], hidden=True)
        at = found.end()
    if at < len(text):
        yield Piece(text[at:], hidden=False)
