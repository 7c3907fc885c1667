"""A reported record in few bytes, for its seal: a tenth of what its JSON took. Pure.

What many records say in the same words - of the place, of the item, of codes - is a phrase, stored once; what lies in name,
document or phone of the same row is not said again; times take four bytes; the rest is spelled out. What comes back is what
went in, field by field. A seal of before, and of a record that was kept aside, holds the JSON itself.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Final

import msgspec

# The fields that a phrase tells of together: where and by whom one was served, in what, and by which codes.
PHRASED: Final = (
    ("areaCode", "deptCode", "orgName", "proDepart", "proManager", "proManagerNo", "windowNo"),
    ("projectName", "taskCode", "taskHandleItem", "taskName", "taskType"),
    (
        *("anticipateType", "caseForm", "groupRole", "proChannel", "proStatus", "projectType", "promiseTime"),
        *("promiseType", "serviceStage", "userPageType", "userProp"),
    ),
)
# Which columns of the row say the same as which fields. Four: as many bits as there are beside the number of the form.
COLUMNS: Final = (
    ("userName", "name"),
    ("certKey", "document"),
    ("certKeyGOV", "document"),
    ("mobile", "phone"),
)
# A field is said by its place here, counted from 1: append only. One that is not here is spelled out with its name.
_FIELDS: Final = (
    *("projectNo", "serviceNumber", "serviceName", "acceptDate", "serviceTime", "resultDate", "deliveryDate"),
    *("areaCode", "deptCode", "orgName", "proDepart", "proManager", "proManagerNo", "windowNo"),
    *("projectName", "taskCode", "taskHandleItem", "taskName", "taskType"),
    *("anticipateType", "caseForm", "groupRole", "proChannel", "proStatus", "projectType", "promiseTime"),
    *("promiseType", "serviceStage", "userPageType", "userProp"),
    *("userName", "certKey", "certKeyGOV", "mobile", "creditNum", "creditType", "orgcode"),
    *("handleUserName", "handleUserPageCode", "handleUserPageType", "subMatter", "dataSource"),
    *("promiseDay", "anticipateDay", "groupNo", "groupSize"),
)
_NUMBERS: Final = {name: number for number, name in enumerate(_FIELDS, 1)}
_TIMES: Final = frozenset({"acceptDate", "serviceTime", "resultDate", "deliveryDate"})
_FORM: Final = 1
_FORM_BITS: Final = 4
_JSON: Final = ord("{")
# In place of the length of a text: what follows is a time, the time said last, or a length of two bytes.
_TIME, _SAME, _LONG = 0xFF, 0xFE, 0xFD
_EPOCH: Final = datetime(1970, 1, 1)  # noqa: DTZ001 - a time as it was written, whatever it means
_SECOND: Final = timedelta(seconds=1)
_DAY: Final = 10
_LAST_DAY: Final = 2**32 // 86_400
_TIME_OF_DAY: Final = re.compile(r" ([01]\d|2[0-3]):([0-5]\d):([0-5]\d)", re.ASCII)

# The bits behind the number of the form.
_BITS: Final = tuple((field, column, 1 << bit) for bit, (field, column) in enumerate(COLUMNS, _FORM_BITS))

Phrase = Mapping[str, str]
# Under which number a phrase is stored, and of which fields it tells; 0 and none where there is none.
Numbered = tuple[int, frozenset[str]]
UNSTORED: Final[Numbered] = (0, frozenset())


def packed(
    record: Mapping[str, str], columns: Mapping[str, str | None], phrases: Sequence[Numbered]
) -> bytes:
    """The record without what `columns` (of the row, in plain) and `phrases` (one for each of PHRASED) say."""
    form, out = _FORM, bytearray(1)
    told = set[str]()
    for number, said in phrases:
        _put_number(out, number)
        told |= said
    for field, column, bit in _BITS:
        value = record.get(field)
        if value and value == columns.get(column):
            form |= bit
            told.add(field)
    out[0] = form
    last = ""
    for field, value in record.items():
        if field in told:
            continue
        number = _NUMBERS.get(field, 0)
        out.append(number)
        if not number:
            _put_text(out, field)
        if field not in _TIMES:
            _put_text(out, value)
        elif value == last:
            out.append(_SAME)
        elif (at := _seconds(value)) is not None:
            out.append(_TIME)
            out += at
            last = value
        else:
            _put_text(out, value)
    return bytes(out)


def phrases_of(plain: bytes) -> tuple[int, ...]:
    """The numbers of the phrases without which it cannot be unpacked: of each of PHRASED, 0 where it is not needed."""
    if plain[0] == _JSON:
        return (0,) * len(PHRASED)
    reader = _Reader(plain[1:])
    return tuple(reader.number() for _ in PHRASED)


def unpacked(plain: bytes, column: Callable[[str], str], phrases: Mapping[int, Phrase]) -> dict[str, str]:
    """The record, fields in the order of their names. `column` gives a column of the row in plain; `phrases` by number.

    Raises KeyError where a phrase is missing, ValueError for a form that this release does not know.
    """
    if plain[0] == _JSON:
        return msgspec.json.decode(plain, type=dict[str, str])
    form = plain[0]
    if form & ((1 << _FORM_BITS) - 1) != _FORM:
        raise ValueError("packed by a later release")
    reader = _Reader(plain[1:])
    record: dict[str, str] = {}
    for _ in PHRASED:
        if number := reader.number():
            record.update(phrases[number])
    record.update(reader.fields())
    for field, name, bit in _BITS:
        if form & bit:
            record[field] = column(name)
    return dict(sorted(record.items()))


def _put_text(out: bytearray, text: str) -> None:
    data = text.encode()
    if len(data) < _LONG:
        out.append(len(data))
    else:
        out.append(_LONG)
        out += len(data).to_bytes(2)
    out += data


def _put_number(out: bytearray, number: int) -> None:
    """Seven bits a byte, the lowest first."""
    while number > 0x7F:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    out.append(number)


def _seconds(text: str) -> bytes | None:
    """`yyyy-MM-dd HH:mm:ss` in four bytes; None for what does not come back from them as it is."""
    day, time = _day(text[:_DAY]), _time(text[_DAY:])
    return None if day is None or time is None else (day + time).to_bytes(4)


# Many records have few days, and no more than 86,400 times of the day.
@lru_cache(maxsize=4_096)
def _day(text: str) -> int | None:
    """Seconds from the epoch to the beginning of the day; None where four bytes do not reach."""
    try:
        days = (date.fromisoformat(text) - _EPOCH.date()).days
    except ValueError:
        return None
    written = (_EPOCH + timedelta(days)).date().isoformat()
    return days * 86_400 if written == text and 0 <= days < _LAST_DAY else None


@lru_cache(maxsize=100_000)
def _time(text: str) -> int | None:
    """Seconds of the day, of a blank and a time."""
    found = _TIME_OF_DAY.fullmatch(text)
    if found is None:
        return None
    hours, minutes, seconds = map(int, found.groups())
    return (hours * 60 + minutes) * 60 + seconds


class _Reader:
    """Takes apart what was put, in the same order."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def number(self) -> int:
        number = shift = 0
        while (byte := self._byte()) & 0x80:
            number |= (byte & 0x7F) << shift
            shift += 7
        return number | byte << shift

    def fields(self) -> Iterator[tuple[str, str]]:
        """All that were spelled out."""
        last = b""
        while self._at < len(self._data):
            number = self._byte()
            name = _FIELDS[number - 1] if number else self._text(self._byte())
            size = self._byte()
            if size == _TIME:
                last = self._bytes(4)
            yield name, _written(last) if size in (_TIME, _SAME) else self._text(size)

    def _text(self, size: int) -> str:
        return self._bytes(int.from_bytes(self._bytes(2)) if size == _LONG else size).decode()

    def _byte(self) -> int:
        return self._bytes(1)[0]

    def _bytes(self, size: int) -> bytes:
        self._at += size
        return self._data[self._at - size : self._at]


def _written(seconds: bytes) -> str:
    return str(_EPOCH + int.from_bytes(seconds) * _SECOND)
