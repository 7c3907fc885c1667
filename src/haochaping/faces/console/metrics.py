"""The state of the whole system for a machine that measures: what every process would say alike, out of the database.

What single processes count as they work, the door says itself (`intake.metrics`).
"""

from collections.abc import Iterator

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from haochaping.cases.queries.senders import verdict_totals
from haochaping.foundation.clock import now
from haochaping.jobs.queue import heartbeat_age, waiting
from haochaping.oversight.queries import watch
from haochaping.rectification.queries import workload
from haochaping.tallies.queries import pending_deltas


@require_safe
def metrics(request: HttpRequest) -> HttpResponse:  # noqa: ARG001  (a view's signature)
    """The format of Prometheus."""
    registry = CollectorRegistry()
    registry.register(_State())
    response = HttpResponse(
        generate_latest(registry), content_type="text/plain; version=0.0.4; charset=utf-8"
    )
    response.headers["Cache-Control"] = "no-store"
    return response


class _State(Collector):
    """Asked once, when it is scraped."""

    def collect(self) -> Iterator[Metric]:
        yield from _work()
        yield from _jobs()
        yield from _selftest()


def _work() -> Iterator[Metric]:
    at = now()
    load = workload(now=at)
    since = (at - load.inbox_since).total_seconds() if load.inbox_since else 0
    yield _gauge("fold_backlog", "Deltas that wait to be folded into counts.", pending_deltas())
    yield _gauge("bad_ratings_waiting", "Bad ratings that wait to become work orders.", load.inbox)
    yield _gauge("bad_ratings_waiting_seconds", "How long the oldest of them has waited.", since)
    yield _gauge("orders_open", "Work orders that are open.", load.open)
    yield _gauge("orders_overdue", "Open work orders whose rectification is overdue.", load.overdue)
    records = CounterMetricFamily(
        "haochaping_report_records", "Reported occasions by verdict.", labels=["verdict"]
    )
    for verdict, number in verdict_totals().items():
        records.add_metric([verdict], number)
    yield records


def _jobs() -> Iterator[Metric]:
    number = GaugeMetricFamily("haochaping_jobs_waiting", "Jobs that wait or are worked on.", labels=["task"])
    age = GaugeMetricFamily(
        "haochaping_jobs_waiting_seconds", "How long the oldest of them has been due.", labels=["task"]
    )
    for task in waiting():
        number.add_metric([task.name], task.number)
        age.add_metric([task.name], task.seconds)
    yield number
    yield age
    beat = heartbeat_age()
    if beat is not None:
        yield _gauge("worker_heartbeat_age_seconds", "Since a worker last gave a sign of life.", beat)


def _selftest() -> Iterator[Metric]:
    alarms = GaugeMetricFamily("haochaping_alarms", "Alarms that are on, by kind.", labels=["kind"])
    for kind, number in watch.alarms_on().items():
        alarms.add_metric([kind], number)
    yield alarms
    latest = watch.latest_run()
    if latest is None:
        return
    yield _gauge(
        "selftest_timestamp_seconds", "When the last self-test began.", latest.row.started_at.timestamp()
    )
    passed = GaugeMetricFamily(
        "haochaping_selftest_passed",
        "1 where the last self-test's rating went the whole way, else 0.",
        labels=["way", "channel", "level"],
    )
    for outcome in latest.outcomes:
        way, channel, level = outcome.cell
        passed.add_metric([way, str(channel), str(level)], int(outcome.step is None))
    yield passed


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"haochaping_{name}", words, value=value)
