"""By which facts rules are chosen: what the record tells and what the registry adds, unknown where nobody said it."""

from datetime import date

import pytest

from haochaping.cases.facts import Facts, facts_of, occasion_of
from haochaping.policy.occasions import Occasion
from haochaping.registry.directory import Directory
from tests.unit.cases.test_occasion_verdicts import DEPARTMENT, HANDLE, RECORD, TASK

DAY, MOVED = date(2026, 11, 20), date(2026, 6, 30)


@pytest.fixture(scope="module")
def registry() -> Directory:
    """An organisation that changed its line, at a window of a hall of its own."""
    return Directory(
        edition=1,
        divisions=[(None, None, 1, "530102", "五华区", "county", None, None)],
        organisations=[
            (None, MOVED, 11, DEPARTMENT, "人社局", 1, "530102", "department", "civil_affairs"),
            (date(2026, 7, 1), None, 11, DEPARTMENT, "人社局", 1, "530102", "department", "hrss"),
        ],
        halls=[(None, None, 21, "H1", "人社服务大厅", 1, "530102", "own_hall")],
        windows=[(None, None, 31, "W1", "1号窗口", 21, 11)],
        staff=[],
        items=[
            (None, None, 51, HANDLE, "失业登记(省内)", TASK, "20", 11, "即办件"),
            (None, None, 52, HANDLE[:-1] + "2", "失业登记（省外）", TASK, "99", 11, "即办件"),
        ],
    )


def of(registry: Directory, **told: str | None) -> Occasion | None:
    record = {name: value for name, value in (RECORD | told).items() if value is not None}
    found = occasion_of(facts_of(record, registry), registry)
    return found.occasion if found else None


def test_the_registry_tells_what_the_record_names_only(registry: Directory) -> None:
    assert of(registry, projectType="2", userProp="2", proChannel="2") == Occasion(
        "530102",
        organisation=DEPARTMENT,
        department="hrss",
        hall="H1",
        place="own_hall",
        item=HANDLE,
        item_type="public_service",
        case_type="promised",
        rater="organisation",
        subject="item",
    )


def test_what_was_handled_online_was_handled_at_no_window(registry: Directory) -> None:
    online = of(registry, proChannel="1")
    assert online is not None
    assert (online.place, online.hall) == ("online", "H1")


def test_the_line_is_that_of_the_day_of_the_service(registry: Directory) -> None:
    before = of(registry, serviceTime="2026-06-30 10:00:00")
    assert before is not None
    assert before.department == "civil_affairs"


def test_what_nobody_said_is_left_unknown(registry: Directory) -> None:
    other = {"taskHandleItem": None, "taskName": "失业登记(省外)", "windowNo": None, "userProp": "1"}
    assert of(registry, **other) == Occasion(
        "530102",
        organisation=DEPARTMENT,
        department="hrss",
        item=HANDLE[:-1] + "2",
        rater="person",
        subject="item",
    )


def test_a_place_without_a_kind_is_no_kind_of_place(registry: Directory) -> None:
    unknown = Directory(
        edition=1,
        divisions=[(None, None, 1, "530102", "五华区", "county", None, None)],
        organisations=[(None, None, 11, DEPARTMENT, "人社局", 1, "530102", "department", "")],
        halls=[(None, None, 21, "H1", "大厅", 1, "530102", "")],
        windows=[(None, None, 31, "W1", "1号窗口", 21, 11)],
        staff=[],
        items=[],
    )
    assert of(unknown) == Occasion("530102", organisation=DEPARTMENT, hall="H1", subject="item")


def test_form_and_stage_are_told_by_our_own_fields(registry: Directory) -> None:
    told = of(registry, caseForm="3", serviceStage="6")
    assert told is not None
    assert (told.form, told.stage) == ("joint", "delivery")


def test_an_unknown_division_has_no_rules_and_an_unknown_name_no_facts(registry: Directory) -> None:
    facts = facts_of(RECORD, registry)
    assert occasion_of(facts._replace(division_id=99), registry) is None
    with pytest.raises(LookupError):
        facts_of(RECORD | {"deptCode": "0" * 18}, registry)
    assert Facts(DAY, DAY, 1, 11, 21, 51, "", "", "", "", "") == facts
