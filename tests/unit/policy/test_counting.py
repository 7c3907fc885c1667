"""Limits of every unit, as regulations word them: given an event, then the last day or the instant."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import pytest

from haochaping.foundation.clock import CN
from haochaping.foundation.workdays import CalendarMissing, WorkCalendar
from haochaping.policy.calendars import load_calendar
from haochaping.policy.counting import Course, Due, counts_days, due, period_end
from haochaping.policy.limits import Limit, Span
from haochaping.policy.office_time import Pause
from haochaping.policy.publicity import OfficeHours
from haochaping.policy.sources import RULES_DIR

HOURS = (OfficeHours(time(9), time(12)), OfficeHours(time(13, 30), time(17)))


@pytest.fixture(scope="module")
def calendar() -> WorkCalendar:
    return load_calendar(RULES_DIR)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CN)


def limit(n: int, unit: str, **said: Any) -> Limit:
    if unit in ("workday", "calendar_day", "week", "month", "year") and n:
        said.setdefault("count_first", False)
    if "before" not in said:
        said.setdefault("after", "service")
    return Limit(n=n, unit=unit, **said)


def last(found: Due | None) -> date:
    assert found is not None
    assert found.last_day is not None
    return found.last_day


def counted(rule: Span, calendar: WorkCalendar, event: str, when: str, **pauses: list[Pause]) -> Due:
    found = due(rule, Course({event: at(when)}, pauses), calendar, hours=HOURS)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("n", "unit", "said", "when", "last_day"),
    [
        (5, "workday", {}, "2020-06-10 23:59:59", date(2020, 6, 17)),
        (5, "workday", {"count_first": True}, "2020-06-10 00:00", date(2020, 6, 16)),
        (1, "workday", {"count_first": True}, "2020-06-13 09:00", date(2020, 6, 15)),
        (7, "calendar_day", {}, "2019-09-28 10:00", date(2019, 10, 5)),
        (7, "calendar_day", {"count_first": True}, "2019-09-28 10:00", date(2019, 10, 4)),
        (7, "calendar_day", {"roll": "next_workday"}, "2019-09-28 10:00", date(2019, 10, 8)),
        (7, "calendar_day", {"roll": "previous_workday"}, "2019-09-28 10:00", date(2019, 9, 30)),
        (2, "week", {}, "2020-06-10 10:00", date(2020, 6, 24)),
        (2, "week", {"count_first": True}, "2020-06-10 10:00", date(2020, 6, 23)),
        (1, "month", {}, "2020-01-31 10:00", date(2020, 2, 29)),
        (1, "month", {}, "2020-01-30 10:00", date(2020, 2, 29)),
        (1, "month", {"count_first": True}, "2020-03-01 10:00", date(2020, 3, 31)),
        (1, "month", {"count_first": True}, "2020-01-31 10:00", date(2020, 2, 29)),
        (2, "month", {"count_first": True}, "2020-01-31 10:00", date(2020, 3, 30)),
        (13, "month", {}, "2020-11-30 10:00", date(2021, 12, 30)),
        (1, "month", {}, "2020-11-30 10:00", date(2020, 12, 30)),
        (2, "year", {}, "2020-02-29 10:00", date(2022, 2, 28)),
        (0, "calendar_day", {}, "2020-06-13 10:00", date(2020, 6, 13)),
        (0, "workday", {}, "2020-06-13 10:00", date(2020, 6, 13)),
        (0, "week_end", {}, "2020-06-10 10:00", date(2020, 6, 14)),
        (1, "week_end", {}, "2020-06-14 10:00", date(2020, 6, 21)),
        (0, "month_end", {}, "2020-02-01 10:00", date(2020, 2, 29)),
        (1, "month_end", {}, "2020-12-31 10:00", date(2021, 1, 31)),
        (0, "quarter_end", {}, "2020-04-01 10:00", date(2020, 6, 30)),
        (1, "quarter_end", {}, "2020-10-01 10:00", date(2021, 3, 31)),
        (0, "year_end", {}, "2020-01-01 10:00", date(2020, 12, 31)),
        (2, "workday", {"cutoff": time(17)}, "2020-06-10 17:00", date(2020, 6, 15)),
        (2, "workday", {"cutoff": time(17)}, "2020-06-10 16:59:59", date(2020, 6, 12)),
        (2, "calendar_day", {"start_on_workday": True}, "2020-06-13 09:00", date(2020, 6, 17)),
        (
            3,
            "workday",
            {"start_on_workday": True, "count_first": True},
            "2020-06-13 09:00",
            date(2020, 6, 17),
        ),
        (3, "workday", {"start_on_workday": True, "cutoff": time(17)}, "2020-06-12 18:00", date(2020, 6, 18)),
    ],
)
def test_days(
    calendar: WorkCalendar, n: int, unit: str, said: Mapping[str, Any], when: str, last_day: date
) -> None:
    found = counted(limit(n, unit, **said), calendar, "service", when)
    assert found.last_day == last_day
    assert found.due_at == datetime(last_day.year, last_day.month, last_day.day, tzinfo=CN) + (
        at("2020-01-02") - at("2020-01-01")
    )
    assert found.provisional is False


@pytest.mark.parametrize(
    ("n", "unit", "said", "when", "ends"),
    [
        (90, "minute", {}, "2020-06-10 23:00", "2020-06-11 00:30"),
        (24, "hour", {}, "2020-06-12 16:00", "2020-06-13 16:00"),
        (24, "hour", {"roll": "next_workday"}, "2020-06-12 16:00", "2020-06-16 00:00"),
        (24, "hour", {"roll": "next_workday"}, "2020-06-11 16:00", "2020-06-12 16:00"),
        (24, "hour", {"roll": "previous_workday"}, "2020-06-12 16:00", "2020-06-13 00:00"),
        (2, "hour", {"cutoff": time(17)}, "2020-06-12 17:30", "2020-06-13 02:00"),
        (2, "hour", {"start_on_workday": True}, "2020-06-13 17:30", "2020-06-15 02:00"),
        (2, "working_hour", {}, "2020-06-10 10:00", "2020-06-10 12:00"),
        (3, "working_hour", {}, "2020-06-10 10:00", "2020-06-10 14:30"),
        (2, "working_hour", {}, "2020-06-10 12:30", "2020-06-10 15:30"),
        (2, "working_hour", {}, "2020-06-12 16:00", "2020-06-15 10:00"),
        (2, "working_hour", {}, "2020-06-12 18:00", "2020-06-15 11:00"),
        (7, "working_hour", {}, "2020-06-13 08:00", "2020-06-16 09:30"),
    ],
)
def test_hours(
    calendar: WorkCalendar, n: int, unit: str, said: Mapping[str, Any], when: str, ends: str
) -> None:
    assert counted(limit(n, unit, **said), calendar, "service", when) == Due(at(ends), None, False)


def test_working_hours_without_office_hours_are_not_counted(calendar: WorkCalendar) -> None:
    assert due(limit(2, "working_hour"), Course({"service": at("2020-06-10")}), calendar) is None


@pytest.mark.parametrize(
    ("n", "unit", "said", "last_day"),
    [
        (2, "workday", {}, date(2020, 10, 13)),
        (2, "workday", {"count_first": True}, date(2020, 10, 14)),
        (3, "calendar_day", {}, date(2020, 10, 12)),
        (3, "calendar_day", {"count_first": True}, date(2020, 10, 13)),
        (1, "week", {}, date(2020, 10, 8)),
        (1, "month", {}, date(2020, 9, 15)),
        (1, "month", {"count_first": True}, date(2020, 9, 16)),
        (1, "year", {}, date(2019, 10, 15)),
        (0, "calendar_day", {}, date(2020, 10, 15)),
        (2, "workday", {"roll": "next_workday"}, date(2020, 10, 13)),
    ],
)
def test_before_the_last_day_of_another_limit(
    calendar: WorkCalendar, n: int, unit: str, said: Mapping[str, Any], last_day: date
) -> None:
    # Due at 00:00 of the 16th: its last day is the 15th.
    found = counted(limit(n, unit, before="due", **said), calendar, "due", "2020-10-16 00:00")
    assert (last(found), found.provisional) == (last_day, False)


def test_before_an_event_in_hours(calendar: WorkCalendar) -> None:
    found = counted(limit(3, "hour", before="due"), calendar, "due", "2020-10-16 00:00")
    assert found.due_at == at("2020-10-15 21:00")


def test_after_the_end_of_a_limit_counts_from_its_last_day(calendar: WorkCalendar) -> None:
    assert last(counted(limit(1, "calendar_day", after="due"), calendar, "due", "2020-10-16 00:00")) == date(
        2020, 10, 16
    )
    assert last(counted(limit(1, "calendar_day", after="due"), calendar, "due", "2020-10-15 15:00")) == date(
        2020, 10, 16
    )
    assert counted(limit(1, "hour", after="due"), calendar, "due", "2020-10-16 00:00").due_at == at(
        "2020-10-16 01:00"
    )


@pytest.mark.parametrize(("bound", "event"), [("cap", "2020-06-01"), ("floor", "2020-06-20")])
def test_cap_and_floor(calendar: WorkCalendar, bound: str, event: str) -> None:
    other = limit(10, "calendar_day", after="rating")
    rule = limit(5, "workday", **{bound: other})
    alone = due(rule, Course({"service": at("2020-06-10 10:00")}), calendar)
    assert last(alone) == date(2020, 6, 17)
    both = due(rule, Course({"service": at("2020-06-10 10:00"), "rating": at(event)}), calendar)
    assert last(both) == (date(2020, 6, 11) if bound == "cap" else date(2020, 6, 30))
    rating = at("2020-06-20") if bound == "cap" else at("2020-06-01")
    assert last(due(rule, Course({"service": at("2020-06-10 10:00"), "rating": rating}), calendar)) == date(
        2020, 6, 17
    )


def test_an_event_that_has_not_happened_starts_nothing(calendar: WorkCalendar) -> None:
    assert due(limit(5, "workday"), Course({"rating": at("2020-06-10")}), calendar) is None


@pytest.mark.parametrize(
    ("unit", "n", "pause", "last_day"),
    [
        ("workday", 5, ("2020-06-11", "2020-06-15 10:00"), date(2020, 6, 19)),
        ("workday", 5, ("2020-06-12 18:00", "2020-06-14"), date(2020, 6, 17)),
        ("calendar_day", 5, ("2020-06-11", "2020-06-13 10:00"), date(2020, 6, 17)),
        ("calendar_day", 5, ("2020-06-09", "2020-06-12 10:00"), date(2020, 6, 17)),
        ("calendar_day", 5, ("2020-06-16", "2020-06-18"), date(2020, 6, 15)),
        ("calendar_day", 5, ("2020-06-14", "2020-06-16"), date(2020, 6, 17)),
        ("month", 1, ("2020-06-11", "2020-06-13 10:00"), date(2020, 7, 12)),
    ],
)
def test_the_clock_stands_still_while_a_step_is_pending(
    calendar: WorkCalendar, unit: str, n: int, pause: tuple[str, str], last_day: date
) -> None:
    rule = limit(n, unit, suspended_by=("objection",))
    found = counted(
        rule, calendar, "service", "2020-06-10 10:00", objection=[Pause(at(pause[0]), at(pause[1]))]
    )
    assert last(found) == last_day


def test_two_pauses_that_overlap_stand_still_once(calendar: WorkCalendar) -> None:
    rule = limit(5, "calendar_day", suspended_by=("objection", "appeal"))
    pauses = {
        "objection": [Pause(at("2020-06-11"), at("2020-06-13"))],
        "appeal": [Pause(at("2020-06-12"), at("2020-06-14"))],
    }
    assert last(due(rule, Course({"service": at("2020-06-10")}, pauses), calendar)) == date(2020, 6, 18)


def test_nothing_is_due_while_a_pause_is_open(calendar: WorkCalendar) -> None:
    rule = limit(5, "workday", suspended_by=("objection",))
    course = Course({"service": at("2020-06-10")}, {"objection": [Pause(at("2020-06-11"), None)]})
    assert due(rule, course, calendar) is None


@pytest.mark.parametrize(
    ("unit", "n", "pauses", "ends"),
    [
        ("hour", 24, [("2020-06-10 12:00", "2020-06-10 18:00")], "2020-06-11 16:00"),
        ("hour", 24, [("2020-06-10 08:00", "2020-06-10 12:00")], "2020-06-11 12:00"),
        (
            "hour",
            24,
            [("2020-06-10 12:00", "2020-06-10 18:00"), ("2020-06-10 13:00", "2020-06-10 14:00")],
            "2020-06-11 16:00",
        ),
        ("hour", 24, [("2020-06-12 12:00", "2020-06-12 18:00")], "2020-06-11 10:00"),
        ("working_hour", 3, [("2020-06-10 11:00", "2020-06-10 14:30")], "2020-06-10 16:30"),
        ("working_hour", 3, [("2020-06-10 09:00", "2020-06-11 08:00")], "2020-06-11 12:00"),
    ],
)
def test_hours_stand_still(
    calendar: WorkCalendar, unit: str, n: int, pauses: list[tuple[str, str]], ends: str
) -> None:
    rule = limit(n, unit, suspended_by=("objection",))
    spans = [Pause(at(start), at(end)) for start, end in pauses]
    assert counted(rule, calendar, "service", "2020-06-10 10:00", objection=spans).due_at == at(ends)


@pytest.mark.parametrize(
    ("rule", "when", "provisional"),
    [
        (limit(5, "workday"), "2026-12-10 10:00", False),
        (limit(5, "workday"), "2026-12-14 10:00", True),
        (limit(5, "workday"), "2026-12-11 10:00", False),
        (limit(5, "workday"), "2027-01-01 10:00", True),
        (limit(1, "workday"), "2018-12-31 10:00", False),
        (limit(1, "workday", count_first=True), "2018-12-31 10:00", True),
        (limit(30, "calendar_day"), "2026-12-14 10:00", False),
        (limit(30, "calendar_day", roll="next_workday"), "2026-12-14 10:00", True),
        (limit(3, "calendar_day", roll="next_workday"), "2026-12-10 10:00", False),
        (limit(3, "calendar_day", start_on_workday=True), "2026-12-26 10:00", True),
        (limit(24, "hour", roll="next_workday"), "2026-12-25 10:00", True),
        (limit(20, "working_hour"), "2026-12-17 10:00", True),
        (limit(3, "calendar_day", cap=limit(1, "workday")), "2026-12-24 10:00", True),
        (limit(1, "month", suspended_by=("objection",)), "2026-12-24 10:00", False),
    ],
)
def test_days_that_no_notice_settles_are_provisional(
    calendar: WorkCalendar, rule: Limit, when: str, provisional: bool
) -> None:
    assert counted(rule, calendar, "service", when).provisional is provisional


def test_a_limit_before_an_event_is_provisional_where_it_counts_over_unsettled_days(
    calendar: WorkCalendar,
) -> None:
    rule = limit(2, "workday", before="due")
    assert counted(rule, calendar, "due", "2026-12-23 00:00").provisional is True
    assert counted(rule, calendar, "due", "2026-12-21 00:00").provisional is False


def test_a_pause_over_unsettled_days_makes_it_provisional(calendar: WorkCalendar) -> None:
    rule = limit(5, "workday", suspended_by=("objection",))
    pause = [Pause(at("2026-12-16"), at("2026-12-22"))]
    assert counted(rule, calendar, "service", "2026-12-15 10:00", objection=pause).provisional is True


def test_local_days_count(calendar: WorkCalendar) -> None:
    local = calendar.with_local(frozenset({date(2020, 6, 12)}), frozenset({date(2020, 6, 14)}))
    assert last(counted(limit(3, "workday"), local, "service", "2020-06-10 10:00")) == date(2020, 6, 15)


def test_a_day_beyond_all_calendars_is_refused(calendar: WorkCalendar) -> None:
    with pytest.raises(CalendarMissing):
        due(limit(5, "workday"), Course({"service": at("2101-06-10")}), calendar)


def test_period_ends() -> None:
    assert period_end("quarter_end", date(2020, 12, 31), 0) == date(2020, 12, 31)
    assert period_end("week_end", date(2020, 6, 14), 0) == date(2020, 6, 14)


BY_DAYS = (
    limit(5, "workday", count_first=True, roll="next_workday", start_on_workday=True, until=time(18)),
    limit(0, "month_end"),
    limit(1, "month", then=limit(3, "workday", after="due")),
    limit(5, "workday", cap=limit(7, "calendar_day"), floor=limit(1, "week", after="acceptance")),
)
BY_HOURS = (
    limit(2, "hour"),
    limit(2, "working_hour"),
    limit(5, "workday", cutoff=time(17)),
    limit(5, "workday", from_opening=True),
    limit(5, "workday", after="due"),
    limit(5, "workday", after="period_end"),
    limit(5, "workday", before="period_end"),
    limit(1, "month", then=limit(3, "hour", after="due")),
    limit(5, "workday", cap=limit(50, "hour")),
    limit(5, "workday", floor=limit(50, "hour")),
)


@pytest.mark.parametrize("rule", BY_DAYS)
def test_where_only_days_count_the_hour_changes_nothing(rule: Limit, calendar: WorkCalendar) -> None:
    assert counts_days(rule)
    ends = {
        due(
            rule,
            Course({"service": at(f"2020-06-13 {one}"), "acceptance": at(f"2020-06-11 {other}")}),
            calendar,
        )
        for one in ("00:00", "11:59", "23:59:59")
        for other in ("00:00", "17:30", "23:59:59")
    }
    assert len(ends) == 1
    assert None not in ends


@pytest.mark.parametrize("rule", BY_HOURS)
def test_where_hours_may_count_days_are_not_said_to_be_enough(rule: Limit) -> None:
    assert not counts_days(rule)


def test_a_span_by_itself_counts_days_as_a_limit_does() -> None:
    assert counts_days(Span(n=1, unit="week", after="service", count_first=False))


@pytest.mark.parametrize(
    ("whichever", "happened", "last_day"),
    [
        ("first", {"result": "2020-06-10 10:00"}, date(2020, 6, 13)),
        ("first", {"delivery": "2020-06-11 10:00"}, date(2020, 6, 14)),
        ("first", {"result": "2020-06-12 10:00", "delivery": "2020-06-11 10:00"}, date(2020, 6, 14)),
        ("last", {"result": "2020-06-10 10:00", "delivery": "2020-06-11 10:00"}, date(2020, 6, 14)),
        ("last", {"result": "2020-06-12 10:00", "delivery": "2020-06-11 10:00"}, date(2020, 6, 15)),
        ("last", {"result": "2020-06-10 10:00"}, None),
        ("first", {"service": "2020-06-10 10:00"}, None),
    ],
)
def test_from_whichever_of_two_comes_first_or_last(
    calendar: WorkCalendar, whichever: str, happened: Mapping[str, str], last_day: date | None
) -> None:
    rule = limit(3, "calendar_day", after="result", or_after=("delivery",), whichever=whichever)
    found = due(rule, Course({event: at(when) for event, when in happened.items()}), calendar)
    assert (found and found.last_day) == last_day


def test_a_pause_before_the_event_that_counts_is_none(calendar: WorkCalendar) -> None:
    rule = limit(
        3,
        "calendar_day",
        after="result",
        or_after=("delivery",),
        whichever="last",
        suspended_by=("objection",),
    )
    events = {"result": at("2020-06-10 10:00"), "delivery": at("2020-06-15 10:00")}
    early = Pause(at("2020-06-11 10:00"), at("2020-06-13 10:00"))
    assert last(due(rule, Course(events, {"objection": [early]}), calendar)) == date(2020, 6, 18)


def test_minutes_from_whichever_of_two_comes_last(calendar: WorkCalendar) -> None:
    rule = limit(30, "minute", after="dispatch", or_after=("due",), whichever="last", start_on_workday=True)
    events = {"dispatch": at("2020-06-10 10:00"), "due": at("2020-06-13 00:00")}
    found = due(rule, Course(events), calendar)
    # Midnight before Saturday ends the Friday, and is not moved to the next working day.
    assert found is not None
    assert found.due_at == at("2020-06-13 00:30")


def test_an_end_among_the_events_that_may_begin_it_counts_by_more_than_the_day() -> None:
    rule = limit(3, "calendar_day", after="result", or_after=("delivery",), whichever="last")
    assert counts_days(rule)
    assert not counts_days(replace(rule, or_after=("period_end",)))
