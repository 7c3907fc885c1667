"""An order takes in what its rater made of the answer, with what the rules say that it sets off."""

from datetime import datetime

from haochaping.ratings.verdicts import Judged
from haochaping.rectification.course.situation import situation
from haochaping.rectification.models import WorkOrder
from haochaping.rectification.operations.happenings import after_verdict
from haochaping.rectification.operations.noting import note
from haochaping.rectification.operations.reopening import reopen
from haochaping.rectification.rulebook import rulebook
from haochaping.rectification.states import RaterAct, SetOff, State, Verdict

_JUDGED = frozenset({State.ANSWERED, State.CLOSED})


def take_in(order: WorkOrder, judged: Judged, now: datetime) -> None:
    """Of an order that was withdrawn in the meantime nothing is set off: there is no rectification any more."""
    before = order.state
    order.verdict = Verdict.SATISFIED if judged.satisfied else Verdict.UNSATISFIED
    order.set_off = ""
    order.silence_at, order.silence_provisional = None, False
    if judged.sets_off in set(SetOff) and not order.exclusion:
        order.set_off = judged.sets_off
        if judged.sets_off == SetOff.REOPEN and order.state in _JUDGED:
            reopen(order, now)
    act = RaterAct.SILENT if judged.silent else RaterAct.VERDICT
    note(order, act, before, now, clause=judged.clause)
    if not judged.satisfied:
        after_verdict(situation(order, rulebook(), now=now), judged, now)
