"""The copy in memory is strict about the day when asked by code, and never at a loss when asked by id."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from haochaping.registry.directory import Directory

OLD, NEW = date(2016, 12, 31), date(2017, 1, 1)
BUREAU, TASK = "11532216MB3585447A", "11532216MB3585447A0753010000000"


def directory(**rows: list[tuple[object, ...]]) -> Directory:
    names = ("divisions", "organisations", "halls", "windows", "staff", "items")
    return Directory(edition=7, **{name: rows.get(name, []) for name in names})


JINNING = directory(
    divisions=[
        (None, OLD, 1, "530122", "晋宁县", "county", 9, 2),
        (NEW, None, 2, "530115", "晋宁区", "county", 9, None),
    ]
)
RENAMED = directory(
    organisations=[
        (date(2025, 3, 1), None, 5, BUREAU, "昆明市警务局", 1, "530100", "department"),
        (date(2019, 1, 1), date(2025, 2, 28), 5, BUREAU, "昆明市公安局", 1, "530100", "department"),
    ]
)


def test_a_division_is_valid_at_its_time_only() -> None:
    assert JINNING.division("530122", OLD).name == "晋宁县"
    assert JINNING.division("530122", NEW) is None
    assert JINNING.division("530115", OLD) is None
    assert JINNING.division("530115", NEW).name == "晋宁区"


def test_a_division_is_found_by_twelve_digits_as_well() -> None:
    assert JINNING.division("530115000000", NEW).id == 2
    assert JINNING.division("530115001000", NEW) is None
    assert JINNING.division("", NEW) is None


def test_what_ended_keeps_the_name_that_it_last_had() -> None:
    assert JINNING.division_by_id(1, NEW).name == "晋宁县"
    assert JINNING.division_by_id(2, OLD).name == "晋宁区"
    assert JINNING.division_by_id(3, NEW) is None


def test_an_organisation_has_each_name_from_its_first_day_to_its_last() -> None:
    names = {
        day: RENAMED.organisation_by_id(5, date.fromisoformat(day)).name
        for day in ("2018-06-01", "2025-02-28", "2025-03-01")
    }
    assert names == {
        "2018-06-01": "昆明市公安局",
        "2025-02-28": "昆明市公安局",
        "2025-03-01": "昆明市警务局",
    }
    assert RENAMED.organisation(BUREAU, date(2018, 12, 31)) is None
    assert RENAMED.organisation(BUREAU, date(2025, 2, 28)).credit_code == BUREAU


def test_lists_hold_what_is_valid_on_the_day() -> None:
    assert [one.name for one in JINNING.divisions(OLD)] == ["晋宁县"]
    assert [one.name for one in JINNING.divisions(NEW)] == ["晋宁区"]
    assert JINNING.organisations(NEW) == ()


def test_items_of_a_task_are_those_that_stand_under_it_that_day() -> None:
    other = TASK[:-1] + "9"
    items = [
        (None, date(2025, 12, 31), 1, f"{TASK}01", "户口迁移", TASK, "07", 5, "即办件"),
        (date(2026, 1, 1), None, 1, f"{TASK}01", "户口迁移", other, "07", 5, "即办件"),
        (None, None, 2, f"{TASK}02", "户口迁移(市内)", TASK, "07", 5, "即办件"),
    ]
    copy = directory(items=items)
    assert [one.id for one in copy.items_of_task(TASK, date(2025, 12, 31))] == [1, 2]
    assert [one.id for one in copy.items_of_task(TASK, date(2026, 1, 1))] == [2]
    assert [one.id for one in copy.items_of_task(other, date(2026, 1, 1))] == [1]
    assert copy.items_of_task(other, date(2025, 12, 31)) == ()
    assert copy.item(f"{TASK}02", NEW).handle_item == f"{TASK}02"


def test_windows_and_staff_carry_whom_they_belong_to() -> None:
    copy = directory(
        halls=[(None, None, 3, "H1", "政务服务中心", 1, "530100")],
        windows=[(None, None, 4, "W1", "1号窗口", 3, 5)],
        staff=[(None, None, 6, "S1", "李霞", 5, 4), (None, None, 7, "S2", "周勇", 5, None)],
    )
    assert copy.hall("H1", NEW) == copy.hall_by_id(3, NEW)
    assert (copy.window("W1", NEW).hall_id, copy.window_by_id(4, NEW).organisation_id) == (3, 5)
    assert (copy.staff("S1", NEW).window_id, copy.staff_by_id(7, NEW).window_id) == (4, None)
    assert [one.code for one in copy.staff_members(NEW)] == ["S1", "S2"]
    assert [one.code for one in copy.windows(NEW)] == ["W1"]
    assert [one.code for one in copy.halls(NEW)] == ["H1"]


EDGES = st.lists(st.integers(1, 60), min_size=2, max_size=8, unique=True).map(sorted)


@given(edges=EDGES, at=st.integers(1, 70))
def test_by_code_is_the_record_whose_days_hold_the_day(edges: list[int], at: int) -> None:
    """Against a plain walk over all records, with gaps between them."""

    def day(number: int) -> date:
        return date.fromordinal(736000 + number)

    spans = list(zip(edges[::2], edges[1::2], strict=False))
    rows = [(day(start), day(end), 1, "H1", f"{start}", 1, "530100") for start, end in spans]
    copy = directory(halls=rows)
    due = next((f"{start}" for start, end in spans if start <= at <= end), None)
    found = copy.hall("H1", day(at))
    assert (found.name if found else None) == due
    shown = [f"{start}" for start, _end in spans if start <= at][-1:] or [f"{spans[0][0]}"]
    assert copy.hall_by_id(1, day(at)).name == shown[0]
