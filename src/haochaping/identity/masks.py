"""How names, documents and phones are shown to those who may know that there is a person, but not which.

One rule for all names: the first unit stays, the rest is hidden, and how long the hidden part was is told
only where it is short. What cannot be told apart for certain is hidden rather than shown.
"""

import re
from collections.abc import Iterable

HIDDEN = "*"

# Surnames of two characters: those of the Hundred Family Surnames (《百家姓》, the common edition), in its order, and a
# few that it lacks but people bear. Without them 欧阳锋 would show a character of the given name. Longer ones
# (爱新觉罗) are not told apart: of them the first character is shown.
COMPOUND_SURNAMES = frozenset(
    re.findall(
        r"\w+",
        """
    万俟、司马、上官、欧阳、夏侯、诸葛、闻人、东方、赫连、皇甫、尉迟、公羊、澹台、公冶、宗政、濮阳、淳于
    单于、太叔、申屠、公孙、仲孙、轩辕、令狐、钟离、宇文、长孙、慕容、鲜于、闾丘、司徒、司空、亓官、司寇
    子车、颛孙、端木、巫马、公西、漆雕、乐正、壤驷、公良、拓跋、夹谷、宰父、谷梁、段干、百里、东郭、南门
    呼延、羊舌、微生、梁丘、左丘、东门、西门、南宫、第五
    独孤、纳兰、完颜、富察
        """,
    )
)
# Words that only organisations carry: 昆明某某商贸有限公司, 李记餐馆.
_COMPANY = re.compile(
    r"公司|集团|合作社|事务所|中心|商行|经营部|工作室|协会|学校|医院|银行|研究院|研究所|工厂|[厂店铺馆社院局厅委会部站所]$"
)
_FORMS = ("有限责任公司", "股份有限公司", "有限公司", "公司")
_SEPARATORS = re.compile(r"[·•‧・.．]")
_APART = re.compile(r"[\s·•‧・.．]")
_LATIN = re.compile(r"[A-Za-zÀ-ɏ]")
_LONG_NAME = 4

_DIGITS = r"(?<![0-9A-Za-z])"
_END = r"(?![0-9A-Za-z])"
_GAP = r"[ \-‐-―－]?"
_RESIDENT_ID = re.compile(
    rf"{_DIGITS}[1-9](?:{_GAP}\d){{16}}{_GAP}[\dXxＸｘ]{_END}|{_DIGITS}[1-9](?:{_GAP}\d){{14}}{_END}"
)
_MOBILE = re.compile(rf"(?:(?<![0-9A-Za-z+＋])|(?:[+＋]?86{_GAP}))1(?:{_GAP}\d){{10}}(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)0\d{2,3}[ \-－]?\d{7,8}(?!\d)")
_PASSPORT = re.compile(rf"{_DIGITS}(?:[EGDSPHKMegdsphkm][A-Za-z]?\d{{7,8}}|[CRWTLZ]\d{{8}}){_END}")
_CREDIT_CODE = re.compile(rf"{_DIGITS}[159NY][1-39][0-9]{{6}}[0-9A-HJ-NP-RTUW-Y]{{10}}{_END}")
_MAIL = re.compile(r"[A-Za-z0-9._%+\-]+@[A-Za-z0-9.\-]+\.[A-Za-z]{2,}")
_LONG_NUMBER = re.compile(r"(?<!\d)\d(?:[ \-]?\d){10,}(?!\d)")
# In the order in which they are hidden: the longer forms first, or a phone would be found inside an ID.
_NUMBERS = (
    (_MAIL, "[邮箱]"),
    (_RESIDENT_ID, "[证件号码]"),
    (_CREDIT_CODE, "[信用代码]"),
    (_MOBILE, "[电话]"),
    (_LANDLINE, "[电话]"),
    (_PASSPORT, "[证件号码]"),
    (_LONG_NUMBER, "[号码]"),
)
# Full-width digits and letters count as what they look like; one stays one, so that positions agree.
_NARROW = {
    wide: wide - 0xFEE0 for wide in (*range(0xFF10, 0xFF1A), *range(0xFF21, 0xFF3B), *range(0xFF41, 0xFF5B))
}


def mask_name(name: str) -> str:
    """王* · 王** · 欧阳* · 阿卜杜拉·** · J*** · 昆明****公司; blank stays blank."""
    clean = " ".join(name.split())
    if not clean:
        return ""
    if len(clean) > _LONG_NAME and _COMPANY.search(clean):
        return _mask_company(clean)
    if _SEPARATORS.search(clean) or _LATIN.search(clean):
        return _mask_parts(clean)
    if len(clean) == 1:
        return HIDDEN
    shown = 2 if len(clean) > 2 and clean[:2] in COMPOUND_SURNAMES else 1
    return clean[:shown] + HIDDEN * min(len(clean) - shown, 3)


def _mask_parts(name: str) -> str:
    """Of a minority's or a foreign name, written in parts, only the first letter or character is shown."""
    return name[0] + HIDDEN * 3


def _mask_company(name: str) -> str:
    """The first two characters (mostly a place) and the legal form; the firm's own name is hidden.

    A shop or workshop mostly bears its owner's name: of that the first character, as of a person's.
    """
    form = next((word for word in _FORMS if name.endswith(word)), "")
    return name[: 2 if form else 1] + HIDDEN * 4 + (form or name[-1])


def mask_phone(phone: str) -> str:
    """138****5678; of fewer than eleven digits only the last two are shown, of seven or fewer nothing."""
    digits = phone.strip()
    if len(digits) >= 11:
        return digits[:3] + HIDDEN * (len(digits) - 7) + digits[-4:]
    return HIDDEN * (len(digits) - 2) + digits[-2:] if len(digits) > 7 else HIDDEN * len(digits)


def mask_document(number: str) -> str:
    """The first and the last two characters of a document's number; shorter than eight: nothing of it."""
    clean = number.strip()
    return clean[:2] + HIDDEN * (len(clean) - 4) + clean[-2:] if len(clean) >= 8 else HIDDEN * len(clean)


def mask_text(text: str, names: Iterable[str] = ()) -> str:
    """Free text without phones, documents, credit codes, mail addresses, and without the `names` given.

    Numbers are also found in full-width digits and with single blanks or hyphens in between. Other people's
    names in the text are not looked for: whoever releases text to the public reads it first.
    """
    for name in sorted({each.strip() for each in names}, key=len, reverse=True):
        text = hide_name(text, name, mask_name(name))
    for pattern, label in _NUMBERS:
        narrow = text.translate(_NARROW)
        at = 0
        pieces: list[str] = []
        for found in pattern.finditer(narrow):
            pieces += (text[at : found.start()], label)
            at = found.end()
        text = "".join((*pieces, text[at:]))
    return text


def hide_name(text: str, name: str, label: str) -> str:
    """The text with `label` wherever the name stands, also in other letters' case and with blanks or dots in between.

    A name of one character is left: it would be found everywhere.
    """
    characters = _APART.sub("", name)
    if len(characters) < 2:
        return text
    written = r"[\s·•‧・.．]{0,2}".join(map(re.escape, characters))
    return re.sub(written, lambda _: label, text, flags=re.IGNORECASE)


def names_numbers(text: str) -> bool:
    """Whether a text holds a mobile phone, a person's document or a credit code: what no note of an office needs."""
    narrow = text.translate(_NARROW)
    return any(pattern.search(narrow) for pattern in (_RESIDENT_ID, _MOBILE, _PASSPORT, _CREDIT_CODE))
