"""What every view of an objection shows alike."""

from datetime import datetime

from haochaping.foundation.workdays import WorkCalendar
from haochaping.rectification.contests import review_clock
from haochaping.rectification.models import Objection
from haochaping.rectification.operations.contesting import Reviewed
from haochaping.rectification.rules import Clock


def holds(rules: Reviewed | None) -> tuple[str, ...]:
    """What holds while it is undecided, in the words of the rules."""
    return rules.rule.value.pending if rules and rules.rule else ()


def clock(objection: Objection, calendar: WorkCalendar, now: datetime) -> Clock:
    """How long the body has left."""
    return review_clock(
        objection.due_at,
        provisional=objection.due_provisional,
        clause=objection.due_clause,
        now=now,
        calendar=calendar,
    )
