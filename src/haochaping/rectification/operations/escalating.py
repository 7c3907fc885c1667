"""What has come due is set off: a set at a time, each escalation once, with its notices in the same transaction."""

from collections.abc import Collection
from datetime import date, datetime
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.db import connection, transaction

from haochaping.accounts.queries.holders import holders
from haochaping.accounts.rules import Permission
from haochaping.audit.operations import record
from haochaping.foundation.clock import local_day
from haochaping.notices.fragments import PUT_OUT
from haochaping.notices.queries.preferences import channels_of
from haochaping.notices.rules import by_day
from haochaping.rectification.bodies import Bodies
from haochaping.rectification.escalations import GRACE, RUNNING

# Whose handlers and which bodies the next set is about.
_ABOUT: Final = """
SELECT DISTINCT organisation_id, body FROM (
  SELECT o.organisation_id, e.body
  FROM rectification_escalation e JOIN rectification_workorder o ON o.id = e.order_id
  WHERE e.state = 'planned' AND e.at <= %(graced)s ORDER BY e.at LIMIT %(limit)s
) next
"""

# Claimed by the update; the order is held until the commit, and one in an official's hands is left for the next time. What
# it is about must still be so: the same end, settled, not rectified, and of what is near not over; of what is repeated,
# counted.
_SET_OFF: Final = f"""
WITH about (organisation_id, body, persons) AS (
  SELECT * FROM unnest(%(organisations)s::int[], %(bodies)s::text[], %(persons)s::int[])
), told_of (organisation_id, body, kind, channel, official_id, superior) AS (
  SELECT * FROM unnest(%(r_organisation)s::int[], %(r_body)s::text[], %(r_kind)s::text[], %(r_channel)s::text[],
                       %(r_official)s::uuid[], %(r_superior)s::boolean[])
), picked AS (
  SELECT e.id, o.id AS order_id, o.number, o.organisation_id, about.persons,
         CASE WHEN e.same <> '' THEN o.exclusion = ''
              ELSE o.state = ANY(%(running)s) AND o.due_at = e.due_at AND NOT o.due_provisional
                AND (e.happened <> 'nearing' OR e.due_at > %(now)s) END AS holds
  FROM rectification_escalation e JOIN rectification_workorder o ON o.id = e.order_id
  JOIN about ON about.organisation_id = o.organisation_id AND about.body = e.body
  WHERE e.state = 'planned' AND e.at <= %(graced)s
  ORDER BY e.at LIMIT %(limit)s FOR UPDATE OF e SKIP LOCKED FOR SHARE OF o SKIP LOCKED
), settled AS (
  UPDATE rectification_escalation e
  SET state = CASE WHEN picked.holds THEN 'set_off' ELSE 'lapsed' END, settled_at = %(now)s,
      persons = CASE WHEN picked.holds THEN picked.persons END
  FROM picked WHERE e.id = picked.id AND e.state = 'planned'
  RETURNING e.id, e.happened, e.action, e.body, e.clause, e.due_at, e.same, picked.order_id, picked.number,
            picked.organisation_id, picked.holds
), notices AS (
  SELECT 'escalation:' || settled.id AS cause, told_of.channel, told_of.official_id, told_of.kind, settled.action,
         told_of.superior, settled.number AS subject, settled.order_id AS reference,
         CASE WHEN settled.same = ''
              THEN ((settled.due_at AT TIME ZONE 'Asia/Shanghai') - interval '1 microsecond')::date END AS last_day,
         settled.clause
  FROM settled JOIN told_of ON told_of.organisation_id = settled.organisation_id AND told_of.body = settled.body
       AND told_of.kind = CASE WHEN settled.happened IN ('nearing', 'overdue') THEN settled.happened ELSE 'escalated' END
  WHERE settled.holds
), put_out AS ({PUT_OUT.format(source="notices")})
SELECT holds, clause, count(*), (SELECT count(*) FROM put_out) FROM settled GROUP BY holds, clause
"""  # noqa: S608  (constants, and the statement of notices)


class SetOff(NamedTuple):
    """How many escalations were set off, how many lapsed, how many notices were put out."""

    set_off: int
    lapsed: int
    notices: int


class _Told(NamedTuple):
    """Who is told of one kind of thing about one organisation's orders, by one way."""

    organisation_id: int
    body: str
    kind: str
    channel: str
    official_id: UUID
    superior: bool


@transaction.atomic
def set_off_due(*, now: datetime, limit: int) -> SetOff:
    """Sets off what has come due by `now` (a minute ago, for acts that are under way), at most `limit` escalations.

    Each exactly once, however many do so at once and whoever is killed: claim, history and notices are one transaction. The
    handlers of the organisation are told, and the officers of the body that the rule names. One audit row, with the clauses,
    for a call that did something.
    """
    values: dict[str, Any] = {"now": now, "graced": now - GRACE, "limit": limit}
    with connection.cursor() as cursor:
        cursor.execute(_ABOUT, values)
        about: list[tuple[int, str]] = cursor.fetchall()
        if not about:
            return SetOff(0, 0, 0)
        told = _recipients(about, local_day(now))
        cursor.execute(_SET_OFF, values | _arrays(about, told) | {"by_day": by_day(now)})
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


def _recipients(about: Collection[tuple[int, str]], today: date) -> list[_Told]:
    """For each organisation and body: its handlers, and the officers of the body where the registry has it."""
    known = Bodies(today)
    bodies = {(unit, body): known.organisation_of(body, unit) for unit, body in about}
    handlers = holders(
        organisations={organisation for organisation, _ in about},
        permission=Permission.HANDLE_ORDERS,
        on=today,
    )
    superiors = holders(
        organisations={each for each in bodies.values() if each is not None},
        permission=Permission.VIEW_ORDERS,
        on=today,
    )
    everybody = {one for each in (*handlers.values(), *superiors.values()) for one in each}
    channels = channels_of(everybody)
    told = []
    for (organisation, body), above in bodies.items():
        handling = handlers[organisation]
        # Who does both is told as the one who has to act.
        looking = [one for one in superiors.get(above or 0, ()) if one not in handling]
        for official, superior in [*((one, False) for one in handling), *((one, True) for one in looking)]:
            told += [
                _Told(organisation, body, kind, channel, official, superior)
                for kind, ways in channels[official].items()
                for channel in ways
            ]
    return told


def _arrays(about: Collection[tuple[int, str]], told: Collection[_Told]) -> dict[str, Any]:
    persons = {each: set[UUID]() for each in about}
    for one in told:
        persons[one.organisation_id, one.body].add(one.official_id)
    return {
        "organisations": [organisation for organisation, _ in about],
        "bodies": [body for _, body in about],
        "persons": [len(persons[each]) for each in about],
        "running": [str(state) for state in RUNNING],
        "r_organisation": [one.organisation_id for one in told],
        "r_body": [one.body for one in told],
        "r_kind": [one.kind for one in told],
        "r_channel": [one.channel for one in told],
        "r_official": [one.official_id for one in told],
        "r_superior": [one.superior for one in told],
    }
