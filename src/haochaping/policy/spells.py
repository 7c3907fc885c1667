"""The periods of a scenario's figures: named freely one after the other, or by the calendar."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final, NamedTuple

from haochaping.policy.owed import Period, period_of, periods

# From the shortest to the longest.
KINDS: Final = ("day", "week", "month", "two_months", "quarter", "half_year", "year")
_NUMBERS: Final = {"一": 1, "二": 2, "三": 3, "四": 4, "上": 1, "下": 2}
# A name as it is written, and of what length in months the period is that it numbers within its year.
_WRITTEN: Final = (
    (re.compile(r"(\d{4})年(\d{1,2})月"), "month", 1),
    (re.compile(r"(\d{4})-(\d{2})"), "month", 1),
    (re.compile(r"(\d{4})年第([一二三四1-4])季度"), "quarter", 3),
    (re.compile(r"(\d{4})-Q([1-4])"), "quarter", 3),
    (re.compile(r"(\d{4})年([上下])半年"), "half_year", 6),
    (re.compile(r"(\d{4})-H([12])"), "half_year", 6),
    (re.compile(r"(\d{4})()年?"), "year", 12),
)
_TWO_MONTHS: Final = re.compile(r"(\d{4})年(\d{1,2})[-—至](\d{1,2})月")
_WEEK: Final = re.compile(r"(\d{4})-W(\d{2})")
_DAY: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")


class Spell(NamedTuple):
    """A period of figures: which one it is of the calendar, None where its name says nothing of that."""

    name: str
    kind: str = ""
    period: Period | None = None


def spell_of(name: str) -> Spell:
    """What a period's name says: 2026年3月 (2026-03), 2026年3—4月, 2026年第一季度 (2026-Q1), 2026年上半年 (2026-H1),
    2026年 (2026), 2026-W12, 2026-03-15; anything else is a name and no more.
    """
    first = _first(name)
    if first is None:
        return Spell(name)
    kind, day = first
    return Spell(name, kind, period_of(kind, day))


def _first(name: str) -> tuple[str, date] | None:
    try:
        if found := _DAY.fullmatch(name):
            return "day", date(*map(int, found.groups()))
        if found := _WEEK.fullmatch(name):
            return "week", date.fromisocalendar(int(found[1]), int(found[2]), 1)
        if (
            (found := _TWO_MONTHS.fullmatch(name))
            and int(found[2]) % 2
            and int(found[3]) == int(found[2]) + 1
        ):
            return "two_months", date(int(found[1]), int(found[2]), 1)
        for form, kind, months in _WRITTEN:
            if found := form.fullmatch(name):
                number = _NUMBERS.get(found[2]) or int(found[2] or 1)
                month = (number - 1) * months + 1
                return kind, date(int(found[1]), month, 1)
    except ValueError:
        return None
    return None


def name_of(kind: str, period: Period) -> str:
    """How a period of the calendar is written."""
    first = period.first
    if kind == "day":
        return first.isoformat()
    if kind == "week":
        year, week, _ = first.isocalendar()
        return f"{year}-W{week:02}"
    return {
        "month": f"{first.year}年{first.month}月",
        "two_months": f"{first.year}年{first.month}—{first.month + 1}月",
        "quarter": f"{first.year}年第{'一二三四'[(first.month - 1) // 3]}季度",
        "half_year": f"{first.year}年{'上' if first.month == 1 else '下'}半年",
        "year": f"{first.year}年",
    }[kind]


def calendar_name(name: str) -> str:
    """A period's name as it is always written, where it is one of the calendar; else as it stands."""
    spell = spell_of(name)
    return name if spell.period is None else name_of(spell.kind, spell.period)


def spells_of(kind: str, given: Sequence[Period]) -> Iterator[Spell]:
    """All periods of a kind from the first of these to the last, none left out."""
    for period in periods(kind, min(each.first for each in given), max(each.last for each in given)):
        yield Spell(name_of(kind, period), kind, period)


def inside(inner: Period, outer: Period) -> bool:
    """Whether a period lies within another one."""
    return outer.first <= inner.first and inner.last <= outer.last


def longest_within(outer: Spell, given: Mapping[str, Spell]) -> list[str]:
    """The names of the longest given periods of which a longer one is made."""
    if outer.period is None:
        return []
    shorter = [
        each
        for each in given.values()
        if each.period is not None
        # No number of two months makes a quarter.
        and (each.kind, outer.kind) != ("two_months", "quarter")
        and KINDS.index(each.kind) < KINDS.index(outer.kind)
        and inside(each.period, outer.period)
    ]
    longest = max((KINDS.index(each.kind) for each in shorter), default=None)
    return [each.name for each in shorter if KINDS.index(each.kind) == longest]
