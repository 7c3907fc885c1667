"""Progress, suspicion and place of well-formed records, against a small registry."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from haochaping.cases.instants import progress_of
from haochaping.cases.placing import Places
from haochaping.cases.rules import flattened
from haochaping.cases.verdicts import (
    differences,
    is_progress,
    suspicions,
)
from haochaping.foundation.clock import CN
from haochaping.policy.rulebook import Rulebook
from haochaping.registry.directory import Directory

DEPARTMENT = "11539965MB8164648G"
TASK, HANDLE = DEPARTMENT + "2053010200000", DEPARTMENT + "205301020000001"
NOW = datetime(2026, 11, 23, 10, 0, tzinfo=CN)
RECORD: dict[str, str] = {
    "areaCode": "530102",
    "deptCode": DEPARTMENT,
    "taskCode": TASK,
    "taskHandleItem": HANDLE,
    "taskName": "失业登记（省内）",
    "projectNo": "P1",
    "proStatus": "2",
    "userName": "李明",
    "certKey": "E12345678",
    "acceptDate": "2026-11-20 10:00:00",
    "serviceName": "受理",
    "serviceNumber": "1",
    "serviceTime": "2026-11-20 10:20:00",
    "windowNo": "W1",
    "proManagerNo": "S1",
}


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return Rulebook.load()


@pytest.fixture(scope="module")
def directory() -> Directory:
    ended = date(2016, 12, 31)
    return Directory(
        edition=1,
        divisions=[
            (None, None, 1, "530102", "五华区", "county", None, None),
            (None, ended, 2, "530122", "晋宁县", "county", None, None),
            (None, None, 3, "110105", "朝阳区", "county", None, None),
        ],
        organisations=[(date(2019, 1, 1), None, 11, DEPARTMENT, "人社局", 1, "530102", "department")],
        halls=[(None, None, 21, "H1", "政务服务中心", 1, "530102")],
        windows=[(None, None, 31, "W1", "1号窗口", 21, 11)],
        staff=[(None, None, 41, "S1", "王芳", 11, 31)],
        items=[
            (None, None, 51, HANDLE, "失业登记(省内)", TASK, "20", 11, "即办件"),
            (None, None, 52, HANDLE[:-1] + "2", "失业登记（省外）", TASK, "20", 11, "即办件"),
            (None, None, 53, "X" * 33, "别的", "X" * 31, "20", 11, "即办件"),
        ],
    )


def found(directory: Directory, **change: str | None) -> set[tuple[str, str]]:
    record = {name: value for name, value in (RECORD | change).items() if value is not None}
    return {
        (reason.field, reason.code) for reason in suspicions(record, Places(directory, Rulebook.load()), NOW)
    }


def test_a_true_record_raises_no_suspicion(directory: Directory) -> None:
    assert found(directory) == set()
    assert found(directory, taskHandleItem=None) == set()
    assert found(directory, taskName="失业登记 (省外)", taskHandleItem=None) == set()
    # Ten minutes either way are the sender's clock.
    assert found(directory, serviceTime="2026-11-20 09:50:00") == set()
    assert found(directory, serviceTime="2026-11-23 10:10:00") == set()


@pytest.mark.parametrize(
    ("change", "field", "code"),
    [
        ({"userName": "无"}, "userName", "dummy"),
        ({"certKey": "0"}, "certKey", "dummy"),
        ({"certKey": None, "certKeyGOV": "111111"}, "certKeyGOV", "dummy"),
        ({"serviceTime": "2026-11-20 09:49:59"}, "serviceTime", "before_acceptance"),
        ({"resultDate": "2026-11-19 10:00:00"}, "resultDate", "before_acceptance"),
        ({"serviceTime": "2026-11-23 10:10:01"}, "serviceTime", "future"),
        ({"resultDate": "2099-01-01 00:00:00"}, "resultDate", "future"),
        ({"areaCode": "530122"}, "areaCode", "division"),
        ({"areaCode": "999999"}, "areaCode", "division"),
        ({"deptCode": "1" * 18}, "deptCode", "unknown_organisation"),
        ({"taskHandleItem": "9" * 33}, "taskHandleItem", "unknown_handling_item"),
        ({"taskCode": "X" * 31}, "taskHandleItem", "other_item"),
        ({"taskName": "与事项库不符的名称"}, "taskName", "item_name"),
    ],
)
def test_what_is_suspicious(
    directory: Directory, change: dict[str, str | None], field: str, code: str
) -> None:
    assert found(directory, **change) == {(field, code)}


def test_all_suspicions_are_told_at_once(directory: Directory) -> None:
    change = {"userName": "0", "taskCode": "9" * 31, "taskHandleItem": None, "areaCode": "530122"}
    assert found(directory, **change) == {
        ("userName", "dummy"),
        ("taskCode", "unknown_item"),
        ("areaCode", "division"),
    }


def test_an_organisation_counts_on_its_days_only(directory: Directory) -> None:
    early = {"acceptDate": "2018-12-31 10:00:00", "serviceTime": "2018-12-31 10:00:00"}
    assert found(directory, **early) == {("deptCode", "unknown_organisation")}
    old_name = {
        "areaCode": "530122",
        "acceptDate": "2016-05-05 10:00:00",
        "serviceTime": "2016-05-05 10:00:00",
    }
    assert ("areaCode", "division") not in found(directory, **old_name)


def test_it_is_placed_by_the_registry_of_its_day(directory: Directory, rulebook: Rulebook) -> None:
    place = Places(directory, rulebook).placement(RECORD, progress_of(RECORD), NOW)
    assert place.facts[:6] == (date(2026, 11, 20), date(2026, 11, 20), 1, 11, 21, 51)
    by = Places(directory, rulebook).served_by(RECORD)
    assert (by.hall_id, by.window_id, by.staff_id) == (21, 31, 41)
    unknown = Places(directory, rulebook).served_by(RECORD | {"windowNo": "W9", "proManagerNo": ""})
    assert (unknown.hall_id, unknown.window_id, unknown.staff_id) == (None, None, None)
    assert place.service_at == datetime(2026, 11, 20, 10, 20, tzinfo=CN)
    assert not place.late


def test_kunmings_window_closes_after_five_working_days(directory: Directory, rulebook: Rulebook) -> None:
    closes = datetime(2026, 11, 28, tzinfo=CN)
    come = progress_of(RECORD)
    assert Places(directory, rulebook).window_is_open(RECORD, come, closes - timedelta(seconds=1))
    assert not Places(directory, rulebook).window_is_open(RECORD, come, closes)
    assert Places(directory, rulebook).placement(RECORD, progress_of(RECORD), closes).late


def test_where_no_window_is_laid_down_it_never_closes(directory: Directory, rulebook: Rulebook) -> None:
    elsewhere = RECORD | {"areaCode": "110105"}
    assert Places(directory, rulebook).window_is_open(
        elsewhere, progress_of(elsewhere), NOW + timedelta(days=3000)
    )


def test_an_unsettled_calendar_closes_nothing(directory: Directory, rulebook: Rulebook) -> None:
    eve = RECORD | {"serviceTime": "2026-12-30 10:00:00"}
    assert Places(directory, rulebook).window_is_open(eve, progress_of(eve), datetime(2027, 2, 1, tzinfo=CN))


@pytest.mark.parametrize(
    ("change", "open_", "progress"),
    [
        ({"proStatus": "3", "resultDate": "2026-11-21 10:00:00"}, False, True),
        ({"proStatus": "3"}, False, True),
        ({"resultDate": "2026-11-21 10:00:00"}, False, True),
        ({"proStatus": "1"}, True, False),
        ({"windowNo": "W2"}, True, True),
        ({"windowNo": "W2"}, False, False),
        ({"windowNo": None, "proManagerNo": "S2", "proManager": "赵"}, True, True),
        ({"windowNo": "W2", "proStatus": "3"}, True, True),
        ({"userName": "王明"}, True, False),
        ({"extra": "1"}, True, False),
        ({"proStatus": "3", "taskName": "x"}, True, False),
    ],
)
def test_progress(change: dict[str, Any], open_: bool, progress: bool) -> None:
    new, _ = flattened(RECORD | change)
    assert is_progress(RECORD, new, window_open=open_) is progress
    assert differences(RECORD, new) == sorted(change)


def test_a_result_is_added_and_never_changed() -> None:
    old = RECORD | {"proStatus": "3", "resultDate": "2026-11-21 10:00:00"}
    assert not is_progress(old, old | {"resultDate": "2026-11-22 10:00:00"}, window_open=True)
    assert not is_progress(old, RECORD | {"proStatus": "3"}, window_open=True)
