"""What a reported record must be to be looked at at all: read into one form, then judged field by field.

Pure, and the one definition of "malformed". Field names and codes are those of the national data convention
(GB/T 39735-2020 as systems speak it: docs/api.md). Messages never repeat a value: values are people's
data.
"""

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from operator import le
from typing import Final, cast

from haochaping.cases.formats import instant, is_credit_code, is_dummy, is_resident_id
from haochaping.foundation.errors import Problem

Record = Mapping[str, str]
Check = Callable[[str], str | None]

MOST_FIELDS: Final = 200
LONGEST_NAME: Final = 64
LONGEST_TEXT: Final = 2000
LARGEST_SERVICE_NUMBER: Final = 999_999_999
# What a rating that counts for each of so many cases may add to a day at once.
LARGEST_GROUP: Final = 9_999
_WIDEST_NUMBER = 20
_EDGES: Final = ("", " ", "|")

MESSAGES: Final[Mapping[str, str]] = {
    "not_an_object": "不是一条JSON对象记录：每条记录应为 {字段: 值} 的形式。",
    "too_many_fields": f"字段过多：一条记录最多{MOST_FIELDS}个字段。",
    "field_name": f"字段名过长或含有控制字符：字段名最多{LONGEST_NAME}个字符。",
    "nested": "值应为文本或数字，不能是对象、数组或true/false。",
    "control_character": "含有控制字符（如NUL、换行）：请清除后重新发送。",
    "too_long": "内容过长：请核对该字段是否填错。",
    "required": "必填项缺失或为空：请补充后重新发送。",
    "required_when_done": "办件状态为3（已办结）时必填：请补充办结时间。",
    "length_31": "应为31位实施编码：请核对。",
    "length_33": "应为33位业务办理项编码：请核对。",
    "length_18": "应为18位：请核对。",
    "area_code": "应为6位行政区划代码，或12位（6位后加000000）。",
    "credit_code": "统一社会信用代码的字符或校验码不正确（GB 32100）：请核对。",
    "resident_id": "身份证号码的出生日期或校验码不正确：请核对。",
    "unknown_code": "代码值不在数据规范的代码表内：请核对。",
    "positive_integer": "应为正整数：1、2、3……",
    "group_size": f"应为1至{LARGEST_GROUP}的整数：请填写一并办理的办件数。",
    "required_with_role": "填写了groupRole时必填：请补充所属的批次号、联办号或主题办件号。",
    "whole_number": "应为非负整数。",
    "date": "应为存在的时间，格式为 yyyy-MM-dd HH:mm:ss（北京时间）。",
}

# Codes of our own fields (docs/api.md), in the words that rules select by.
FORMS: Final[Mapping[str, str]] = {
    "1": "single",
    "2": "batch",
    "3": "joint",
    "4": "theme",
    "5": "consultation",
}
STAGES: Final[Mapping[str, str]] = {
    "1": "consultation",
    "2": "application",
    "3": "acceptance",
    "4": "review",
    "5": "decision",
    "6": "delivery",
    "7": "whole",
}
WHOLE, PART = "1", "2"

# Fields by the form of their values: codes, lengths, times, whole numbers. Checks and the description of the interface
# (docs/openapi.json) are both made of these.
_DOCUMENT_TYPES = frozenset({"111", "414", "511", "516", "001", "821", "999"})
_UNITS = frozenset("0123")
CODES: Final[Mapping[str, frozenset[str]]] = {
    "taskType": frozenset({"01", "05", "07", "08", "09", "10", "20", "99"}),
    "proStatus": frozenset("123"),
    "userProp": frozenset("1234569"),
    "userPageType": _DOCUMENT_TYPES,
    "handleUserPageType": _DOCUMENT_TYPES,
    "promiseType": _UNITS,
    "anticipateType": _UNITS,
    "proChannel": frozenset("12"),
    "promiseTime": frozenset("12"),
    "projectType": frozenset("12"),
    "caseForm": frozenset(FORMS),
    "serviceStage": frozenset(STAGES),
    "groupRole": frozenset((WHOLE, PART)),
}
LENGTHS: Final[Mapping[str, int]] = {"taskCode": 31, "taskHandleItem": 33}
TIMES: Final = ("acceptDate", "serviceTime", "resultDate", "deliveryDate")
NUMBERS: Final = ("serviceNumber", "promiseDay", "anticipateDay", "groupSize")
AREA: Final = "[0-9]{6}(?:0{6})?"
_AREA = re.compile(AREA)
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def flattened(raw: object) -> tuple[dict[str, str], list[Problem]]:
    """One form for equal records: texts without surrounding blanks, numbers as text, areaCode in six digits.

    What is empty or null counts as absent. Unknown fields stay. The problems name what cannot be brought into
    this form; the rest is returned all the same, so that everything wrong can be said at once.
    """
    if not isinstance(raw, dict):
        return {}, [_problem("", "not_an_object")]
    if len(raw) > MOST_FIELDS:
        return {}, [_problem("", "too_many_fields")]
    if (plain := _plain(raw)) is not None:
        return _same_numbers(plain), []
    record: dict[str, str] = {}
    problems: list[Problem] = []
    for name, value in raw.items():
        if len(name) > LONGEST_NAME or _CONTROL.search(name):
            problems.append(_problem("", "field_name"))
            continue
        if value is None:
            continue
        text = _text(value)
        if text is None:
            problems.append(_problem(name, "nested"))
        elif len(text) > LONGEST.get(name, LONGEST_TEXT):
            problems.append(_problem(name, "too_long"))
        elif _CONTROL.search(text):
            problems.append(_problem(name, "control_character"))
        elif text:
            record[name] = text
    return _same_numbers(record), problems


