"""The names of periods, and what a longer one is made of."""

from collections.abc import Callable
from datetime import date

import pytest

from haochaping.policy.owed import Period
from haochaping.policy.scenario import Run
from haochaping.policy.spells import (
    Spell,
    calendar_name,
    inside,
    longest_within,
    name_of,
    spell_of,
    spells_of,
)
from tests.unit.policy.samples import given, story


@pytest.mark.parametrize(
    ("name", "kind", "first", "last", "written"),
    [
        ("2026年3月", "month", date(2026, 3, 1), date(2026, 3, 31), "2026年3月"),
        ("2026年12月", "month", date(2026, 12, 1), date(2026, 12, 31), "2026年12月"),
        ("2026-03", "month", date(2026, 3, 1), date(2026, 3, 31), "2026年3月"),
        ("2026年3—4月", "two_months", date(2026, 3, 1), date(2026, 4, 30), "2026年3—4月"),
        ("2026年11-12月", "two_months", date(2026, 11, 1), date(2026, 12, 31), "2026年11—12月"),
        ("2026年第一季度", "quarter", date(2026, 1, 1), date(2026, 3, 31), "2026年第一季度"),
        ("2026年第二季度", "quarter", date(2026, 4, 1), date(2026, 6, 30), "2026年第二季度"),
        ("2026年第三季度", "quarter", date(2026, 7, 1), date(2026, 9, 30), "2026年第三季度"),
        ("2026年第四季度", "quarter", date(2026, 10, 1), date(2026, 12, 31), "2026年第四季度"),
        ("2026年第2季度", "quarter", date(2026, 4, 1), date(2026, 6, 30), "2026年第二季度"),
        ("2026-Q4", "quarter", date(2026, 10, 1), date(2026, 12, 31), "2026年第四季度"),
        ("2026年上半年", "half_year", date(2026, 1, 1), date(2026, 6, 30), "2026年上半年"),
        ("2026年下半年", "half_year", date(2026, 7, 1), date(2026, 12, 31), "2026年下半年"),
        ("2026-H1", "half_year", date(2026, 1, 1), date(2026, 6, 30), "2026年上半年"),
        ("2026-H2", "half_year", date(2026, 7, 1), date(2026, 12, 31), "2026年下半年"),
        ("2026年", "year", date(2026, 1, 1), date(2026, 12, 31), "2026年"),
        ("2026", "year", date(2026, 1, 1), date(2026, 12, 31), "2026年"),
        # The first week of 2026 begins in 2025.
        ("2026-W01", "week", date(2025, 12, 29), date(2026, 1, 4), "2026-W01"),
        ("2026-W12", "week", date(2026, 3, 16), date(2026, 3, 22), "2026-W12"),
        ("2026-03-15", "day", date(2026, 3, 15), date(2026, 3, 15), "2026-03-15"),
    ],
)
def test_a_period_of_the_calendar(name: str, kind: str, first: date, last: date, written: str) -> None:
    spell = spell_of(name)
    assert spell == Spell(name, kind, Period(first, last))
    assert name_of(kind, Period(first, last)) == written
    assert calendar_name(name) == written


@pytest.mark.parametrize(
    "name",
    [
        "",
        "第一季度",
        "一",
        "2026年13月",
        "2026-W60",
        "2026-02-30",
        "2026-13",
        "2026-Q5",
        "26年",
        "0000年",
        "2026年2-3月",
        "2026年1-3月",
    ],
)
def test_any_other_name_is_a_name_and_no_more(name: str) -> None:
    assert spell_of(name) == Spell(name, "", None)
    assert calendar_name(name) == name


def test_no_period_between_the_first_and_the_last_is_left_out() -> None:
    given = [Period(date(2026, 3, 1), date(2026, 3, 31)), Period(date(2025, 12, 1), date(2025, 12, 31))]
    assert [each.name for each in spells_of("month", given)] == [
        "2025年12月",
        "2026年1月",
        "2026年2月",
        "2026年3月",
    ]
    assert [each.name for each in spells_of("year", given)] == ["2025年", "2026年"]
    assert {each.kind for each in spells_of("year", given)} == {"year"}


@pytest.mark.parametrize(
    ("inner", "lies"),
    [("2026-01", True), ("2026-03", True), ("2026-04", False), ("2025-12", False), ("2026", False)],
)
def test_what_lies_in_a_quarter(inner: str, lies: bool) -> None:
    quarter = spell_of("2026-Q1").period
    found = spell_of(inner).period
    assert quarter is not None
    assert found is not None
    assert inside(found, quarter) is lies


@pytest.mark.parametrize(
    ("outer", "given", "made_of"),
    [
        ("2026", ["2026-Q1", "2026-Q2", "2026-01", "2026-04"], ["2026-Q1", "2026-Q2"]),
        ("2026-Q1", ["2026-01", "2026-02", "2026-04", "2026-01-05"], ["2026-01", "2026-02"]),
        ("2026", ["2026", "2026-H1", "2025-H2"], ["2026-H1"]),
        ("2026", ["2026"], []),
        ("2026-H1", ["2026年1—2月", "2026年3—4月", "2026-01"], ["2026年1—2月", "2026年3—4月"]),
        ("2026-Q1", ["2026年1—2月", "2026-01", "2026-02", "2026-03"], ["2026-01", "2026-02", "2026-03"]),
        ("2026", ["甲", "2026-01"], ["2026-01"]),
        ("甲", ["2026-01"], []),
    ],
)
def test_the_longest_given_periods_of_which_one_is_made(
    outer: str, given: list[str], made_of: list[str]
) -> None:
    spells = {name: spell_of(name) for name in given}
    assert longest_within(spell_of(outer), spells) == made_of


@pytest.mark.parametrize(
    ("then", "now"),
    [
        ("2019-03-31", "2020-03-31"),
        ("2019-03-29", "2020-03-29"),
        ("2020-02-28", "2021-02-28"),
        ("2019-02-28", "2020-02-29"),
        ("2020-01-29", "2021-01-29"),
    ],
)
def test_a_day_is_compared_to_the_same_day_of_the_year_before(
    play: Callable[..., Run], then: str, now: str
) -> None:
    part = '{ measure = "count", of = ["ratings"], compared = "year_ago" }'
    figures = given("甲局", then, level_5=3) + given("甲局", now, level_5=8)
    run = play({"scores.c": f'{{ period = "day", parts = [{part}] }}'}, story("2021-03-15") + figures)
    assert run.facts["score", "c/甲局"]["points"] == 5
