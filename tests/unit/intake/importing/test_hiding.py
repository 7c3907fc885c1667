"""Whatever stands in whatever field, an error file shows nobody; and what it hid comes back to the last character."""

import base64
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drills.canary.people import found_in, people
from haochaping.cases.verdicts import Verdict
from haochaping.intake.importing.error_files import error_row
from haochaping.intake.importing.hiding import opened, restored, sealed, shown
from haochaping.intake.importing.raw import Raw
from haochaping.intake.importing.rows import Reader
from haochaping.intake.judging import Judged

FIELDS = (
    *(
        "areaCode",
        "deptCode",
        "taskCode",
        "taskName",
        "projectNo",
        "projectName",
        "proStatus",
        "userName",
        "userProp",
    ),
    *(
        "userPageType",
        "certKey",
        "certKeyGOV",
        "mobile",
        "acceptDate",
        "serviceName",
        "serviceNumber",
        "serviceTime",
    ),
    *(
        "handleUserName",
        "handleUserPageCode",
        "creditNum",
        "orgName",
        "windowNo",
        "dataSource",
        "contactAddress",
    ),
)
CODES = {
    "areaCode": "530102000000",
    "deptCode": "11539965MB8164648G",
    "taskCode": "11539965MB8164648G2053010200000",
    "projectNo": "53010220261005000000",
    "proStatus": "3",
    "acceptDate": "2026-10-05 12:48:00",
    "windowNo": "W530102060",
    "orgcode": "530102000000_11539965MB8164648G",
    "taskName": "失业登记",
}


def test_codes_days_and_names_of_the_registry_are_shown() -> None:
    assert shown(CODES, frozenset({"失业登记"})) == (CODES, {})
    assert shown(CODES, frozenset())[0]["taskName"] == "失***"


def test_nobody_is_shown_in_whatever_field_he_stands() -> None:
    """Columns slip: what is in the wrong field is hidden there as well."""
    for person in islice(people(), 36):
        for value in (
            person.name,
            person.document,
            person.phone,
            person.sentence,
            f" {person.phone} 转 {person.name}",
        ):
            fields = dict.fromkeys(FIELDS, value)
            seen, hidden = shown(fields, frozenset())
            assert {name: found for name, each in seen.items() if (found := found_in(each))} == {}
            assert restored(seen, "7", sealed(hidden, "00c0ffee", 7))[0] == fields


@given(st.dictionaries(st.sampled_from(FIELDS), st.text(min_size=1, max_size=40), max_size=6))
def test_what_is_left_as_it_was_comes_back(fields: dict[str, str]) -> None:
    fields = {name: value for name, value in fields.items() if "*" not in value}
    seen, hidden = shown(fields, frozenset())
    assert restored(seen, "12", sealed(hidden, "00c0ffee", 12)) == (fields, [])


@pytest.mark.parametrize("line", ["8", "", "x", "7.0"])
def test_a_seal_opens_on_its_own_line_only(line: str) -> None:
    closed = sealed({"userName": ("王*", "王伟")}, "00c0ffee", 7)
    assert opened(closed, "7") == {"userName": ("王*", "王伟")}
    assert opened(closed, line) is None


def test_a_seal_that_was_touched_does_not_open() -> None:
    closed = sealed({"userName": ("王*", "王伟")}, "00c0ffee", 7)
    run, _, body = closed.partition(".")
    data = bytearray(base64.b64decode(body))
    data[20] ^= 1
    for touched in (f"{run}.{base64.b64encode(data).decode()}", f"s00c0ffef.{body}", run, closed[:-4], "x"):
        assert opened(touched, "7") is None


def test_values_typed_anew_are_taken_and_half_masks_are_not() -> None:
    closed = sealed({"userName": ("王*", "王伟"), "mobile": ("138****5678", "13812345678")}, "00c0ffee", 7)
    typed = {"userName": "王小伟", "mobile": "138****567"}
    record, problems = restored(typed, "7", closed)
    assert record == {"userName": "王小伟"}
    assert [(each.field, each.code) for each in problems] == [("mobile", "still_masked")]


def test_columns_of_ours_are_no_fields_of_the_record() -> None:
    text = b'{"#line": 3, "#verdict": "rejected", "#note": "x", "projectNo": "P1", "nested": {"a": 1}}'
    row = Reader(b"0" * 16, None, True).row(Raw(1, text))
    assert row.sent() == ({"projectNo": "P1"}, {"nested"})
    assert ("nested", "nested") in {(each.field, each.code) for each in row.reported.problems}


def test_what_cannot_be_shown_has_to_be_typed_anew() -> None:
    """A nested value has no place in a table: fed back untouched the row must not come in without it."""
    row = Reader(b"0" * 16, None, False).row(Raw(1, b'{"projectNo": "P1", "projectName": ["x"]}'))
    back = error_row(
        row, Judged(row.reported, Verdict.REJECTED, row.reported.problems), "00c0ffee", frozenset()
    )
    assert (back["projectNo"], back["projectName"]) == ("P1", "***")
    again = Reader(b"0" * 16, None, True).row(Raw(1, cells=back))
    assert ("projectName", "still_masked") in {(each.field, each.code) for each in again.reported.problems}
    assert again.sent() == ({"projectNo": "P1"}, {"projectName"})
