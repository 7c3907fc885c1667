"""What has come due is set off: a set at a time, each escalation once, with its notices in the same transaction."""

from datetime import datetime
from typing import Any, Final, NamedTuple

from django.db import connection, transaction

from haochaping.audit.operations import record
from haochaping.foundation.asked_once import asking_steadily
from haochaping.foundation.clock import local_day
from haochaping.notices.fragments import PUT_OUT
from haochaping.notices.rules import by_day
from haochaping.rectification.escalations import GRACE, states_before
from haochaping.rectification.operations.telling import About, arrays, recipients

# Whose orders, whose limits and which bodies the next set is about.
_ABOUT: Final = """
SELECT DISTINCT organisation_id, owner_id, step, body FROM (
  SELECT o.organisation_id, coalesce(d.organisation_id, o.organisation_id) AS owner_id, e.step, e.body
  FROM rectification_escalation e JOIN rectification_workorder o ON o.id = e.order_id
  LEFT JOIN rectification_orderdeadline d ON d.order_id = e.order_id AND d.step = e.step
  WHERE e.state = 'planned' AND e.at <= %(graced)s
    AND (e.step = '' OR (d.step IS NOT NULL AND (o.state <> 'returned' OR e.step = 'dispatch')))
  ORDER BY e.at LIMIT %(limit)s
) next
"""

# Claimed by the update; order and limit are held until the commit, and what is in an official's hands is left for the next
# time. What it is about must still be so: the limit ends then, settled, not kept, of an order that is not past it, and of
# what is near not over. Of what is about no limit the order must count. While an order is sent back its limits wait. Who is
# told is joined to what is locked already, and not before: else the whole backlog is joined for each set.
_SET_OFF: Final = f"""
WITH about (n, organisation_id, owner_id, step, body, persons) AS (
  SELECT * FROM unnest(%(numbers)s::int[], %(organisations)s::int[], %(owners)s::int[], %(steps)s::text[],
                       %(bodies)s::text[], %(persons)s::int[])
), told_of (n, kind, channel, official_id, superior) AS (
  SELECT * FROM unnest(%(r_number)s::int[], %(r_kind)s::text[], %(r_channel)s::text[], %(r_official)s::uuid[],
                       %(r_superior)s::boolean[])
), running (step, state) AS (
  SELECT * FROM unnest(%(run_steps)s::text[], %(run_states)s::text[])
), next_limits AS (
  SELECT e.id, e.step, e.body, o.id AS order_id, o.number, o.organisation_id, d.organisation_id AS owner_id,
         d.due_at = e.due_at AND NOT d.provisional AND d.met_at IS NULL
           AND (e.step, o.state) IN (SELECT running.step, running.state FROM running)
           AND (e.happened <> 'nearing' OR e.due_at > %(now)s) AS holds
  FROM rectification_escalation e JOIN rectification_workorder o ON o.id = e.order_id
  JOIN rectification_orderdeadline d ON d.order_id = e.order_id AND d.step = e.step
  WHERE e.state = 'planned' AND e.at <= %(graced)s AND (o.state <> 'returned' OR e.step = 'dispatch')
  ORDER BY e.at LIMIT %(limit)s FOR UPDATE OF e SKIP LOCKED FOR SHARE OF o, d SKIP LOCKED
), next_orders AS (
  SELECT e.id, e.step, e.body, o.id AS order_id, o.number, o.organisation_id, o.organisation_id AS owner_id,
         o.exclusion = '' AS holds
  FROM rectification_escalation e JOIN rectification_workorder o ON o.id = e.order_id
  WHERE e.state = 'planned' AND e.at <= %(graced)s AND e.step = ''
  ORDER BY e.at LIMIT %(limit)s FOR UPDATE OF e SKIP LOCKED FOR SHARE OF o SKIP LOCKED
), next AS (SELECT * FROM next_limits UNION ALL SELECT * FROM next_orders), picked AS (
  SELECT next.id, next.order_id, next.number, next.holds, about.n, about.persons
  FROM next JOIN about USING (organisation_id, owner_id, step, body)
), settled AS (
  UPDATE rectification_escalation e
  SET state = CASE WHEN picked.holds THEN 'set_off' ELSE 'lapsed' END, settled_at = %(now)s,
      persons = CASE WHEN picked.holds THEN picked.persons END
  FROM picked WHERE e.id = picked.id AND e.state = 'planned'
  RETURNING e.id, e.happened, e.action, e.step, e.clause, e.due_at, picked.order_id, picked.number, picked.n, picked.holds
), notices AS (
  SELECT 'escalation:' || settled.id AS cause, told_of.channel, told_of.official_id, told_of.kind, settled.action,
         told_of.superior, settled.number AS subject, settled.order_id AS reference, settled.step,
         CASE WHEN settled.step <> ''
              THEN ((settled.due_at AT TIME ZONE 'Asia/Shanghai') - interval '1 microsecond')::date END AS last_day,
         settled.clause
  FROM settled JOIN told_of ON told_of.n = settled.n
       AND told_of.kind = CASE WHEN settled.happened IN ('nearing', 'overdue') THEN settled.happened ELSE 'escalated' END
  WHERE settled.holds
), put_out AS ({PUT_OUT.format(source="notices")})
SELECT coalesce(holds, false), clause, count(*), (SELECT count(*) FROM put_out) FROM settled GROUP BY 1, 2
"""  # noqa: S608  (constants, and the statement of notices)


class SetOff(NamedTuple):
    """How many escalations were set off, how many lapsed, how many notices were put out."""

    set_off: int
    lapsed: int
    notices: int


@transaction.atomic
@asking_steadily()
def set_off_due(*, now: datetime, limit: int) -> SetOff:
    """Sets off what has come due by `now` (a minute ago, for acts that are under way), at most `limit` escalations of
    limits and as many of others.

    Each exactly once, however many do so at once and whoever is killed: claim, history and notices are one transaction. Who
    must keep the limit is told, whoever handles the order, and the officers of the body that the rule names. One audit row,
    with the clauses, for a call that did something.
    """
    values: dict[str, Any] = {"now": now, "graced": now - GRACE, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(_ABOUT, values)
        about = [About(*row) for row in cursor.fetchall()]
        if not about:
            return SetOff(0, 0, 0)
        told = recipients(about, local_day(now))
        given = values | arrays(about, told) | _running(about) | {"by_day": by_day(now)}
        cursor.execute(_SET_OFF, given)
        rows = cursor.fetchall()
    if not rows:
        return SetOff(0, 0, 0)
    found = SetOff(
        sum(number for holds, _, number, _ in rows if holds),
        sum(number for holds, _, number, _ in rows if not holds),
        rows[0][3],
    )
    record(
        now=now,
        actor="system",
        act="order.escalate",
        subject="orders",
        clause="；".join(dict.fromkeys(clause for holds, clause, _, _ in rows if holds and clause))[:200],
        detail=found._asdict(),
    )
    return found


def _running(about: list[About]) -> dict[str, list[str]]:
    """In which states the limits of these steps can still be kept."""
    steps = sorted({each.step for each in about if each.step})
    pairs = [(step, state.value) for step in steps for state in sorted(states_before(step))]
    return {"run_steps": [step for step, _ in pairs], "run_states": [state for _, state in pairs]}
