"""The history of an order as officials read it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from haochaping.foundation.clock import local_day
from haochaping.rectification.course.choices import classes
from haochaping.rectification.course.situation import Situation
from haochaping.rectification.models import OrderStep
from haochaping.rectification.states import Act
from haochaping.registry import queries as registry


@dataclass(frozen=True, slots=True)
class StepView:
    """One act of an official, or what followed by rule (`by_rule`). `said`: what was said beside the note, by the names of
    `rules.Said`; organisations and classes by their names."""

    act: Act
    actor: str
    at: datetime
    note: str
    clause: str
    said: Mapping[str, str] = field(default_factory=dict)
    by_rule: bool = False


def history(stands: Situation) -> tuple[StepView, ...]:
    """All that was done, in order; what the rater did is not in it, and neither is its time."""
    named = classes(stands)
    return tuple(
        StepView(
            Act(step.act),
            step.actor,
            step.at,
            step.note,
            step.clause,
            _said(step, named, stands),
            by_rule=step.official_id is None and step.actor == "system",
        )
        for step in stands.steps
        if step.act in set(Act)
    )


def _said(step: OrderStep, named: Mapping[str, str], stands: Situation) -> Mapping[str, str]:
    said = dict(step.said)
    if "bad_class" in said:
        said["bad_class"] = named.get(said["bad_class"], said["bad_class"])
    if "organisation" in said:
        known = registry.organisation_id_by_credit_code(said["organisation"])
        names = registry.organisation_names({known} if known else set(), local_day(stands.now))
        said["organisation"] = names.get(known or 0, said["organisation"])
    return said
