"""A body of many records, taken apart: NDJSON or a JSON array, each record for itself.

One broken line never spoils its neighbours. Only what cannot be taken apart at all is refused as a whole.
"""

import codecs
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final
from uuid import UUID

import msgspec

from haochaping.cases.rules import fault_of, flattened, malformations
from haochaping.foundation.errors import Problem
from haochaping.foundation.keys import key_for
from haochaping.foundation.sealing import hmac_sm3
from haochaping.intake.dialects import Dialect
from haochaping.intake.inflating import Body, TooLarge, Unreadable

MOST_RECORDS: Final = 10_000
# Blank lines cost time as well.
_MOST_LINES: Final = 100_000
_LONGEST_ECHO: Final = 100
_BOM: Final = b"\xef\xbb\xbf"
_UTF16: Final = (b"\xff\xfe", b"\xfe\xff")
_CHECKED_AT_ONCE: Final = 1024 * 1024

_one = msgspec.json.Decoder(float_hook=Decimal)
_array = msgspec.json.Decoder(list[msgspec.Raw])
_canonical = msgspec.json.Encoder(order="sorted")

_NOT_JSON = Problem("", "not_json", "不是完整的JSON：请检查引号、逗号和括号。")
_NOT_UTF8 = Problem("", "not_utf8", "不是UTF-8编码：请转换为UTF-8（不是GBK或UTF-16）后重新发送。")
_TOO_DEEP = Problem("", "too_deep", "嵌套层数过多：每条记录应为一层的 {字段: 值}。")
_OUT_OF_RANGE = Problem("", "number_range", "含有超出范围的数字：请将编码和号码作为文本（加引号）发送。")
# What may be wrong with a record before its fields are looked at.
UNREAD: Final = (_NOT_JSON, _NOT_UTF8, _TOO_DEEP, _OUT_OF_RANGE)


# Not frozen, which would double what it costs to make one.
@dataclass(slots=True)
class Reported:
    """One record as it came in. With `problems` it is rejected; `record` and `digest` are then of no use.

    `project_no` and `service_number` are echoed, "" where there is nothing sane to echo. `text` is the
    canonical JSON of the normalised record, `digest` its keyed hash: equal records have equal digests.
    `dialect` is the edition that it was read by, None for the words of the convention; `sent` the record as it
    was before that, empty when it cannot be brought into one form at all.
    """

    line: int
    record: dict[str, str]
    problems: tuple[Problem, ...]
    project_no: str
    service_number: str
    text: str
    digest: bytes
    dialect: Dialect | None = None
    sent: dict[str, str] = field(default_factory=dict, repr=False)

    @property
    def dialect_id(self) -> UUID | None:
        """The edition that the record was read by."""
        return self.dialect.id if self.dialect else None

    @property
    def has_key(self) -> bool:
        """Whether there is a key at all, however malformed the rest is."""
        return bool(self.project_no) and fault_of("serviceNumber", self.service_number) is None

    @property
    def key(self) -> tuple[str, int]:
        """Case number and service number of a well-formed record."""
        return self.project_no, int(self.service_number)


def read(body: Body, content_type: str, dialect: Dialect | None = None) -> list[Reported]:
    """Every record of the body, in order, in the sender's dialect. Raises Unreadable and TooLarge."""
    key = key_for("occasion digest")
    return [reported(line, raw, key, dialect) for line, raw in records(body, content_type)]


def records(body: Body, content_type: str) -> Iterator[tuple[int, bytes | bytearray | msgspec.Raw]]:
    """Number (physical line, or place in the array, from 1) and bytes of every record. Raises as `read`.

    The body is not copied: each record is cut out when it is asked for.
    """
    begin = len(_BOM) if body[: len(_BOM)] == _BOM else 0
    # Behind the mark every character that JSON may begin with has a NUL; else it is a spoilt line like any other.
    if body[begin : begin + 2] in _UTF16 and b"\0" in body[begin + 2 : begin + 4]:
        raise Unreadable(_NOT_UTF8.code, _NOT_UTF8.message)
    start = body[begin : begin + 1024].lstrip()[:1] or body[begin:].lstrip()[:1]
    if not start:
        raise Unreadable("empty", "请求体为空：请发送至少一条记录。")
    kind = content_type.partition(";")[0].strip().lower()
    if kind == "application/x-ndjson" or (start != b"[" and start == b"{"):
        return _lines(body, begin)
    if start == b"[":
        return _elements(body, begin)
    raise Unreadable("not_records", "请求体应为NDJSON（每行一条记录）或JSON数组。")


