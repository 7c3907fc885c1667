"""What the door counts as it works. Labels are routes, statuses, channels, levels and reasons of ours: never a path, a
token, an address or a name, and no label has more values than its list (docs/watching.md).

For each rating the door adds to two plain numbers; they become metrics when somebody reads them. The library's own counters
would take ten times as long, for locks that one thread does not need.
"""

from collections.abc import Iterator
from typing import Final

from prometheus_client import CollectorRegistry, Gauge, Histogram, disable_created_metrics, generate_latest
from prometheus_client.core import CounterMetricFamily, Metric
from prometheus_client.registry import Collector

from haochaping.intake.submission import DatabaseAway, Kind, NotStored, QueueFull, RowRefused

# Why a rating was not taken, beside what the writer says.
INVALID: Final = "invalid"
GONE: Final = "gone"
_REASONS: Final[dict[type[NotStored], str]] = {
    QueueFull: "queue_full",
    DatabaseAway: "database_away",
    RowRefused: "row_refused",
}
# `pf` of the convention has one digit; a level is 1 to 5. What is neither was not said, or is nonsense.
_CHANNELS: Final = range(1, 10)
_LEVELS: Final = range(1, 6)
_COMMIT_SECONDS: Final = (0.001, 0.002, 0.004, 0.008, 0.016, 0.032, 0.064, 0.128, 0.25, 0.5, 1, 2, 4, 8)
_BATCH: Final = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512)

# When a series began is told by its first sample; a series more for each would tell nothing else.
disable_created_metrics()  # type: ignore[no-untyped-call]  # the library has no type here


class DoorMetrics(Collector):
    """One for each door; counted and read in its one thread."""

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()
        self._accepted: dict[tuple[int, int], int] = {}
        self._refused: dict[tuple[str, int, int], int] = {}
        self._answers: dict[tuple[str, str, int], int] = {}
        self.queue = Gauge(
            "haochaping_writer_queue", "Ratings that wait for the next batch.", registry=registry
        )
        self._batch = Histogram(
            "haochaping_writer_batch_size", "Ratings in a batch.", buckets=_BATCH, registry=registry
        )
        self._commit = Histogram(
            "haochaping_commit_seconds",
            "How long the statement that stores a batch took, commit included.",
            buckets=_COMMIT_SECONDS,
            registry=registry,
        )
        registry.register(self)

    def text(self) -> bytes:
        """All of it in the format of Prometheus."""
        return generate_latest(self._registry)

    def outcome(self, kind: Kind, channel: int, level: int) -> None:
        """What the writer made of a rating; the same submission again is counted once."""
        if kind is Kind.CREATED:
            key = channel, level
            self._accepted[key] = self._accepted.get(key, 0) + 1
        elif kind is Kind.GONE:
            self._refuse(GONE, channel, level)

    def not_stored(self, problem: NotStored, channel: int, level: int) -> None:
        """Why the writer could not take it."""
        self._refuse(_REASONS.get(type(problem), "other"), channel, level)

    def refused(self, channel: int, level: int, *, is_open: bool) -> None:
        """A rating with something wrong in it, of an occasion that can still be rated or not; level 0 was not said."""
        self._refuse(INVALID if is_open else GONE, channel, level)

    def stored(self, number: int, seconds: float) -> None:
        """A batch was committed."""
        self._batch.observe(number)
        self._commit.observe(seconds)

    def answered(self, method: str, pattern: str, status: int) -> None:
        """A route of the door's own gave an answer; `pattern` is the route's, with names in the place of what came."""
        key = method, pattern, status
        self._answers[key] = self._answers.get(key, 0) + 1

    def _refuse(self, reason: str, channel: int, level: int) -> None:
        key = reason, channel, level
        self._refused[key] = self._refused.get(key, 0) + 1

    def collect(self) -> Iterator[Metric]:
        """The numbers, for the registry."""
        accepted = CounterMetricFamily(
            "haochaping_ratings_accepted",
            "Ratings stored and acknowledged.",
            labels=("channel", "level"),
        )
        for (channel, level), number in self._accepted.items():
            accepted.add_metric(_told(channel, level), number)
        yield accepted
        refused = CounterMetricFamily(
            "haochaping_ratings_refused",
            "Ratings of a known occasion that were not stored.",
            labels=("reason", "channel", "level"),
        )
        for (reason, channel, level), number in self._refused.items():
            refused.add_metric((reason, *_told(channel, level)), number)
        yield refused
        answers = CounterMetricFamily(
            "haochaping_door_answers",
            "Answers of the door by route, as a pattern, and status.",
            labels=("method", "route", "status"),
        )
        for (method, pattern, status), number in self._answers.items():
            answers.add_metric((method, pattern, str(status)), number)
        yield answers


def _told(channel: int, level: int) -> tuple[str, str]:
    return (
        str(channel) if channel in _CHANNELS else "other",
        str(level) if level in _LEVELS else "none",
    )
