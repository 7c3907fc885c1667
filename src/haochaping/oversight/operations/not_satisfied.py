"""The rater of a drawn rating that opened no order is not satisfied: what the rules have follow is put to the body that they
make responsible, as for an order."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from django.db import connection

from haochaping.accounts.queries.holders import holders
from haochaping.accounts.rules import Permission
from haochaping.audit import operations as audit
from haochaping.foundation.clock import local_day
from haochaping.notices.fragments import PUT_OUT
from haochaping.notices.queries.preferences import channels_of
from haochaping.notices.rules import by_day
from haochaping.notices.states import Kind
from haochaping.oversight.models import Revisit
from haochaping.oversight.queries.whose_rules import rules_of
from haochaping.oversight.revisiting import Terms
from haochaping.rectification.bodies import Bodies
from haochaping.rectification.course.following_up import body_of
from haochaping.rectification.escalations import REVISIT
from haochaping.rectification.rulebook import rulebook
from haochaping.rectification.states import SetOff
from haochaping.registry import queries as registry

# In the rules' words. There is nothing to set right anew: that somebody was to be made to is for the body to look into.
_ACTIONS: Final = {
    SetOff.REOPEN: "supervision",
    SetOff.SUPERVISE: "supervision",
    SetOff.ESCALATE: "report",
}
_TELL: Final = f"""
WITH told AS (
  SELECT * FROM unnest(%(channels)s::text[], %(officials)s::uuid[]) AS each (channel, official_id)
), notices AS (
  SELECT 'revisit:' || %(revisit)s AS cause, channel, official_id, %(kind)s AS kind, %(action)s AS action, true AS superior,
         %(number)s AS subject, NULL::uuid AS reference, %(step)s AS step, NULL::date AS last_day, %(clause)s AS clause
  FROM told
)
{PUT_OUT.format(source="notices")}
"""  # noqa: S608  (constants, and the statement of notices)


def set_off_without_order(revisit: Revisit, terms: Iterable[Terms], now: datetime) -> None:
    """By the first of its rules that says so, in the caller's transaction, with the revisit locked: kept with it, and those
    told who supervise or are reported to. Nothing where the rules say nothing."""
    said = next((each for each in terms if each.unsatisfied in _ACTIONS), None)
    if said is None:
        return
    set_off, today = SetOff(said.unsatisfied), local_day(now)
    unit = registry.organisation(revisit.organisation_id, today)
    rules = rules_of(unit, rulebook(), today) if unit is not None else None
    word, body = body_of(set_off, rules, revisit.organisation_id, Bodies(today)) if rules else ("", None)
    revisit.set_off = set_off
    revisit.save(update_fields=["set_off"])
    told = _tell(revisit, body, (_ACTIONS[set_off], said.clause[:200]), now) if body is not None else 0
    audit.record(
        now=now,
        actor="system",
        act="revisit.set_off",
        subject=f"revisit:{revisit.id}",
        clause=said.clause[:200],
        detail={"set_off": set_off, "body": word, "told": told},
    )


def _tell(revisit: Revisit, body: int, what: tuple[str, str], now: datetime) -> int:
    """Each official of the body once by each of his ways; how many officials."""
    found = holders(organisations={body}, permission=Permission.VIEW_REVISITS, on=local_day(now))[body]
    action, clause = what
    ways = [
        (channel, official)
        for official, kinds in channels_of(found).items()
        for channel in kinds[Kind.ESCALATED]
    ]
    values: dict[str, Any] = {
        "channels": [str(channel) for channel, _ in ways],
        "officials": [official for _, official in ways],
        "revisit": str(revisit.id),
        "kind": Kind.ESCALATED.value,
        "action": action,
        "number": revisit.number,
        "step": REVISIT,
        "clause": clause,
        "now": now,
        "by_day": by_day(now),
    }
    with connection.cursor() as cursor:
        cursor.execute(_TELL, values)
    return len(found)
