"""The worker process: the pulse in a thread, procrastinate's worker beside it."""

import asyncio
import contextlib
import logging
import threading
import time

from django.db import connections
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector
from procrastinate.exceptions import AlreadyEnqueued
from procrastinate.jobs import Status

from haochaping.foundation import clock
from haochaping.jobs import schedule
from haochaping.jobs.pulse import Pulse

# Less than the time that `up` gives: whoever is stopped ends by itself.
GRACE = 6.0
# Nightly readings of all rows are not made up for at every start; a self-test would find a door that is starting as well.
NOT_AT_START = {"daily.reconcile", "daily.arrivals", "daily.selftest", "daily.export"}


def work() -> None:
    """Works until SIGTERM or SIGINT, then finishes what is under way. Needs django.setup().

    Raises what the job queue raises when its database goes away: whoever watches starts the process again.
    """
    # It would tell of every job, six lines a minute; a failed one is an error.
    logging.getLogger("procrastinate").setLevel(logging.WARNING)
    schedule.register()
    stop = threading.Event()
    pulse = threading.Thread(target=_beat, args=(stop,), name="pulse", daemon=True)
    pulse.start()
    try:
        connector = app.connector
        if not isinstance(connector, DjangoConnector):
            raise TypeError("the job queue does not use Django's database")
        with app.replace_connector(connector.get_worker_connector()):
            asyncio.run(_serve())
    finally:
        stop.set()
        pulse.join(GRACE)


def _beat(stop: threading.Event) -> None:
    try:
        jobs = {name: schedule.fresh(run) for name, run in schedule.SECONDLY.items()}
        Pulse(jobs, clock=clock.now, stop=stop).run()
    finally:
        connections.close_all()


async def _serve() -> None:
    async with app.open_async():
        await _bury()
        await _make_up_for_standstill()
        await app.run_worker_async(
            name="worker", delete_jobs="always", shutdown_graceful_timeout=GRACE, concurrency=1
        )


async def _bury() -> None:
    """Forgets jobs of workers that were killed: the next of their kind does the same work."""
    await app.job_manager.prune_stalled_workers(seconds_since_heartbeat=30)
    for job in await app.job_manager.get_stalled_jobs():
        await app.job_manager.finish_job(job, status=Status.FAILED, delete_job=True)


async def _make_up_for_standstill() -> None:
    """Asks for every job once, as its time may have passed while nobody worked."""
    for job in schedule.PERIODIC:
        if job.name not in NOT_AT_START:
            with contextlib.suppress(AlreadyEnqueued):
                await app.configure_task(job.name, queueing_lock=job.name).defer_async(
                    timestamp=int(time.time())
                )
