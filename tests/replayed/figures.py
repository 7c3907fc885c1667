"""Figures of a scenario at which revisits look: as many ratings of other units, bad ones led to their answer; what is drawn
of them when the period is over."""

import uuid
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import Any

from haochaping.foundation.clock import local_day
from haochaping.oversight.operations.duties import assess_answered
from haochaping.oversight.operations.periods import fix_seeds
from haochaping.oversight.operations.rating_samples import draw_rating_samples
from haochaping.oversight.operations.samples import draw_samples
from haochaping.policy.scenario_file import Scenario
from haochaping.ratings.models import Rating
from haochaping.rectification import operations
from haochaping.rectification.models import BadRating, WorkOrder
from haochaping.rectification.rulebook import rulebook
from haochaping.rectification.rules import Said
from haochaping.rectification.states import Act
from tests.replayed.place import Place
from tests.replayed.story import WAY, WORDS

# Within the period that is looked at, and after the end of it.
BEFORE, AFTER = timedelta(days=20), timedelta(days=100)


def carry_out(scenario: Scenario, place: Place) -> None:
    """Those of the last period, where the scenario looks at revisits."""
    if not any("revisit" in each for each in scenario.expected):
        return
    at = scenario.now - BEFORE
    fix_seeds(now=at)
    last = scenario.figures[-1].period if scenario.figures else ""
    for counted in scenario.figures:
        if counted.period == last:
            place.division(scenario.where.division)
            unit = place.other(scenario.where, counted.unit)
            made = [each for cell in counted.cells for each in _ratings(scenario, place, unit, cell, at)]
            Rating.objects.bulk_create(made)
            _answer([each for each in made if "bad" in _counts(counted.cells)], unit, place, at)


def draw(scenario: Scenario) -> None:
    """The samples of every period, when it is over."""
    later = scenario.now + AFTER
    assess_answered(now=scenario.now, rulebook=rulebook())
    draw_samples(now=later)
    draw_rating_samples(now=later, rulebook=rulebook())


def _counts(cells: tuple[Mapping[str, Any], ...]) -> dict[str, int]:
    return {word: number for cell in cells for word, number in cell["counts"].items()}


def _ratings(
    scenario: Scenario, place: Place, unit: int, cell: Mapping[str, Any], at: datetime
) -> Iterator[Rating]:
    counts = cell["counts"]
    if "bad" in counts:
        for number in range(counts["bad"]):
            named = number < counts.get("bad_named", counts["bad"])
            yield _rating(scenario, place, unit, 1, at, named=named)
        return
    for level in range(1, 6):
        for _ in range(counts.get(f"level_{level}", 0)):
            yield _rating(scenario, place, unit, level, at, named=bool(cell.get("named")))


def _rating(scenario: Scenario, place: Place, unit: int, level: int, at: datetime, *, named: bool) -> Rating:
    return Rating(
        id=uuid.uuid4(),
        level=level,
        channel=3,
        origin="citizen",
        named=named,
        norm_version=2,
        received_at=at,
        submission=uuid.uuid4().bytes,
        service_day=local_day(at),
        division_id=place.divisions[scenario.where.division],
        organisation_id=unit,
        hall_id=place.hall(scenario.where),
        item_id=place.thing(),
        profile="",
    )


def _answer(bad: list[Rating], unit: int, place: Place, at: datetime) -> None:
    """Their orders, along the straight way."""
    BadRating.objects.bulk_create(BadRating(rating_id=each.id, received_at=at) for each in bad)
    operations.open_orders(now=at, limit=1000)
    for order in WorkOrder.objects.filter(subject_id__in=[each.id for each in bad]):
        for _, act in WAY:
            order.refresh_from_db()
            operations.act(
                order_id=order.id,
                act=act,
                official_id=place.official(unit),
                revision=order.revision,
                now=at,
                text=WORDS,
                said=Said(finding="true") if act is Act.VERIFY else Said(),
            )
