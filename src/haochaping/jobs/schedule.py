"""Which job runs when. A file that is not here never runs: a test looks for those that nobody scheduled."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from typing import Protocol

from django.db import close_old_connections
from procrastinate.contrib.django import app

from haochaping.foundation import clock
from haochaping.jobs.daily import (
    arrivals,
    calendar,
    deadlines,
    evidence,
    export,
    publications,
    reconcile,
    retention,
    selftest,
)
from haochaping.jobs.failures import JobFailed, described
from haochaping.jobs.hourly import (
    failed_sign_ins,
    late_reports,
    matching,
    nonces,
    objections,
    revisits,
    sessions,
)
from haochaping.jobs.minutely import (
    alarms,
    answers,
    breakdowns,
    bulletins,
    charts,
    defaults,
    departments,
    escalations,
    lapses,
    notices,
    revisit_answers,
    silences,
    told_later,
    videos,
)
from haochaping.jobs.secondly import filling, orders, releases, tallies
from haochaping.policy.keeping import one_edition


class Run(Protocol):
    """What a job does; how many things it did."""

    def __call__(self, *, now: datetime) -> int: ...


@dataclass(frozen=True, slots=True)
class Periodic:
    """`cron` is in UTC, as procrastinate reads it: Shanghai is eight hours ahead."""

    name: str
    run: Run
    cron: str


SECONDLY: dict[str, Run] = {
    "secondly.tallies": tallies.run,
    "secondly.orders": orders.run,
    "secondly.releases": releases.run,
    "secondly.filling": filling.run,
}

PERIODIC = (
    Periodic("minutely.defaults", defaults.run, "* * * * *"),
    Periodic("minutely.departments", departments.run, "* * * * *"),
    Periodic("minutely.breakdowns", breakdowns.run, "* * * * *"),
    Periodic("minutely.charts", charts.run, "* * * * *"),
    Periodic("minutely.answers", answers.run, "* * * * *"),
    Periodic("minutely.bulletins", bulletins.run, "* * * * *"),
    Periodic("minutely.silences", silences.run, "* * * * *"),
    Periodic("minutely.alarms", alarms.run, "* * * * *"),
    Periodic("minutely.escalations", escalations.run, "* * * * *"),
    Periodic("minutely.notices", notices.run, "* * * * *"),
    Periodic("minutely.videos", videos.run, "* * * * *"),
    Periodic("minutely.lapses", lapses.run, "* * * * *"),
    Periodic("minutely.revisit_answers", revisit_answers.run, "* * * * *"),
    Periodic("hourly.matching", matching.run, "7 * * * *"),
    Periodic("hourly.nonces", nonces.run, "17 * * * *"),
    Periodic("hourly.objections", objections.run, "7 * * * *"),
    Periodic("hourly.failed_sign_ins", failed_sign_ins.run, "47 * * * *"),
    Periodic("minutely.told_later", told_later.run, "* * * * *"),
    Periodic("hourly.late_reports", late_reports.run, "37 * * * *"),
    Periodic("hourly.revisits", revisits.run, "27 * * * *"),
    Periodic("hourly.sessions", sessions.run, "57 * * * *"),
    Periodic("daily.calendar", calendar.run, "40 0 * * *"),  # 08:40 in Shanghai
    Periodic("daily.deadlines", deadlines.run, "40 18 * * *"),  # 02:40 in Shanghai
    Periodic("daily.retention", retention.run, "50 19 * * *"),  # 03:50 in Shanghai
    Periodic("daily.evidence", evidence.run, "20 19 * * *"),  # 03:20 in Shanghai
    Periodic("daily.reconcile", reconcile.run, "10 19 * * *"),  # 03:10 in Shanghai
    Periodic("daily.publications", publications.run, "0 20 * * *"),  # 04:00 in Shanghai
    Periodic("daily.export", export.run, "30 20 * * *"),  # 04:30 in Shanghai, after what is deleted at 03:50
    Periodic("daily.arrivals", arrivals.run, "40 19 * * *"),  # 03:40 in Shanghai
    Periodic("daily.selftest", selftest.run, "10 20 * * *"),  # 04:10 in Shanghai
)


def register() -> None:
    """Makes the periodic jobs known to procrastinate, once a process.

    The queueing lock keeps a second one of a kind from waiting. There is no execution lock: a worker that is
    killed would hold it for ever, and the operations keep each other out by themselves.
    """
    for job in PERIODIC:
        if job.name in app.tasks:
            continue
        task = app.task(name=job.name, queueing_lock=job.name)(_called(job))
        app.periodic(cron=job.cron)(task)


def fresh(run: Run) -> Run:
    """The same job on a connection that works - one that broke or grew old is left behind -, by one edition of the rules."""

    @wraps(run)
    def call(*, now: datetime) -> int:
        close_old_connections()
        try:
            with one_edition():
                return run(now=now)
        finally:
            close_old_connections()

    return call


def _called(job: Periodic) -> Callable[[int], int]:
    def call(timestamp: int) -> int:  # noqa: ARG001  (when it was due; what counts is when it runs)
        try:
            return fresh(job.run)(now=clock.now())
        except Exception as error:
            raise JobFailed(described(error)) from None

    return call
