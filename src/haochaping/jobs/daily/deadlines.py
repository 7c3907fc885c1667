"""Deadlines that were counted before a notice had reached every process are counted again."""

from datetime import datetime

from haochaping.policy.calendars import read_notices
from haochaping.policy.keeping import one_edition
from haochaping.policy.rule_files import RuleDirs
from haochaping.rectification.operations import calendar_turn, rederive_deadlines

ACTOR = "system"


def run(*, now: datetime) -> int:
    """How many moved: none, unless a notice came in.

    By rules read in its turn: by those of a worker that has not seen the notice yet, everything would move back.
    """
    with calendar_turn(), one_edition(every=0) as edition:
        notices = read_notices(RuleDirs.of_environment().calendars)
        return rederive_deadlines(rulebook=edition.rulebook, now=now, actor=ACTOR, notices=notices)