def reported(
    line: int, raw: bytes | bytearray | msgspec.Raw, key: bytes, dialect: Dialect | None = None
) -> Reported:
    """One record read, normalised and checked; `key` is that of the digest. Raises nothing."""
    try:
        value = _one.decode(raw)
    except UnicodeDecodeError:
        return _unread(line, _NOT_UTF8)
    except RecursionError:
        return _unread(line, _TOO_DEEP)
    except (msgspec.ValidationError, ArithmeticError):
        return _unread(line, _OUT_OF_RANGE)
    except msgspec.DecodeError:
        return _unread(line, _NOT_JSON)
    sent, found = flattened(value)
    if not isinstance(value, dict):
        return Reported(line, {}, tuple(found), "", "", "", b"")
    return _checked(line, sent, found, key, dialect)


def read_again(record: Reported, dialect: Dialect | None) -> Reported:
    """The same record by another edition of the dialect. Raises nothing."""
    return _checked(record.line, record.sent, [], key_for("occasion digest"), dialect)


def _checked(
    line: int, sent: dict[str, str], found: list[Problem], key: bytes, dialect: Dialect | None
) -> Reported:
    """`found` is what flattening found: such a record is malformed in any dialect."""
    as_sent = {} if found else sent
    record = sent
    if dialect is not None:
        record, unknown = dialect.occasion(sent)
        found = [*found, *unknown]
    problems = tuple(malformations(record, found))
    project_no, number = _echo(record, "projectNo"), _echo(record, "serviceNumber")
    if problems:
        return Reported(line, {}, problems, project_no, number, "", b"", dialect, as_sent)
    text = canonical(record)
    return Reported(
        line, record, (), project_no, number, text.decode(), hmac_sm3(key, text), dialect, as_sent
    )


def canonical(record: Mapping[str, str]) -> bytes:
    """The one writing of a record, of which the digest is made."""
    return _canonical.encode(record)


def _lines(body: Body, begin: int) -> Iterator[tuple[int, bytes | bytearray]]:
    """All places first, so that too large a call costs little."""
    found: list[tuple[int, int, int]] = []
    size, line = len(body), 0
    while begin <= size:
        line += 1
        if line > _MOST_LINES + 1:
            raise TooLarge("too_many_lines", f"行数过多：一次最多{_MOST_LINES}行（含空行），请分批发送。")
        end = body.find(b"\n", begin)
        end = size if end < 0 else end
        if body[begin:end].strip():
            found.append((line, begin, end))
        begin = end + 1
    _within_limit(len(found))
    return ((line, body[first:last]) for line, first, last in found)


def _elements(body: Body, begin: int) -> Iterator[tuple[int, msgspec.Raw]]:
    _check_utf8(body, begin)
    try:
        found = _array.decode(memoryview(body)[begin:])
    except RecursionError:
        raise Unreadable(_TOO_DEEP.code, _TOO_DEEP.message) from None
    except msgspec.MsgspecError as error:
        place = str(error).rpartition("(byte ")[2].rstrip(")")
        where = f"第{int(place) + 1}个字节处" if place.isdigit() else "末尾，内容不完整"
        raise Unreadable(
            "not_json", f"请求体不是完整的JSON数组（{where}）：请修正后整体重新发送，本次未保存任何记录。"
        ) from None
    if not found:
        raise Unreadable("empty", "请求体中没有记录：请发送至少一条记录。")
    _within_limit(len(found))
    return iter(enumerate(found, start=1))


def _check_utf8(body: Body, begin: int) -> None:
    """Piece by piece: the whole text is never made."""
    at = begin
    while at < len(body):
        piece = body[at : at + _CHECKED_AT_ONCE]
        try:
            used = codecs.utf_8_decode(piece, "strict", at + len(piece) == len(body))[1]
        except UnicodeDecodeError as error:
            place = at - begin + error.start + 1
            words = f"{_NOT_UTF8.message[:-1]}（第{place}个字节处）。"
            raise Unreadable(_NOT_UTF8.code, words) from None
        at += used


def _within_limit(count: int) -> None:
    if count > MOST_RECORDS:
        raise TooLarge("too_many_records", f"一次最多{MOST_RECORDS}条记录：请分批发送。")


def _echo(record: dict[str, str], name: str) -> str:
    value = record.get(name, "")
    return value if len(value) <= _LONGEST_ECHO else ""


def _unread(line: int, problem: Problem) -> Reported:
    return Reported(line, {}, (problem,), "", "", "", b"")
