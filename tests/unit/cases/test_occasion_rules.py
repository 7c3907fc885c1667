"""What makes a reported record malformed, field by field, and what does not."""

import json
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haochaping.cases.formats import instant, is_credit_code, is_dummy, is_resident_id
from haochaping.cases.rules import flattened, malformations
from haochaping.foundation.clock import CN
from haochaping.foundation.errors import Problem
from tests.reporting import sample_lines

SOUND: dict[str, Any] = json.loads(sample_lines()[0])
PERSON = {"userProp": "1", "userPageType": "111", "certKey": "530129189709093077"}


def reasons(record: object) -> set[tuple[str, str]]:
    flat, found = flattened(record)
    return {(problem.field, problem.code) for problem in malformations(flat, found)}


def test_a_sound_record_has_no_reasons() -> None:
    assert reasons(SOUND) == set()
    assert reasons(SOUND | PERSON) == set()


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"areaCode": "53010"}, "areaCode", "area_code"),
        ({"areaCode": "530102001000"}, "areaCode", "area_code"),
        ({"areaCode": "５３０１０２"}, "areaCode", "area_code"),
        ({"deptCode": "11539965MB8164648"}, "deptCode", "length_18"),
        ({"deptCode": "11539965MB81646480"}, "deptCode", "credit_code"),
        ({"deptCode": "11539965mb8164648g"}, "deptCode", "credit_code"),
        ({"taskType": "02"}, "taskType", "unknown_code"),
        ({"taskCode": "1" * 30}, "taskCode", "length_31"),
        ({"taskHandleItem": "1" * 34}, "taskHandleItem", "length_33"),
        ({"proStatus": "4"}, "proStatus", "unknown_code"),
        ({"userProp": "8"}, "userProp", "unknown_code"),
        ({"userPageType": "112"}, "userPageType", "unknown_code"),
        ({"projectType": "3"}, "projectType", "unknown_code"),
        ({"promiseTime": "0"}, "promiseTime", "unknown_code"),
        ({"proChannel": "3"}, "proChannel", "unknown_code"),
        ({"promiseType": "4"}, "promiseType", "unknown_code"),
        ({"promiseDay": "-1"}, "promiseDay", "whole_number"),
        ({"serviceNumber": "0"}, "serviceNumber", "positive_integer"),
        ({"serviceNumber": -1}, "serviceNumber", "positive_integer"),
        ({"serviceNumber": "1.5"}, "serviceNumber", "positive_integer"),
        ({"serviceNumber": "²"}, "serviceNumber", "positive_integer"),
        ({"serviceNumber": 10**12}, "serviceNumber", "positive_integer"),
        ({"acceptDate": "昨天"}, "acceptDate", "date"),
        ({"serviceTime": "2026-02-30 10:00:00"}, "serviceTime", "date"),
        ({"serviceTime": "2026-10-05"}, "serviceTime", "date"),
        ({"serviceTime": "2026-10-05T13:08:00"}, "serviceTime", "date"),
        ({"serviceTime": "0001-01-01 00:00:00"}, "serviceTime", "date"),
        ({"resultDate": ""}, "resultDate", "required_when_done"),
        ({"certKey": None}, "certKey", "required"),
        ({"certKey": "11538213MB03952873"}, "certKey", "credit_code"),
        (PERSON | {"certKey": "530129189709093078"}, "certKey", "resident_id"),
        (PERSON | {"certKey": "530129189702303077"}, "certKey", "resident_id"),
        (PERSON | {"certKey": "53012918970909307"}, "certKey", "length_18"),
        (PERSON | {"certKey": None, "certKeyGOV": "1234"}, "certKeyGOV", "length_18"),
        ({"handleUserPageType": "111", "handleUserPageCode": "12"}, "handleUserPageCode", "length_18"),
        ({"taskName": "  "}, "taskName", "required"),
        ({"userName": "李\x00明"}, "userName", "control_character"),
        ({"userName": "李\ud800明"}, "userName", "control_character"),
        ({"projectName": "字" * 501}, "projectName", "too_long"),
        ({"projectNo": "9" * 101}, "projectNo", "too_long"),
        ({"remark": "x" * 2001}, "remark", "too_long"),
        ({"remark": {"a": 1}}, "remark", "nested"),
        ({"userName": ["李明"]}, "userName", "nested"),
        ({"proStatus": True}, "proStatus", "nested"),
        ({"x" * 65: "1"}, "", "field_name"),
        ({f"x{number}": "1" for number in range(200)}, "", "too_many_fields"),
    ],
)
def test_what_is_malformed(change: dict[str, Any], field: str, code: str) -> None:
    found = reasons(SOUND | change)
    assert (field, code) in found
    assert code == "too_many_fields" or len(found) == 1


