"""From when the limits of a reported occasion run, and until when it is waited for."""

# ruff: noqa: E501 - tables of cases, one a line

from collections.abc import Callable
from datetime import date, datetime

import pytest

from haochaping.cases.governed import events_of, rating_deadline
from haochaping.foundation.clock import CN
from haochaping.policy.occasions import Occasion
from haochaping.policy.rulebook import Rulebook
from tests.unit.cases.test_occasion_verdicts import RECORD
from tests.unit.policy.conftest import load as load
from tests.unit.policy.samples import HEAD

DAY = date(2026, 11, 20)
ENTRY = '[[{}]]\nfrom = 2021-01-01\ndocument = "d"\narticle = "一"\nvalue = {}\n'
DAYS = '{{ n = {}, unit = "workday", after = "{}", count_first = false }}'
Load = Callable[..., Rulebook]


def test_what_has_happened() -> None:
    done = events_of(RECORD | {"resultDate": "2026-11-23 09:00:00"})
    assert done["result"] == datetime(2026, 11, 23, 9, tzinfo=CN)
    assert set(events_of(RECORD)) == {"acceptance", "service"}


@pytest.mark.parametrize(
    ("rules", "last"),
    [
        ("", None),
        (ENTRY.format("window", DAYS.format(5, "service")), date(2026, 11, 27)),
        (ENTRY.format("window", DAYS.format(5, "acceptance")), date(2026, 11, 26)),
        # Not done yet: the window cannot close.
        (ENTRY.format("window", DAYS.format(5, "result")), None),
        (ENTRY.format("default", f"{{ level = 3, limit = {DAYS.format(2, 'service')} }}"), date(2026, 11, 24)),
        ('[[window]]\nfrom = 2021-01-01\ndocument = "d"\narticle = "一"\nvalue = { n = 48, unit = "hour", after = "service" }\n', date(2026, 11, 22)),
    ],
)  # fmt: skip
def test_when_an_occasion_is_no_longer_waited_for(load: Load, rules: str, last: date | None) -> None:
    events = {
        "acceptance": datetime(2026, 11, 19, 9, tzinfo=CN),
        "service": datetime(2026, 11, 20, 9, tzinfo=CN),
    }
    found = rating_deadline(load(city=HEAD + rules).rules(Occasion("999100"), DAY), events)
    assert (found and found.last_day) == last