@lru_cache(maxsize=256)
def _limits(names: tuple[str, ...]) -> tuple[int, ...] | None:
    """How long the value of each field may be; None where a name is not one. A sender sends the same names always."""
    if any(len(name) > LONGEST_NAME or _CONTROL.search(name) for name in names):
        return None
    return tuple(LONGEST.get(name, LONGEST_TEXT) for name in names)


def _plain(raw: dict[str, object]) -> dict[str, str] | None:
    """The record itself where every value is a printable text of due length without blanks around it, as in almost all:
    looked at as a whole, which costs a tenth of looking at each field. None where a field must be looked at for itself.
    """
    texts = cast(dict[str, str], raw)
    try:
        whole = "|".join(texts.values())
    except TypeError:
        return None
    limits = _limits(tuple(texts))
    if limits is None or not whole.isprintable() or not all(map(le, map(len, texts.values()), limits)):
        return None
    # Blank edges and empty values; what only looks like one is looked at field by field as well.
    if whole[:1] in _EDGES or whole[-1:] in _EDGES or "| " in whole or " |" in whole or "||" in whole:
        return None
    return texts


def _text(value: object) -> str | None:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return None
    if (
        isinstance(value, Decimal)
        and value.is_finite()
        and value.adjusted() < _WIDEST_NUMBER
        and value == value.to_integral_value()
    ):
        return str(int(value))
    return str(value)


def _same_numbers(record: dict[str, str]) -> dict[str, str]:
    """The record as it is, or another where something had to be changed."""
    area = record.get("areaCode", "")
    if len(area) == 12 and _AREA.fullmatch(area):
        record = record | {"areaCode": area[:6]}
    for name in NUMBERS:
        number = record.get(name, "")
        if len(number) > 1 and number[0] == "0" and number.isascii() and number.isdigit():
            record = record | {name: number.lstrip("0") or "0"}
    return record


def malformations(record: Record, found: list[Problem]) -> list[Problem]:
    """Everything for which the record is rejected, in the order of the fields; `found` when it was flattened.

    A dummy in an identity field is no malformation: it is recognised before formats are looked at.
    """
    if not found and _is_sound(record):
        return []
    known = {problem.field for problem in found}
    problems = list(found)
    if not record.keys() >= _ALWAYS:
        absent = [name for name in REQUIRED if name not in record and name not in known]
        problems += [_problem(name, "required") for name in absent]
    if "certKey" not in record and "certKeyGOV" not in record and not known & {"certKey", "certKeyGOV"}:
        problems.append(_problem("certKey", "required"))
    if record.get("proStatus") == "3" and "resultDate" not in record and "resultDate" not in known:
        problems.append(_problem("resultDate", "required_when_done"))
    if "groupRole" in record and "groupNo" not in record and "groupNo" not in known:
        problems.append(_problem("groupNo", "required_with_role"))
    for name, check in _CHECKS.items():
        if (value := record.get(name)) is not None and (code := check(value)):
            problems.append(_problem(name, code))
    for name, kind in _DOCUMENTS.items():
        if name not in record or is_dummy(record[name]):
            continue
        if code := _document(record[name], record.get(kind)):
            problems.append(_problem(name, code))
    return problems


