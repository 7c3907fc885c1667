"""What an error file shows of a record, and how what it hides comes back when the file is fed back.

Codes, numbers and days are shown, and names of items and offices that the registry knows; all else is masked. What was
masked stands beside it, sealed for this installation alone and bound to the file and the line: whoever corrects the row
leaves it as it is, and untouched masks are filled in again. So nobody needs the plain names, and no file holds them.
"""

import base64
import binascii
import re
from collections.abc import Mapping
from typing import Final

import msgspec

from haochaping.cases.formats import is_credit_code
from haochaping.foundation.errors import Problem
from haochaping.foundation.keys import key_for
from haochaping.foundation.sealing import SealBroken, seal, unseal
from haochaping.identity.masks import HIDDEN, mask_document, mask_name, mask_phone, names_numbers

PURPOSE: Final = "import errors"
_DOCUMENTS: Final = frozenset({"certKey", "certKeyGOV", "handleUserPageCode", "creditNum"})
_PHONES: Final = frozenset({"mobile"})
_OFFICES: Final = frozenset({"taskName", "projectName", "serviceName", "proDepart", "orgName"})
_PEOPLE: Final = frozenset({"userName", "handleUserName", "proManager"})
_CODES: Final = frozenset((
    "areaCode", "deptCode", "taskType", "taskCode", "taskHandleItem", "projectNo", "proStatus", "orgcode", "userProp",
    "userPageType", "handleUserPageType", "creditType", "acceptDate", "serviceTime", "resultDate", "deliveryDate",
    "promiseDay", "promiseType", "anticipateDay", "anticipateType", "proChannel", "promiseTime", "proManagerNo",
    "windowNo", "serviceNumber", "projectType", "dataSource",
))  # fmt: skip
# A code has a digit in it, or is no more than a letter: what slipped in from the next column is mostly a name.
_CODE: Final = re.compile(r"(?=.*\d)[0-9A-Za-z][0-9A-Za-z_\-:/. ]{0,59}|[0-9A-Za-z]", re.ASCII)
_NUMBER: Final = re.compile(r"[0-9A-Za-z()（）+ \-]+", re.ASCII)
# Also what stands where nothing can be shown: it has to be typed anew.
STARS: Final = HIDDEN * 3

STILL_MASKED: Final = Problem(
    "",
    "still_masked",
    "仍是脱敏内容，无法还原：请填写完整内容；未改动的脱敏内容须与“#line”“#sealed”两列原样一并交回。",
)


def shown(
    fields: Mapping[str, str], public: frozenset[str]
) -> tuple[dict[str, str], dict[str, tuple[str, str]]]:
    """The fields as they may be shown; and those that are not, each as shown and as it is. `public`: names that the
    registry knows."""
    seen, hidden = {}, {}
    for name, value in fields.items():
        seen[name] = _shown(name, value, public)
        if seen[name] != value:
            hidden[name] = (seen[name], value)
    return seen, hidden


def sealed(hidden: Mapping[str, tuple[str, str]], run: str, line: int) -> str:
    """What is hidden of a line, as a text for one cell; "" when nothing is."""
    if not hidden:
        return ""
    closed = seal(key_for(PURPOSE), msgspec.json.encode(hidden), _place(run, line))
    return f"s{run}.{base64.b64encode(closed).decode()}"


def opened(text: str, line: str) -> dict[str, tuple[str, str]] | None:
    """What `sealed` closed; None when it was altered, belongs to another line, or to another installation."""
    run, _, closed = text.strip().removeprefix("s").partition(".")
    try:
        plain = unseal(key_for(PURPOSE), base64.b64decode(closed, validate=True), _place(run, int(line)))
    except (SealBroken, binascii.Error, ValueError):
        return None
    return msgspec.json.decode(plain, type=dict[str, tuple[str, str]])


def restored(fields: Mapping[str, str], line: str, seal_text: str) -> tuple[dict[str, str], list[Problem]]:
    """A corrected row with every mask that was left as it was filled in again; what is still masked is told by field."""
    hidden = (opened(seal_text, line) if seal_text else {}) or {}
    record, problems = {}, []
    for name, value in fields.items():
        masked, plain = hidden.get(name, ("", ""))
        if masked and value == masked:
            record[name] = plain
        elif HIDDEN in value:
            problems.append(Problem(name, STILL_MASKED.code, STILL_MASKED.message))
        else:
            record[name] = value
    return record, problems


def _place(run: str, line: int) -> bytes:
    return f"import {run}:{line}".encode()


def _shown(name: str, value: str, public: frozenset[str]) -> str:
    if name in _CODES:
        right = _CODE.fullmatch(value) and all(map(_is_nobodys, value.split("_")))
        return value if right else _masked_number(value)
    if name in _OFFICES:
        return value if value in public else _masked_name(value)
    if name in _PEOPLE:
        return _masked_name(value)
    if name in _DOCUMENTS:
        return _masked_number(value)
    if name in _PHONES:
        return mask_phone(value) if _NUMBER.fullmatch(value) else STARS
    return STARS


def _is_nobodys(code: str) -> bool:
    """Whether a code is no person's or firm's number; an office's credit code begins with 1 (机构编制)."""
    return not names_numbers(code) or (code[0] == "1" and is_credit_code(code))


def _masked_name(value: str) -> str:
    """A name's mask where a name may stand; of what begins like a formula or a number nothing."""
    return mask_name(value) if value[0].isalpha() else STARS


def _masked_number(value: str) -> str:
    masked = mask_document(value) if _NUMBER.fullmatch(value) and value[0].isalnum() else STARS
    return masked if HIDDEN in masked else STARS
