"""Makes a city's past: occasions, ratings, defaults, orders, day by day, through the operations of the rooms.

Nothing is written past intake and the writer: what a simulation leaves is what a real city would leave, except that
ratings carry the origin `simulation`.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from random import Random
from uuid import UUID

from haochaping.cases.facts import facts_of
from haochaping.cases.rules import Record
from haochaping.foundation.clock import CN, local_day
from haochaping.foundation.workdays import CalendarMissing, WorkCalendar
from haochaping.intake import bulk
from haochaping.intake.governing import governed
from haochaping.intake.occasions import judge_and_store
from haochaping.intake.services import Services
from haochaping.intake.signature import Client
from haochaping.intake.submission import Kind, Submission
from haochaping.publication.operations import freeze_departments
from haochaping.publication.operations.breakdowns import freeze_breakdown
from haochaping.ratings.operations import default_due
from haochaping.rectification.operations import open_orders
from haochaping.simulation.handlers import Handlers
from haochaping.simulation.opinions import submission
from haochaping.simulation.served import Place, ndjson, places, record, served_at
from haochaping.tallies.operations import fold

DAYS = 60
PARTICIPATION = 0.84
_EVENING = time(18, 30)
_AT_ONCE = 1000
_LIMIT = 50_000

Say = Callable[[str], None]


@dataclass(slots=True)
class Report:
    """What a simulation left."""

    occasions: int = 0
    ratings: int = 0
    bad: int = 0
    defaults: int = 0
    orders: int = 0
    acts: int = 0


@dataclass(slots=True)
class _City:
    """The state of one run."""

    services: Services
    client: Client
    random: Random
    run: str
    runner: asyncio.Runner
    report: Report = field(default_factory=Report)
    waiting: list[Submission] = field(default_factory=list)
    number: int = 0


def simulate(
    *,
    ratings: int,
    seed: int,
    now: datetime,
    services: Services,
    client: Client,
    runner: asyncio.Runner,
    say: Say,
) -> Report:
    """About `ratings` ratings and their occasions over the last 60 days up to `now`, the same content for the same seed.

    `services` and `client` as the door has them; `runner` is the event loop in which they were made.
    """
    random = Random(seed)  # noqa: S311 - reproducible on purpose
    city = _City(services, client, random, f"{int(now.timestamp()):x}", runner)
    handlers = Handlers(random, run=city.run)
    days = _working_days(services, local_day(now))
    for place, day in enumerate(days):
        if place % 10 == 0:
            say(f"simulating {day.isoformat()} ({place} of {len(days)} days)")
        evening = min(datetime.combine(day, _EVENING, CN), now)
        share = round(ratings / PARTICIPATION * (place + 1) / len(days)) - city.report.occasions
        runner.run(_one_day(city, day, evening, share))
        _evening_work(city, evening)
        city.report.acts += handlers.lead_on(evening - timedelta(hours=2))
    _evening_work(city, now)
    freeze_departments(now=now, replace=True)
    freeze_breakdown(now=now, replace=True)
    return city.report


def _working_days(services: Services, today: date) -> list[date]:
    """The working days of the last 60 days, today always among them so that a demo has something fresh."""
    days = [today - timedelta(days=back) for back in range(DAYS, 0, -1)]
    return [day for day in days if _works(services.rulebook.calendar, day)] + [today]


def _works(calendar: WorkCalendar, day: date) -> bool:
    """Where the holidays are not known yet, weekdays will do for a simulation."""
    try:
        return calendar.is_workday(day)
    except CalendarMissing:
        return day.weekday() < 5


async def _one_day(city: _City, day: date, evening: datetime, count: int) -> None:
    """Reports the day's occasions, then hands in the ratings that came until the evening."""
    directory = city.services.directory.current()
    windows = places(directory, day)
    await _report(city, windows, day, evening, count)
    city.waiting.sort(key=lambda each: each.received_at)
    arrived = [each for each in city.waiting if each.received_at <= evening]
    city.waiting = [each for each in city.waiting if each.received_at > evening]
    for begin in range(0, len(arrived), _AT_ONCE):
        part = arrived[begin : begin + _AT_ONCE]
        outcomes = await asyncio.gather(*(city.services.writer.submit(each) for each in part))
        created = [each for each, outcome in zip(part, outcomes, strict=True) if outcome.kind is Kind.CREATED]
        city.report.ratings += len(created)
        city.report.bad += sum(each.content.bad for each in created)


async def _report(city: _City, windows: tuple[Place, ...], day: date, evening: datetime, count: int) -> None:
    served: dict[str, datetime] = {}
    records = []
    for _ in range(count):
        city.number += 1
        project_no = f"SIM{city.run}{city.number:07d}"
        at = min(served_at(city.random, day), evening - timedelta(minutes=1))
        served[project_no] = at
        records.append(record(city.random, city.random.choice(windows), project_no, at))
    if not records:
        return
    services = replace(city.services, now=lambda: evening)
    for begin in range(0, len(records), bulk.MOST_RECORDS):
        body = ndjson(records[begin : begin + bulk.MOST_RECORDS])
        judged = await judge_and_store(city.client, bulk.read(body, "application/x-ndjson"), services)
        for each in judged:
            if each.rateable is not None:
                city.report.occasions += 1
                _plan_rating(city, each.rateable, each.reported.record, served[each.reported.project_no])


def _plan_rating(city: _City, occasion_id: UUID, told: Record, served: datetime) -> None:
    """Most citizens rate, within days; it is handed in on the day on which it comes."""
    if city.random.random() < PARTICIPATION:
        facts = facts_of(told, city.services.directory.current())
        profile = governed(
            city.services, facts._asdict() | {"staff_id": None}, channel=None, at=served
        ).rules()
        city.waiting.append(submission(city.random, occasion_id, served, profile, city.services.tags))


def _evening_work(city: _City, now: datetime) -> None:
    """What the worker does in a running city."""
    while defaults := default_due(now=now, limit=_LIMIT):
        city.report.defaults += defaults
    while opened := open_orders(now=now, limit=_LIMIT):
        city.report.orders += opened
    while fold(limit=_LIMIT):
        pass
