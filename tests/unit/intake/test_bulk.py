"""A body taken apart: each record for itself, and the whole refused only when it cannot be taken apart."""

import hashlib
import json
from typing import Any

import pytest

from haochaping.intake.bulk import Reported, read
from haochaping.intake.inflating import TooLarge, Unreadable
from haochaping.intake.spool import Spool, spooled
from tests.reporting import sample_lines

SOUND = sample_lines()[0]
NDJSON, ARRAY = "application/x-ndjson", "application/json"


def outcome(body: bytes | str, kind: str = NDJSON) -> list[tuple[int, str]]:
    """Line and the first reason's code ("" for a sound record) of each."""
    found = read(body if isinstance(body, bytes) else body.encode(), kind)
    return [(one.line, one.problems[0].code if one.problems else "") for one in found]


def test_lines_keep_their_numbers_over_blank_ones() -> None:
    assert outcome(f"\ufeff\r\n{SOUND}\r\n\n  \n{SOUND}") == [(2, ""), (5, "")]


def test_one_broken_line_spoils_no_other() -> None:
    assert outcome(b"\xff\xfe{}\n" + SOUND.encode()) == [(1, "not_json"), (2, "")]
    body = b"\n".join(
        [SOUND.encode(), b'{"a":', SOUND.encode("gbk"), b"null", b'"x"', b"[]", b"7", SOUND.encode()]
    )
    assert outcome(body) == [
        (1, ""),
        (2, "not_json"),
        (3, "not_utf8"),
        (4, "not_an_object"),
        (5, "not_an_object"),
        (6, "not_an_object"),
        (7, "not_an_object"),
        (8, ""),
    ]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ('{"a":' * 5000 + "1" + "}" * 5000, "too_deep"),
        ("[" * 100_000, "too_deep"),
        ('{"a":' + "9" * 5000 + "}", "number_range"),
        ('{"a":1e999999999999999999999}', "number_range"),
        ('{"a":NaN}', "not_json"),
        ('{"a":"\\ud800"}', "not_json"),
        (SOUND + SOUND, "not_json"),
    ],
)
def test_hostile_lines_are_refused(line: str, code: str) -> None:
    assert outcome(line) == [(1, code)]


def test_the_form_follows_the_content_type_and_else_the_first_byte() -> None:
    array = f"[{SOUND},\n{SOUND}]"
    assert outcome(array, "application/json; charset=utf-8") == [(1, ""), (2, "")]
    assert outcome(array, "") == [(1, ""), (2, "")]
    assert outcome(SOUND, ARRAY) == [(1, "")]
    assert outcome(f"[{SOUND}]", NDJSON) == [(1, "not_an_object")]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"", "empty"),
        (b" \r\n ", "empty"),
        (b"[]", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b'"text"', "not_records"),
        (b"null", "not_records"),
        (b"<xml/>", "not_records"),
        (SOUND.encode("utf-16"), "not_utf8"),
        (f"[{SOUND}]".encode("gbk"), "not_utf8"),
        (b"[" * 100_000, "too_deep"),
        (f"[{SOUND},".encode(), "not_json"),
    ],
)
def test_what_cannot_be_taken_apart(body: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as refused:
        read(body, ARRAY)
    assert refused.value.code == code


def test_a_broken_array_says_where() -> None:
    with pytest.raises(Unreadable, match="第11个字节"):
        read(b'[{"a": 1, }]', ARRAY)


@pytest.mark.parametrize("kind", [NDJSON, ARRAY])
def test_a_body_is_read_where_it_lies(kind: str) -> None:
    """From the file of another process, or as it grew when it was inflated: as from bytes."""
    plain = (f"\ufeff{SOUND}\n{SOUND}" if kind == NDJSON else f"\ufeff[{SOUND},7]").encode()
    with Spool(hashlib.sha256()) as spool:
        spool.write(plain[:10])
        spool.write(plain[10:])
        assert (spool.size, spool.hexdigest()) == (len(plain), hashlib.sha256(plain).hexdigest())
        mapped = spooled(spool.fileno())
    assert read(mapped, kind) == read(bytearray(plain), kind) == read(plain, kind)


def test_a_wrong_byte_is_found_behind_a_megabyte() -> None:
    # A character of three bytes lies across the border of what is looked at together.
    body = b'["' + b"a" * (1024 * 1024 - 3) + "好".encode() + b'\xff"]'
    with pytest.raises(Unreadable, match=f"第{1024 * 1024 + 3}个字节"):
        read(body, ARRAY)


def test_a_call_has_limits() -> None:
    for body in ("{}\n" * 10_001, "[" + "{}," * 10_000 + "{}]", "\n" * 100_001 + "{}"):
        with pytest.raises(TooLarge):
            read(body.encode(), "")
    assert len(outcome("{}\n" * 10_000)) == 10_000


def test_equal_records_have_equal_digests_and_others_not() -> None:
    record: dict[str, Any] = json.loads(SOUND)
    respelled = dict(reversed(record.items())) | {"serviceNumber": 1, "areaCode": " 530102 ", "empty": ""}
    first, same, other = _three(record, respelled, record | {"projectName": "x"})
    assert first.digest == same.digest
    assert first.digest != other.digest


def _three(*records: dict[str, Any]) -> list[Reported]:
    return read("\n".join(map(json.dumps, records)).encode(), NDJSON)


def test_only_case_and_service_number_are_echoed() -> None:
    (one,) = read(b'{"projectNo": "P1", "serviceNumber": 3, "userName": "\xe6\x9d\x8e\xe6\x98\x8e"}', NDJSON)
    assert (one.project_no, one.service_number, one.record, one.text) == ("P1", "3", {}, "")
    assert "李明" not in repr(one)
