"""What the rules want told once a year about bad ratings, until when, and the figures for it: those of the revisits' rates.

Shandong HRSS 二（二）: 每年12月底前，形成差评整改情况报告，报人社部.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from haochaping.oversight.queries.revisit_rates import OrganisationRates, RevisitCounts, revisit_rates
from haochaping.oversight.queries.whose_rules import rules_of
from haochaping.policy.owed import due_of, period_of
from haochaping.policy.profile import Profile
from haochaping.policy.publicity import DatedDuty
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.story import body_told
from haochaping.policy.values import Value
from haochaping.registry import queries as registry

_YEAR: Final = "year"


@dataclass(frozen=True, slots=True)
class YearlyDuty:
    """A duty of a year, by the `key` of its rule: `what`, `by` and `to` in the words of the rules, "" for nobody named.
    `last_day` is None where no day is laid down, `days` are calendar days until it, negative after it. `organisations`: for
    how many it holds."""

    key: str
    what: str
    by: str
    to: str
    clause: str
    last_day: date | None
    days: int
    organisations: int

    @property
    def presses(self) -> bool:
        """Whether its last day is of the month that is running, and not over."""
        return self.last_day is not None and 0 <= self.days < self.last_day.day


@dataclass(frozen=True, slots=True)
class YearlyReport:
    """Duties and figures of one year for the organisations that are asked about."""

    year: int
    duties: tuple[YearlyDuty, ...]
    rates: tuple[OrganisationRates, ...]
    total: RevisitCounts


def yearly_report(*, organisations: Collection[int], year: int, rulebook: Rulebook, on: date) -> YearlyReport:
    """The duties by the rules of the year's last day, or of today where that is to come, and the figures so far."""
    first, last = period_of(_YEAR, date(year, 1, 1))
    rates = revisit_rates(organisations=organisations, first=first, last=last, on=on)
    total = sum((each.counts for each in rates), RevisitCounts())
    return YearlyReport(year, yearly_duties(organisations, year, rulebook, on), rates, total)


def yearly_duties(
    organisations: Collection[int], year: int, rulebook: Rulebook, on: date
) -> tuple[YearlyDuty, ...]:
    """Each once, those with a day first, by it."""
    day = min(on, date(year, 12, 31))
    found: dict[tuple[str, str], tuple[Value[DatedDuty], Profile, int]] = {}
    for profile in _profiles(organisations, rulebook, day):
        for key, value in profile.duties.items():
            if value.value.every == _YEAR and _begun(value.value, year):
                of = found.get((key, value.citation), (value, profile, 0))[2]
                found[key, value.citation] = value, profile, of + 1
    duties = (_duty((key, value), profile, of, year, on) for (key, _), (value, profile, of) in found.items())
    return tuple(sorted(duties, key=lambda each: (each.last_day or date.max, each.clause)))


def _profiles(organisations: Collection[int], rulebook: Rulebook, day: date) -> Iterator[Profile]:
    """The rules of each organisation, for what it does itself; none for one where no rules apply."""
    wanted = set(organisations)
    for each in registry.organisations(day):
        rules = rules_of(each, rulebook, day) if each.id in wanted else None
        if rules is not None:
            yield rules


def _begun(duty: DatedDuty, year: int) -> bool:
    first, last = duty.first, duty.last
    return (first is None or first.year <= year) and (last is None or year <= last.year)


def _duty(named: tuple[str, Value[DatedDuty]], profile: Profile, of: int, year: int, on: date) -> YearlyDuty:
    key, value = named
    duty = value.value
    due = due_of(duty, period_of(_YEAR, date(year, 1, 1)), profile.calendar)
    last_day = due.last_day if due is not None else None
    return YearlyDuty(
        key=key,
        what=duty.what,
        by=body_told(duty.by) if duty.by else "",
        to=body_told(duty.to) if duty.to else "",
        clause=value.citation,
        last_day=last_day,
        days=(last_day - on).days if last_day is not None else 0,
        organisations=of,
    )
