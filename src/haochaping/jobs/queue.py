"""How the job queue stands, by the database's own clock: for whoever measures."""

from dataclasses import dataclass

from django.db import connection

from haochaping.jobs.schedule import PERIODIC

_WAITING = """
SELECT j.task_name, count(*)::int, extract(epoch FROM now() - min(coalesce(j.scheduled_at, e.at)))::int
FROM procrastinate_jobs j LEFT JOIN procrastinate_events e ON e.job_id = j.id AND e.type = 'deferred'
WHERE j.status IN ('todo', 'doing') AND (j.scheduled_at IS NULL OR j.scheduled_at <= now()) GROUP BY j.task_name
"""
_HEARTBEAT = "SELECT extract(epoch FROM now() - max(last_heartbeat))::int FROM procrastinate_workers"


@dataclass(frozen=True, slots=True)
class Waiting:
    """Jobs of a name that are due, and for how many seconds the oldest has been."""

    name: str
    number: int
    seconds: int


def waiting() -> tuple[Waiting, ...]:
    """Every periodic job, those of which none waits with 0."""
    with connection.cursor() as cursor:
        cursor.execute(_WAITING)
        found = {name: Waiting(name, number, seconds or 0) for name, number, seconds in cursor.fetchall()}
    return tuple(found.get(job.name, Waiting(job.name, 0, 0)) for job in PERIODIC)


def heartbeat_age() -> int | None:
    """Seconds since a worker gave a sign of life; None when there has never been one, or all ended as asked."""
    with connection.cursor() as cursor:
        cursor.execute(_HEARTBEAT)
        row = cursor.fetchone()
    return row[0] if row else None