@pytest.mark.parametrize(
    "change",
    [
        {"unknown": "kept"},
        {"areaCode": 530102},
        {"serviceNumber": Decimal("1.0")},
        {"taskHandleItem": None, "taskType": "", "mobile": None},
        {"certKey": "0"},
        PERSON | {"certKey": "111111111111111111"},
        {"certKey": "无"},
        {"userPageType": "414", "certKey": "E1"},
        {"proStatus": "2", "resultDate": None},
        {"certKey": None, "certKeyGOV": "11538213MB03952872"},
    ],
)
def test_what_is_not(change: dict[str, Any]) -> None:
    assert reasons(SOUND | change) == set()


def test_everything_wrong_is_said_at_once() -> None:
    found = reasons({"areaCode": "1", "userName": [], "note": "a\nb"})
    assert {("areaCode", "area_code"), ("userName", "nested"), ("note", "control_character")} <= found
    assert {field for field, code in found if code == "required"} >= {"deptCode", "projectNo", "certKey"}
    assert ("userName", "required") not in found


@pytest.mark.parametrize("value", [None, "text", 7, [], True])
def test_what_is_no_record(value: object) -> None:
    assert flattened(value)[0] == {}
    assert [problem.code for problem in flattened(value)[1]] == ["not_an_object"]


def test_equal_records_have_one_form() -> None:
    one = flattened({"a": " x ", "areaCode": "530102000000", "serviceNumber": "01", "promiseDay": 5, "b": ""})
    other = flattened({"serviceNumber": 1, "promiseDay": "5", "areaCode": 530102, "a": "x", "c": None})
    assert one == other


@pytest.mark.parametrize("value", ["0", "无", "1111", "1", "-", "aaaa", "无无"])
def test_dummies(value: str) -> None:
    assert is_dummy(value)


@pytest.mark.parametrize("value", ["王", "李明", "10", "无名氏", "112"])
def test_no_dummies(value: str) -> None:
    assert not is_dummy(value)


def test_resident_ids_by_birth_date_and_check_character_only() -> None:
    # A place code that never existed, a person born in 1897.
    assert is_resident_id("530129189709093077")
    assert is_resident_id("11010519491231002X")
    assert is_resident_id("11010519491231002x")
    assert not is_resident_id("110105194912310021")
    assert not is_resident_id("11010519491331002X")
    assert not is_resident_id("１1010519491231002X")


@given(st.integers(0, 16), st.integers(1, 9))
def test_one_wrong_digit_is_found(place: int, by: int) -> None:
    right = "11010519491231002X"
    wrong = right[:place] + str((int(right[place]) + by) % 10) + right[place + 1 :]
    assert not is_resident_id(wrong)


def test_credit_codes_by_their_check_character() -> None:
    assert is_credit_code("11539965MB8164648G")
    assert not is_credit_code("11539965MB8164648A")
    assert not is_credit_code(" 11539965MB8164648G")


def test_times_are_those_of_shanghai() -> None:
    assert instant("2026-10-05 13:08:00") == datetime(2026, 10, 5, 13, 8, tzinfo=CN)
    # What programs put for "never" exists; whether it can be true is another question.
    assert None not in map(instant, ("1900-01-01 00:00:00", "1970-01-01 08:00:00", "9999-12-31 23:59:59"))
    for wrong in (
        "2026-13-01 10:00:00",
        "2026-10-05 24:00:00",
        "2026-10-05 13:08",
        "0001-01-01 00:00:00",
        "",
    ):
        assert instant(wrong) is None


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text() | st.decimals(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text() | st.sampled_from(sorted(SOUND)), inner),
    )
)
def test_nonsense_is_judged_and_never_crashes(value: object) -> None:
    flat, found = flattened(value)
    assert malformations(flat, found)


SPOILT = st.dictionaries(
    st.sampled_from([*SOUND, "certKeyGOV", "handleUserPageCode", "handleUserPageType", "other"]),
    st.none()
    | st.text(max_size=5)
    | st.sampled_from(
        ["", " ", "a|b", "| a", "|", "a ", " a", "0", "1", "3", "01", "111", "001", "530102000000"]
    )
    | st.sampled_from([PERSON["certKey"], "2026-02-30 10:00:00", "2026-10-05 13:08:00", "无", "x" * 300]),
    max_size=4,
)


@given(SPOILT)
def test_a_record_looked_at_as_a_whole_is_what_its_fields_are(change: dict[str, str | None]) -> None:
    record = {name: value for name, value in (SOUND | PERSON | change).items() if value is not None}
    # Neither a null nor a problem found before leaves room for a look at the whole.
    by_fields, found = flattened(record | {"absent": None})
    kept = dict(record)
    assert flattened(record) == (by_fields, found)
    assert record == kept
    before = Problem("", "before", "")
    assert malformations(by_fields, found) == malformations(by_fields, [before, *found])[1:]
