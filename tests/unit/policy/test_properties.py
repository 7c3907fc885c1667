"""What holds for every deadline and every score, whatever the numbers."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from functools import cache

from hypothesis import given, settings
from hypothesis import strategies as st

from haochaping.foundation.clock import CN
from haochaping.foundation.workdays import WorkCalendar
from haochaping.policy.bands import Band, Bounds, band_mistakes
from haochaping.policy.calendars import load_calendar
from haochaping.policy.counting import Course, Due, due
from haochaping.policy.exact import rounded, within
from haochaping.policy.limits import Limit
from haochaping.policy.measures import Rounding
from haochaping.policy.office_time import Pause
from haochaping.policy.score_figures import Cell, Figures
from haochaping.policy.scores import Part, Score
from haochaping.policy.scoring import evaluate
from haochaping.policy.sources import RULES_DIR
from haochaping.policy.voice import Level

_FIRST, _LAST = datetime(2019, 1, 2), datetime(2027, 12, 31)  # noqa: DTZ001 - Hypothesis adds the zone
EVENTS = st.datetimes(_FIRST, _LAST, timezones=st.just(CN))
UNITS = st.sampled_from(("workday", "calendar_day", "week", "month", "year"))
LIMITS = st.builds(
    Limit,
    n=st.integers(1, 40),
    unit=UNITS,
    after=st.just("service"),
    count_first=st.booleans(),
    roll=st.sampled_from(("none", "next_workday")),
    start_on_workday=st.booleans(),
)
POINTS = {5: Decimal(10), 4: Decimal(8), 3: Decimal(6), 2: Decimal(2), 1: Decimal(0)}
LEVELS = tuple(Level(n, str(n), n <= 2, n > 2) for n in range(5, 0, -1))


@cache
def calendar() -> WorkCalendar:
    """The shipped one."""
    return load_calendar(RULES_DIR)


def counted(limit: Limit, at: datetime) -> Due:
    found = due(limit, Course({"service": at}), calendar())
    assert found is not None
    return found


@given(LIMITS, EVENTS, EVENTS)
def test_a_later_event_never_has_an_earlier_deadline(limit: Limit, one: datetime, other: datetime) -> None:
    assert counted(limit, min(one, other)).due_at <= counted(limit, max(one, other)).due_at


@given(LIMITS, EVENTS)
def test_one_more_is_never_earlier(limit: Limit, at: datetime) -> None:
    more = Limit(
        limit.n + 1, limit.unit, "service", None, limit.count_first, limit.roll, limit.start_on_workday
    )
    assert counted(limit, at).due_at <= counted(more, at).due_at


@given(LIMITS, EVENTS)
def test_the_last_day_is_worked_where_working_days_are_counted_or_it_rolls(
    limit: Limit, at: datetime
) -> None:
    last = counted(limit, at).last_day
    assert last is not None
    if limit.unit == "workday" or limit.roll == "next_workday":
        assert calendar().on_or_after(last) == last


@given(LIMITS, EVENTS)
def test_counting_again_gives_the_same(limit: Limit, at: datetime) -> None:
    assert counted(limit, at) == counted(limit, at)


@given(LIMITS, EVENTS)
def test_what_is_settled_stays_when_a_later_notice_comes(limit: Limit, at: datetime) -> None:
    found = counted(limit, at)
    assumed = load_calendar(RULES_DIR).with_local(frozenset({date(2027, 2, 8)}), frozenset())
    after = due(limit, Course({"service": at}), assumed)
    assert after is not None
    assert (
        found.provisional or found.due_at <= datetime(2027, 2, 8, tzinfo=CN) or after.due_at >= found.due_at
    )


@given(st.integers(1, 20), EVENTS, st.integers(0, 400), st.integers(0, 400))
def test_a_pause_never_shortens_and_its_length_is_added(n: int, at: datetime, begin: int, hours: int) -> None:
    limit = Limit(n, "hour", "service", suspended_by=("objection",))
    start = at + timedelta(hours=begin)
    course = Course({"service": at}, {"objection": [Pause(start, start + timedelta(hours=hours))]})
    found = due(limit, course, calendar())
    assert found is not None
    stood = hours if begin < n else 0
    assert found.due_at == at + timedelta(hours=n + stood)


@st.composite
def bands(draw: st.DrawFn) -> tuple[Band, ...]:
    """Bands that no check refuses, the highest first, the last one open below."""
    lower = sorted(draw(st.sets(st.decimals(-50, 50, places=2), min_size=1, max_size=6)), reverse=True)
    made = [
        Band(**{draw(st.sampled_from(("from_", "above"))): each}, points=Decimal(n))
        for n, each in enumerate(lower)
    ]
    return (*made, Band(points=Decimal(99)))


@given(bands(), st.decimals(-60, 60, places=3))
def test_bands_hold_each_value_once(given_bands: tuple[Band, ...], value: Decimal) -> None:
    assert list(band_mistakes(given_bands)) == []
    bounds = []
    above: Band | None = None
    for band in given_bands:
        under = above.from_ if above else None
        up_to = above.above if above else None
        bounds.append(Bounds(band.from_, band.above, up_to, under))
        above = band
    holding = [band for band, each in zip(given_bands, bounds, strict=True) if within(Fraction(value), each)]
    assert len(holding) == 1
    part = Part("external", external="x", bands=given_bands)
    assert evaluate(Score((part,)), Figures((), external={"x": value})).points == holding[0].points


@settings(max_examples=200)
@given(st.fixed_dictionaries({f"level_{n}": st.integers(0, 300) for n in range(1, 6)}), st.integers(0, 300))
def test_scores_stay_within_their_range(levels: dict[str, int], defaults: int) -> None:
    occasions = sum(levels.values()) + defaults
    figures = Figures(
        (Cell({**levels, "defaults": defaults, "occasions": occasions}),),
        points=POINTS,
        levels=LEVELS,
        default_level=3,
    )
    parts = (
        Part("participation", counts_defaults=False, times=Decimal(3)),
        Part("mean_points", counts_defaults=True, times=Decimal("0.7")),
    )
    found = evaluate(Score(parts, total=Decimal(10)), figures)
    assert (found.points is None) == (occasions == 0)
    if found.points is not None:
        assert 0 <= found.points <= 10


@given(st.fractions(-1000, 1000), st.integers(0, 6), st.sampled_from(("half_up", "half_even", "down", "up")))
def test_rounding_moves_by_less_than_a_unit_and_rests(value: Fraction, places: int, mode: str) -> None:
    rounding = Rounding(places, mode)
    found = rounded(value, rounding)
    assert abs(found - value) < Fraction(1, 10**places)
    assert rounded(found, rounding) == found
