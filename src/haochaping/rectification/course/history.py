"""The history of an order as officials read it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from haochaping.foundation.clock import local_day
from haochaping.rectification.course.choices import classes
from haochaping.rectification.course.situation import Situation
from haochaping.rectification.models import OrderStep
from haochaping.rectification.states import Act, ClockMark
from haochaping.registry import queries as registry


@dataclass(frozen=True, slots=True)
class MovedView:
    """A limit that a notice on holidays moved, or settled: its last day before and now, provisional or not."""

    step: str
    was: date
    was_provisional: bool
    until: date
    provisional: bool


@dataclass(frozen=True, slots=True)
class StepView:
    """One act of an official, or what followed by rule (`by_rule`). `said`: what was said beside the note, by the names of
    `rules.Said`; organisations and classes by their names. `moved`: it is no act, a notice moved this limit."""

    act: Act | ClockMark
    actor: str
    at: datetime
    note: str
    clause: str
    said: Mapping[str, str] = field(default_factory=dict)
    by_rule: bool = False
    moved: MovedView | None = None


def history(stands: Situation) -> tuple[StepView, ...]:
    """All that was done, in order; what the rater did is not in it, and neither is its time."""
    named, units = classes(stands), _units(stands)
    known = set(Act) | set(ClockMark)
    return tuple(_view(step, named, units) for step in stands.steps if step.act in known)


def _view(step: OrderStep, named: Mapping[str, str], units: Mapping[str, str]) -> StepView:
    if step.act == ClockMark.RECOUNTED:
        return StepView(
            ClockMark.RECOUNTED, step.actor, step.at, "", step.clause, by_rule=True, moved=_moved(step.said)
        )
    return StepView(
        Act(step.act),
        step.actor,
        step.at,
        step.note,
        step.clause,
        _said(step, named, units),
        by_rule=step.official_id is None and step.actor == "system",
    )


def _moved(said: Mapping[str, str]) -> MovedView:
    return MovedView(
        said["step"],
        date.fromisoformat(said["was"]),
        "was_provisional" in said,
        date.fromisoformat(said["until"]),
        "provisional" in said,
    )


def _said(step: OrderStep, named: Mapping[str, str], units: Mapping[str, str]) -> Mapping[str, str]:
    said = dict(step.said)
    if "bad_class" in said:
        said["bad_class"] = named.get(said["bad_class"], said["bad_class"])
    if "organisation" in said:
        said["organisation"] = units.get(said["organisation"], said["organisation"])
    return said


def _units(stands: Situation) -> Mapping[str, str]:
    """Credit code → name of the organisations to which it was dispatched."""
    codes = {step.said["organisation"] for step in stands.steps if "organisation" in step.said}
    return registry.names_by_credit_code(codes, local_day(stands.now)) if codes else {}
