"""A body taken apart: each record for itself, and the whole refused only when it cannot be taken apart."""

import gzip
import json
from typing import Any

import pytest

from haochaping.intake.bulk import Reported, read
from haochaping.intake.inflating import MOST_BYTES, EncodingUnknown, TooLarge, Unreadable, inflated
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


def test_a_call_has_limits() -> None:
    for body in ("{}\n" * 10_001, "[" + "{}," * 10_000 + "{}]", "\n" * 100_001 + "{}"):
        with pytest.raises(TooLarge):
            read(body.encode(), "")
    assert len(outcome("{}\n" * 10_000)) == 10_000


def test_gzip_in_one_or_several_members() -> None:
    plain = SOUND.encode()
    assert inflated(gzip.compress(plain), "gzip") == plain
    assert inflated(gzip.compress(plain[:5]) + gzip.compress(plain[5:]), " GZIP ") == plain
    assert inflated(plain, "") == inflated(plain, "identity") == plain


def test_bombs_and_broken_streams_are_refused() -> None:
    bomb = gzip.compress(b"0" * (MOST_BYTES + 1))
    assert len(bomb) < 100_000
    with pytest.raises(TooLarge):
        inflated(bomb, "gzip")
    with pytest.raises(TooLarge):
        inflated(gzip.compress(b"0" * MOST_BYTES) + gzip.compress(b"0"), "gzip")
    assert len(inflated(gzip.compress(b"0" * MOST_BYTES), "gzip")) == MOST_BYTES
    for broken in (b"plain", gzip.compress(SOUND.encode())[:-9], gzip.compress(b"x") + b"rest"):
        with pytest.raises(Unreadable):
            inflated(broken, "gzip")
    with pytest.raises(EncodingUnknown):
        inflated(b"x", "br")


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
