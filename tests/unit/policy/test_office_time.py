"""Limits that look at the time of day: a last day that ends early, an event outside office hours, before an event."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time
from typing import Any

import pytest

from haochaping.foundation.clock import CN
from haochaping.foundation.workdays import WorkCalendar
from haochaping.policy.calendars import load_calendar
from haochaping.policy.counting import Course, Due, due
from haochaping.policy.limits import PAUSES, Limit, Span
from haochaping.policy.publicity import OfficeHours
from haochaping.policy.sources import RULES_DIR
from haochaping.policy.vocabulary import EVENTS
from haochaping.policy.wording import limit_words

HOURS = (OfficeHours(time(9), time(12)), OfficeHours(time(13, 30), time(17)))


@pytest.fixture(scope="module")
def calendar() -> WorkCalendar:
    return load_calendar(RULES_DIR)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CN)


# Friday 12 June 2020, Saturday the 13th, Monday the 15th.
@pytest.mark.parametrize(
    ("n", "unit", "said", "when", "ends"),
    [
        (0, "calendar_day", {"until": time(17)}, "2020-06-12 10:00", "2020-06-12 17:00"),
        (0, "calendar_day", {"until": time(17), "cutoff": time(17)}, "2020-06-12 17:00", "2020-06-13 17:00"),
        (1, "workday", {"until": time(12), "count_first": False}, "2020-06-12 10:00", "2020-06-15 12:00"),
        (0, "month_end", {"until": time(17)}, "2020-06-12 10:00", "2020-06-30 17:00"),
        (1, "week", {"until": time(12), "count_first": True, "roll": "next_workday"}, "2020-06-08", "2020-06-15 12:00"),
        (24, "hour", {"from_opening": True}, "2020-06-12 17:00", "2020-06-16 09:00"),
        (24, "hour", {"from_opening": True}, "2020-06-12 16:59", "2020-06-13 16:59"),
        (30, "minute", {"from_opening": True}, "2020-06-12 12:00", "2020-06-12 14:00"),
        (30, "minute", {"from_opening": True}, "2020-06-12 08:00", "2020-06-12 09:30"),
        (30, "minute", {"from_opening": True}, "2020-06-13 10:00", "2020-06-15 09:30"),
        (0, "hour", {}, "2020-06-12 10:00", "2020-06-12 10:00"),
        (0, "minute", {}, "2020-06-13 10:00", "2020-06-13 10:00"),
    ],
)  # fmt: skip
def test_instants(
    calendar: WorkCalendar, n: int, unit: str, said: Mapping[str, Any], when: str, ends: str
) -> None:
    rule = Limit(n=n, unit=unit, after="dispatch", **said)
    assert due(rule, Course({"dispatch": at(when)}), calendar, hours=HOURS) == Due(at(ends), None, False)


@pytest.mark.parametrize(
    ("when", "last"),
    [
        ("2020-06-12 16:59", date(2020, 6, 15)),
        ("2020-06-12 17:00", date(2020, 6, 16)),
        ("2020-06-13 10:00", date(2020, 6, 16)),
        ("2020-06-15 08:00", date(2020, 6, 16)),
    ],
)
def test_a_day_counts_from_the_day_on_which_the_office_opens(
    calendar: WorkCalendar, when: str, last: date
) -> None:
    rule = Limit(n=1, unit="workday", after="dispatch", count_first=False, from_opening=True)
    found = due(rule, Course({"dispatch": at(when)}), calendar, hours=HOURS)
    assert found is not None
    assert (found.last_day, found.provisional) == (last, False)


def test_what_begins_with_the_office_is_not_counted_without_office_hours(calendar: WorkCalendar) -> None:
    for unit, said in (("hour", {}), ("workday", {"count_first": False})):
        rule = Limit(n=1, unit=unit, after="dispatch", from_opening=True, **said)
        assert due(rule, Course({"dispatch": at("2020-06-12")}), calendar) is None


@pytest.mark.parametrize(
    ("unit", "when", "provisional"),
    [
        ("hour", "2026-12-18 18:00", True),
        ("hour", "2026-12-18 10:00", False),
        ("calendar_day", "2026-12-18 18:00", True),
        ("calendar_day", "2026-12-18 10:00", False),
    ],
)
def test_an_opening_that_no_notice_settles_is_provisional(
    calendar: WorkCalendar, unit: str, when: str, provisional: bool
) -> None:
    first = {"count_first": False} if unit == "calendar_day" else {}
    rule = Limit(n=1, unit=unit, after="dispatch", from_opening=True, **first)
    found = due(rule, Course({"dispatch": at(when)}), calendar, hours=HOURS)
    assert found is not None
    assert found.provisional is provisional


def test_a_default_falls_on_the_day_after_the_last_day_of_silence(calendar: WorkCalendar) -> None:
    rule = Limit(n=30, unit="calendar_day", after="default", count_first=False)
    assert due(rule, Course({"default": at("2026-03-10 00:00")}), calendar) == Due(
        at("2026-04-10"), date(2026, 4, 9), False
    )


def test_every_pause_begins_and_ends_with_a_known_event() -> None:
    known = {word.removesuffix("_") for word in EVENTS}
    assert set(PAUSES) | set(PAUSES.values()) <= known
    assert PAUSES["suspension"] == "resumption"


def said(n: int, unit: str, **more: Any) -> str:
    return limit_words(Limit(n=n, unit=unit, **{"after": "dispatch", **more}))


def test_in_words() -> None:
    assert said(0, "calendar_day", until=time(17)) == "转办当日（末日以17:00为限）"
    assert said(0, "minute") == "转办之前"
    assert said(0, "hour", after=None, before="due") == "原期限届满之前"
    assert (
        said(24, "hour", from_opening=True) == "自转办之时起24小时内（办公时间以外发生的自下一办公时间起算）"
    )
    assert said(2, "workday", after="named:会商", count_first=False) == "自会商之日的次日起2个工作日内"
    assert said(2, "hour", suspended_by=("suspension",)) == "自转办之时起2小时内（中止办理期间中止计算）"


@pytest.mark.parametrize(
    ("n", "unit", "then", "when", "last"),
    [
        # 次月10日前; 末日遇节假日顺延; 五个工作日后再十日.
        (0, "month_end", {"n": 10, "unit": "calendar_day"}, "2020-06-12 10:00", date(2020, 7, 10)),
        (
            0,
            "month_end",
            {"n": 4, "unit": "calendar_day", "roll": "next_workday"},
            "2020-06-12",
            date(2020, 7, 6),
        ),
        (5, "workday", {"n": 10, "unit": "calendar_day"}, "2020-06-12 10:00", date(2020, 6, 29)),
        (5, "workday", {"n": 1, "unit": "workday"}, "2020-06-12 10:00", date(2020, 6, 22)),
    ],
)
def test_a_limit_that_goes_on_from_its_end(
    calendar: WorkCalendar, n: int, unit: str, then: Mapping[str, Any], when: str, last: date
) -> None:
    first = {"count_first": False} if n else {}
    rule = Limit(n=n, unit=unit, after="service", then=Span(**then, after="due", count_first=False), **first)
    found = due(rule, Course({"service": at(when)}), calendar)
    assert found is not None
    assert (found.last_day, found.provisional) == (last, False)


def test_both_spans_must_be_settled_and_begun(calendar: WorkCalendar) -> None:
    more = Span(n=3, unit="calendar_day", after="due", count_first=False)
    hours = Span(n=3, unit="working_hour", after="due")
    unsettled = {"service": at("2026-12-18 10:00")}
    plain = Limit(n=1, unit="calendar_day", after="service", count_first=False)
    counted = Limit(n=5, unit="workday", after="service", count_first=False)
    work = Span(n=3, unit="workday", after="due", count_first=False)
    for rule, provisional in (
        (replace(plain, then=more), False),
        (replace(counted, then=more), True),
        (replace(plain, then=work), True),
    ):
        found = due(rule, Course(unsettled), calendar)
        assert found is not None
        assert found.provisional is provisional
    assert due(replace(plain, then=hours), Course(unsettled), calendar) is None


def test_what_goes_on_in_words() -> None:
    more = Span(n=10, unit="calendar_day", after="due", count_first=False)
    assert said(0, "month_end", then=more) == "转办所在期间的月末（此后自原期限届满之日的次日起10日内）"
