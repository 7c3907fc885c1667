"""What is packed comes back field by field, whatever it is; what others say already is not said again."""

from string import printable

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from haochaping.identity.packing import COLUMNS, PHRASED, UNSTORED, packed, phrases_of, unpacked

RECORD = {
    "areaCode": "530102",
    "deptCode": "11530102MB1234567X",
    "projectNo": "WH202612010001",
    "serviceNumber": "1",
    "serviceName": "收件",
    "userName": "李小明",
    "certKey": "53010219800101123X",
    "mobile": "13812345678",
    "acceptDate": "2026-12-01 09:53:30",
    "serviceTime": "2026-12-01 10:17:30",
    "resultDate": "2026-12-01 10:17:30",
    "ourOwn": "乙",
}
PEOPLE = {"name": "李小明", "document": "53010219800101123X", "phone": "13812345678"}
PLACE = {"areaCode": "530102", "deptCode": "11530102MB1234567X"}
NAMES = st.sampled_from([*RECORD, *(field for fields in PHRASED for field in fields), "自有"])
TIMES = st.datetimes().map(lambda at: at.isoformat(" ", "seconds"))
LONG = st.integers(250, 2_000).map("长".__mul__)
VALUES = st.one_of(st.text(min_size=1, max_size=20), st.text(printable, min_size=1, max_size=20), TIMES, LONG)


def test_what_columns_and_phrases_say_is_not_said_again() -> None:
    stored = [(300, frozenset(PLACE)), UNSTORED, UNSTORED]
    plain = packed(RECORD, PEOPLE, stored)
    assert phrases_of(plain) == (300, 0, 0)
    for value in (*PEOPLE.values(), *PLACE.values()):
        assert value.encode() not in plain
    assert len(plain) < 70
    assert unpacked(plain, PEOPLE.__getitem__, {300: PLACE}) == dict(sorted(RECORD.items()))
    with pytest.raises(KeyError):
        unpacked(plain, PEOPLE.__getitem__, {})


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.dictionaries(NAMES, VALUES, max_size=12), st.sets(st.sampled_from(COLUMNS)))
def test_any_record_comes_back(record: dict[str, str], same: set[tuple[str, str]]) -> None:
    columns = {column: record[field] for field, column in same if field in record}
    plain = packed(record, columns, [UNSTORED] * len(PHRASED))
    assert unpacked(plain, columns.__getitem__, {}) == record


@pytest.mark.parametrize(
    "time",
    [
        *("1970-01-01 00:00:00", "2105-12-31 23:59:59", "1969-12-31 23:59:59", "9999-12-31 00:00:00"),
        *(
            "2026-02-30 10:00:00",
            "2026-W05-1 10:17:30",
            "2026-12-01T10:17:30",
            "2026-12-01 24:00:00",
            "2026-12-01",
        ),
    ],
)
def test_a_time_comes_back_as_it_was_written(time: str) -> None:
    record = {"acceptDate": time, "serviceTime": "2026-12-01 10:17:30", "resultDate": time}
    plain = packed(record, {}, [UNSTORED] * len(PHRASED))
    assert unpacked(plain, str, {}) == dict(sorted(record.items()))


def test_what_was_sealed_as_it_is_comes_back() -> None:
    plain = msgspec.json.encode(RECORD)
    assert phrases_of(plain) == (0, 0, 0)
    assert unpacked(plain, str, {}) == RECORD


def test_a_form_of_a_later_release_is_refused() -> None:
    plain = packed(RECORD, {}, [UNSTORED] * len(PHRASED))
    with pytest.raises(ValueError, match="later release"):
        unpacked(bytes((plain[0] + 1, *plain[1:])), str, {})
