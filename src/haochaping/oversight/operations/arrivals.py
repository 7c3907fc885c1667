"""Channels and levels through which ratings came, and come no longer."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta

from django.db import transaction

from haochaping.audit.operations import record
from haochaping.foundation.clock import CN, local_day
from haochaping.foundation.workdays import CalendarMissing, WorkCalendar
from haochaping.oversight.models import Alarm
from haochaping.oversight.operations.alarms import Key, Trouble, Turned, turn
from haochaping.oversight.watching import Arrived, Silence, silences
from haochaping.policy.watching import known_thresholds
from haochaping.ratings.queries import arrivals
from haochaping.registry.queries import trial_organisations

KIND = "arrivals"


@transaction.atomic
def watch_arrivals(*, calendar: WorkCalendar, now: datetime, tell: bool) -> Turned:
    """Looks at the ratings of some weeks up to yesterday, by the thresholds in force then. One transaction; an audit row
    when an alarm went on or off.

    An alarm goes off when something comes again, not when what came before is too long ago to be looked at. An operator's
    thresholds that cannot be read are told on the console, and the product's own hold meanwhile.
    """
    last = local_day(now) - timedelta(days=1)
    by = known_thresholds(last)
    first = last - timedelta(days=by.looked_back - 1)
    rows = arrivals(from_day=first, to_day=last, without=trial_organisations())
    arrived = [Arrived(*row) for row in rows]
    days = [first + timedelta(days=each) for each in range(by.looked_back)]
    found = silences(arrived, last=last, workdays=[day for day in days if _works(calendar, day)], by=by)
    troubles = {_key(silence): Trouble(_after(silence.last_day)) for silence in found}
    turned = turn(troubles, _come_again(arrived), now=now, tell=tell)
    if turned.raised or turned.ended:
        detail = {"raised": turned.raised, "ended": turned.ended}
        record(
            now=now,
            actor="system",
            act="oversight.arrivals",
            subject="arrivals",
            clause=by.citation,
            detail=detail,
        )
    return turned


def _come_again(arrived: Iterable[Arrived]) -> list[Key]:
    """Alarms that are on and about something that came since."""
    latest: dict[tuple[int, int | None], date] = {}
    for one in arrived:
        for level in (one.level, None):
            key = one.channel, level
            latest[key] = max(latest.get(key, one.day), one.day)
    on = Alarm.objects.filter(kind=KIND, ended_at=None)
    return [
        (KIND, "", alarm.channel, alarm.level)
        for alarm in on
        if latest.get((alarm.channel, alarm.level), date.min) >= local_day(alarm.since)
    ]


def _key(silence: Silence) -> Key:
    return KIND, "", silence.channel, silence.level


def _after(day: date) -> datetime:
    return datetime.combine(day + timedelta(days=1), time(), CN)


def _works(calendar: WorkCalendar, day: date) -> bool:
    """Where the holidays are not known, weekdays: this is no legal limit."""
    try:
        return calendar.is_workday(day)
    except CalendarMissing:
        return day.weekday() < 5
