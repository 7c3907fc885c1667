"""What sweeps bring about in a running city, and the revisits that follow: once a week in which anything was done."""

from datetime import datetime, timedelta
from typing import Final

from haochaping.foundation.errors import Refused
from haochaping.oversight.operations.duties import assess_answered, settle_standing
from haochaping.oversight.operations.periods import fix_seeds
from haochaping.oversight.operations.revisits import Attempt, attempt
from haochaping.oversight.operations.samples import draw_samples
from haochaping.oversight.queries.led import RevisitToDo, revisits_to_do
from haochaping.rectification.led import subjects_of
from haochaping.rectification.operations import (
    count_silence,
    lapse,
    lapse_objections,
    plan_escalations,
    set_off_due,
)
from haochaping.simulation.filling.batches import Ground
from haochaping.simulation.orders.officials import Officials
from haochaping.simulation.orders.traits import drawn

_LIMIT: Final = 5_000
_MORNING: Final = timedelta(hours=4)


def sweep(ground: Ground, officials: Officials, at: datetime) -> None:
    """Everything that is due by then; then who is to be asked is called."""
    plan_escalations(now=at, limit=_LIMIT)
    set_off_due(now=at, limit=_LIMIT)
    lapse(now=at, limit=_LIMIT)
    lapse_objections(now=at)
    count_silence(now=at)
    fix_seeds(now=at)
    assess_answered(now=at, rulebook=ground.services.rulebook)
    draw_samples(now=at)
    settle_standing(now=at)
    if at < ground.cut:
        _call(ground, officials, at + _MORNING)


def _call(ground: Ground, officials: Officials, at: datetime) -> None:
    due = revisits_to_do()
    subjects = subjects_of([each.order_id for each in due])
    for revisit in due:
        if not revisit.conductors or revisit.order_id not in subjects:
            continue
        draws = drawn(ground.seed, subjects[revisit.order_id], f"revisit {revisit.revision}")
        reached = draws.random() < ground.shape.revisits.reached
        satisfied = "yes" if draws.random() < ground.shape.revisits.satisfied else "no"
        typed = Attempt("answered", "person", satisfied) if reached else Attempt("not_reached", "person")
        _try(officials, revisit, typed, at)


def _try(officials: Officials, revisit: RevisitToDo, typed: Attempt, at: datetime) -> None:
    try:
        attempt(
            revisit_id=revisit.id,
            official_id=officials.handler(revisit.conductors[0], at),
            revision=revisit.revision,
            typed=typed,
            now=at,
        )
    except Refused:
        return  # by the rules of the day it is not done so: it stays due