def _is_sound(record: Record) -> bool:
    """Whether there is nothing to be told, as of almost all: codes, of which a call has few sets, are looked at once for
    each set."""
    get = record.get
    if (
        not record.keys() >= _ALWAYS
        or ("certKey" not in record and "certKeyGOV" not in record)
        or (record["proStatus"] == "3" and "resultDate" not in record)
        or not _are_sound(tuple(map(get, _CODES)))
        or _positive(record["serviceNumber"])
    ):
        return False
    for name in TIMES:
        if (at := get(name)) is not None and instant(at) is None:
            return False
    for name, kind in _DOCUMENTS.items():
        if (number := get(name)) is not None and _document(number, get(kind)) and not is_dummy(number):
            return False
    return True


@lru_cache(maxsize=16_384)
def _are_sound(values: tuple[str | None, ...]) -> bool:
    """Whether values of _CODES, in that order, are all right or absent."""
    return not any(
        value is not None and _CHECKS[name](value) for name, value in zip(_CODES, values, strict=True)
    )


def fault_of(name: str, value: str) -> str | None:
    """The code of what is wrong with one value by itself; None for a right one, and for a field without a rule."""
    check = _CHECKS.get(name)
    return check(value) if check else None


def _document(number: str, kind: str | None) -> str | None:
    if kind == "111":
        if len(number) != 18:
            return "length_18"
        return None if is_resident_id(number) else "resident_id"
    return _credit_code(number) if kind == "001" else None


@lru_cache(maxsize=16_384)
def _credit_code(code: str) -> str | None:
    if len(code) != 18:
        return "length_18"
    return None if is_credit_code(code) else "credit_code"


def _area(code: str) -> str | None:
    return None if _AREA.fullmatch(code) else "area_code"


def _length(size: int) -> Check:
    def check(value: str) -> str | None:
        return None if len(value) == size and value.isascii() and value.isalnum() else f"length_{size}"

    return check


def _one_of(codes: frozenset[str]) -> Check:
    return lambda value: None if value in codes else "unknown_code"


def _date(value: str) -> str | None:
    return None if instant(value) else "date"


def _positive(value: str) -> str | None:
    right = _whole(value) is None and 0 < int(value) <= LARGEST_SERVICE_NUMBER
    return None if right else "positive_integer"


def _group_size(value: str) -> str | None:
    return None if _whole(value) is None and 0 < int(value) <= LARGEST_GROUP else "group_size"


def _whole(value: str) -> str | None:
    return None if value.isascii() and value.isdigit() and len(value) <= 9 else "whole_number"


def _problem(field: str, code: str) -> Problem:
    return Problem(field, code, MESSAGES[code])


# Besides one of certKey and certKeyGOV, and resultDate of what is done.
REQUIRED: Final = (
    "areaCode", "deptCode", "taskCode", "taskName", "projectNo", "proStatus", "userName", "userProp",
    "userPageType", "acceptDate", "serviceName", "serviceNumber", "serviceTime", "projectType",
)  # fmt: skip
_ALWAYS = frozenset(REQUIRED)
# Which field says of which kind the document is.
_DOCUMENTS: Final[Mapping[str, str]] = {
    "certKey": "userPageType",
    "certKeyGOV": "userPageType",
    "handleUserPageCode": "handleUserPageType",
}
_CHECKS: Final[Mapping[str, Check]] = {
    "areaCode": _area,
    "deptCode": _credit_code,
    **{name: _length(size) for name, size in LENGTHS.items()},
    **{name: _one_of(codes) for name, codes in CODES.items()},
    **dict.fromkeys(NUMBERS, _whole),
    "serviceNumber": _positive,
    "groupSize": _group_size,
    **dict.fromkeys(TIMES, _date),
}
_CODES: Final = tuple(name for name in _CHECKS if name not in {*TIMES, "serviceNumber"})
# What the tables hold; other texts may be up to LONGEST_TEXT.
LONGEST: Final[Mapping[str, int]] = {
    "projectNo": 100,
    "serviceName": 200,
    "taskName": 300,
    "projectName": 500,
    "userName": 200,
    "certKey": 200,
    "certKeyGOV": 200,
    "mobile": 40,
    "windowNo": 40,
    "proManagerNo": 40,
    "proManager": 100,
    "orgName": 200,
    "proDepart": 200,
    "groupNo": 100,
}
