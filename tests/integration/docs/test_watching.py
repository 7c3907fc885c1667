"""What docs/watching.md says of metrics and ways is what the code has."""

import re

import pytest
from prometheus_client.parser import text_string_to_metric_families

from haochaping.faces.console import metrics
from haochaping.intake.metrics import DoorMetrics
from haochaping.intake.submission import Kind
from haochaping.jobs import queue
from haochaping.oversight.watching import DRIVEN
from tests.guards.floors import ROOT
from tests.integration.oversight.test_alarms import concluded

PAGE = (ROOT / "docs" / "watching.md").read_text(encoding="utf-8")
_ROW = re.compile(r"^\| `(haochaping_\w+)` \| ([a-z, ]*) ?\|", re.MULTILINE)


def measured(text: str) -> dict[str, set[str]]:
    """Metric → its labels, by the names that are scraped."""
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(text):
        name = f"{family.name}_total" if family.type == "counter" else family.name
        labels = {label for sample in family.samples for label in sample.labels} - {"le"}
        found[name] = labels
    return found


@pytest.mark.django_db
def test_every_metric_is_described_with_its_labels(now, rf, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    door = DoorMetrics()
    door.outcome(Kind.CREATED, 3, 5)
    door.refused(3, 5, is_open=True)
    door.answered("GET", "/r/{token}", 200)
    concluded(now)
    monkeypatch.setattr(metrics, "heartbeat_age", lambda: 1)
    state = metrics.metrics(rf.get("/")).content.decode()
    told = {name: set(filter(None, re.split(r",\s*", labels.strip()))) for name, labels in _ROW.findall(PAGE)}
    assert told == {**measured(door.text().decode()), **measured(state)}
    assert queue.heartbeat_age() is None


def test_every_way_is_described_with_its_route() -> None:
    for driven in DRIVEN:
        assert f"`{' '.join(driven.route)}`" in PAGE


def test_every_promise_names_tests_that_are_there() -> None:
    table = PAGE.partition("## What is promised")[2]
    named = re.findall(r"`((?:unit|integration|journeys)/[^`]+)`", table)
    assert len(named) > 10
    assert [name for name in named if not (ROOT / "tests" / name).is_file()] == []
