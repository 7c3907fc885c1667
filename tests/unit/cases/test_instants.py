"""Both instants of an occasion, each laid down or not, from what has happened and was known."""

# ruff: noqa: E501 - tables of cases, one a line

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

import pytest

from haochaping.cases.facts import Facts
from haochaping.cases.formats import instant
from haochaping.cases.instants import Instants, Progress, by_days, derive, progress_of
from haochaping.cases.recount import COLUMNS, Claim, Standing, counted, counted_after, standing
from haochaping.foundation.clock import CN
from haochaping.policy.occasions import Occasion
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook
from haochaping.registry.directory import Directory
from tests.unit.cases.test_occasion_verdicts import RECORD
from tests.unit.cases.test_occasion_verdicts import directory as directory
from tests.unit.policy.conftest import load as load
from tests.unit.policy.samples import laid_down

DAY = date(2026, 11, 20)
ACCEPTED, SERVED = datetime(2026, 11, 19, 9, tzinfo=CN), datetime(2026, 11, 20, 9, tzinfo=CN)
FRESH = SERVED + timedelta(hours=1)
OPEN = Progress(2, ACCEPTED)
Load = Callable[..., Rulebook]


def days(n: int, after: str = "service", unit: str = "calendar_day") -> str:
    return f'{{ n = {n}, unit = "{unit}", after = "{after}", count_first = false }}'


def silence(n: int, after: str = "service") -> str:
    return f"{{ level = 4, limit = {days(n, after)} }}"


def midnight(month: int, day: int) -> datetime:
    return datetime(2026, month, day, tzinfo=CN)


def profile(load: Load, **rules: str) -> Profile:
    return load(city=laid_down(**rules)).rules(Occasion("999100"), DAY)


def found(
    load: Load, rules: dict[str, str], progress: Progress = OPEN, known_at: datetime = FRESH
) -> Instants:
    return derive(profile(load, **rules), progress.events(SERVED), known_at=known_at)


@pytest.mark.parametrize(
    ("rules", "progress", "window", "default", "level"),
    [
        ({}, OPEN, None, None, None),
        ({"window": days(5)}, OPEN, midnight(11, 26), None, None),
        ({"default": silence(5)}, OPEN, None, midnight(11, 26), 4),
        ({"window": days(3), "default": silence(5)}, OPEN, midnight(11, 24), midnight(11, 26), 4),
        ({"window": days(5, "acceptance"), "default": silence(3)}, OPEN, midnight(11, 25), midnight(11, 24), 4),
        # Not done yet: nothing runs, and silence will count.
        ({"window": days(5, "result"), "default": silence(5, "delivery")}, OPEN, None, None, 4),
        ({"window": days(5, "result")}, Progress(3, ACCEPTED, midnight(11, 22)), midnight(11, 28), None, None),
        ({"window": days(5, "notification")}, Progress(3, ACCEPTED, None, midnight(11, 23)), midnight(11, 29), None, None),
        ({"window": '{ n = 48, unit = "hour", after = "service" }'}, OPEN, datetime(2026, 11, 22, 9, tzinfo=CN), None, None),
    ],
)  # fmt: skip
def test_each_by_itself(
    load: Load,
    rules: dict[str, str],
    progress: Progress,
    window: datetime | None,
    default: datetime | None,
    level: int | None,
) -> None:
    instants = found(load, rules, progress)
    assert (instants.window_at, instants.default_at, instants.silence_level) == (window, default, level)
    assert not instants.window_provisional
    assert not instants.default_provisional
    assert (instants.after_default, instants.after_at) == (False, None)


@pytest.mark.parametrize(
    ("after", "expected"),
    [
        ("{ allowed = false }", (False, False, None)),
        ("{ allowed = true }", (True, False, None)),
        ("{ allowed = true, replaces = false }", (True, True, None)),
        ("{ allowed = false, replaces = false }", (False, False, None)),
        # The default falls on 26 November: 27, 28.
        (f"{{ allowed = true, limit = {days(2, 'default')} }}", (True, False, midnight(11, 29))),
        (f"{{ allowed = true, limit = {days(2, 'result')} }}", (True, False, None)),
    ],
)
def test_what_may_follow_a_default(
    load: Load, after: str, expected: tuple[bool, bool, datetime | None]
) -> None:
    instants = found(load, {"default": silence(5), "after_default": after})
    assert (instants.after_default, instants.default_stays, instants.after_at) == expected
    assert found(load, {"after_default": after})[5:] == (False, False, None, False)


def test_what_depends_on_an_unsettled_default_is_unsettled(load: Load) -> None:
    """No calendar is loaded: working days are assumed."""
    rules = {
        "window": days(3),
        "default": f"{{ level = 4, limit = {days(5, unit='workday')} }}",
        "after_default": f"{{ allowed = true, limit = {days(2, 'default')} }}",
    }
    instants = found(load, rules)
    assert (instants.window_provisional, instants.default_provisional, instants.after_provisional) == (
        False,
        True,
        True,
    )
    # Unsettled, it is not over either, however late it was known.
    assert found(load, rules, known_at=midnight(12, 20)).default_at is not None
    assert not instants.defaulted(midnight(12, 20))
    assert instants.closed(midnight(11, 24))
    assert not instants.closed(midnight(11, 24) - timedelta(microseconds=1))


@pytest.mark.parametrize(("known_at", "taken"), [(midnight(11, 26) - timedelta(microseconds=1), True), (midnight(11, 26), False)])  # fmt: skip
def test_a_default_that_was_over_when_it_became_known_is_never_taken(
    load: Load, known_at: datetime, taken: bool
) -> None:
    rules = {"window": days(9), "default": silence(5), "after_default": "{ allowed = true }"}
    instants = found(load, rules, known_at=known_at)
    assert (instants.default_at is not None, instants.silence_level is not None) == (taken, taken)
    assert instants.after_default is taken
    assert instants.window_at == midnight(11, 30)
    if taken:
        assert instants.defaulted(midnight(11, 26))
        assert not instants.defaulted(midnight(11, 26) - timedelta(microseconds=1))


@pytest.mark.parametrize("unit", ["workday", "calendar_day", "year"])
@pytest.mark.parametrize("result", ["1900-01-01 00:00:00", "2101-01-01 00:00:00", "9999-12-31 23:59:59"])
def test_a_result_beyond_all_calendars_breaks_nothing(load: Load, unit: str, result: str) -> None:
    at = instant(result)
    assert at is not None
    rules = {"window": days(5, "result", unit), "default": silence(5, "result")}
    instants = found(load, rules, Progress(3, ACCEPTED, at))
    assert instants.closed(FRESH) is (at.year < 2000 and unit != "workday")
    assert not instants.defaulted(FRESH)


def test_a_window_that_never_closes_makes_nothing_late(load: Load) -> None:
    assert not found(load, {"default": silence(5)}).closed(midnight(12, 31))


def test_how_far_a_record_says_that_its_case_has_come() -> None:
    told = progress_of(
        RECORD
        | {"proStatus": "3", "resultDate": "2026-11-23 09:00:00", "deliveryDate": "2026-11-24 10:00:00"}
    )
    assert told == Progress(
        3,
        datetime(2026, 11, 20, 10, tzinfo=CN),
        datetime(2026, 11, 23, 9, tzinfo=CN),
        datetime(2026, 11, 24, 10, tzinfo=CN),
    )
    assert set(progress_of(RECORD).events(SERVED)) == {"acceptance", "service"}
    assert told.events(SERVED)["notification"] == told.delivered_at


def test_a_case_only_goes_forward() -> None:
    one = Progress(2, ACCEPTED, midnight(11, 22))
    other = Progress(3, SERVED, None, midnight(11, 23))
    assert one.merged(other) == other.merged(one) == Progress(3, ACCEPTED, midnight(11, 22), midnight(11, 23))
    assert one.merged(Progress(1, SERVED, midnight(11, 21))) == one


def test_a_row_is_read_as_it_was_written(load: Load, directory: Directory) -> None:
    rulebook = Rulebook.load()
    facts = Facts(DAY, DAY, 1, 11, 21, 51, "", "", "", "", "")
    instants = derive(rulebook.profile("530102", DAY), OPEN.events(SERVED), known_at=FRESH)
    progress = (2, ACCEPTED, None, None)
    row = ("unit", "occasion", SERVED, FRESH, *facts, *progress, *instants)
    assert len(row) == len(re.split(r", (?!o\.id\))", COLUMNS))
    read = standing(row)
    assert read == Standing("unit", "occasion", SERVED, facts, OPEN, Claim(instants, FRESH))  # type: ignore[arg-type]
    found = counted(read, directory, rulebook, known_at=FRESH, now=FRESH)
    assert found is not None
    assert found.instants == instants
    late = standing(("unit", "occasion", SERVED, None, *facts, *progress, *[None] * len(instants)))
    assert late.claim is None


def test_where_no_rule_applies_any_more_nothing_is_counted(directory: Directory) -> None:
    rulebook = Rulebook.load()
    nowhere = Standing(None, None, SERVED, Facts(DAY, DAY, 99, *"123", "", "", "", "", ""), OPEN, None)  # type: ignore[arg-type]
    assert counted(nowhere, directory, rulebook, known_at=FRESH, now=FRESH) is None
    assert counted_after(nowhere, directory, rulebook, default_at=SERVED, now=FRESH) is None


HOURS = '{ n = 48, unit = "hour", after = "service" }'


@pytest.mark.parametrize(
    ("rules", "alike"),
    [
        ({}, True),
        ({"window": days(5), "default": silence(3)}, True),
        ({"window": HOURS, "default": silence(3)}, False),
        ({"window": days(5), "default": f"{{ level = 4, limit = {HOURS} }}"}, False),
        ({"default": silence(3), "after_default": f"{{ allowed = true, replaces = true, limit = {HOURS} }}"}, False),
    ],
)  # fmt: skip
def test_equal_days_are_equal_instants_only_where_no_hour_counts(
    load: Load, rules: dict[str, str], alike: bool
) -> None:
    rules_of = profile(load, **rules)
    assert by_days(rules_of) is alike
    events = OPEN.events(SERVED)
    later = {event: at.replace(hour=23) for event, at in events.items()}
    found = [derive(rules_of, each, known_at=FRESH) for each in (events, later)]
    assert (found[0] == found[1]) is alike
