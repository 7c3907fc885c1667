"""A city's desks as full as a province's: ratings, orders and what hangs on them, multiplied out of a few."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from bench.filling.likeness import like
from haochaping.starter.progress import Say

AT_ONCE: Final = 500_000
# Of so many open orders one is contested, one in the ledger, one was escalated; of so many closed ones one is due to be
# revisited.
CONTESTED, PLANNED, ESCALATED, REVISITED = 20, 10, 10, 9
STATES: Final = ["opened", "taken", "verified", "verified", "verified", "rectified", "answered"]
_RATED: Final = "SELECT id, row_number() OVER () AS n FROM (SELECT id FROM ratings_rating LIMIT %(count)s OFFSET %(skip)s) r"
_ORDER: Final[Mapping[str, str]] = {
    "id": "gen_random_uuid()",
    "subject_id": "s.id",
    "organisation_id": "(%(units)s::int[])[1 + s.n %% cardinality(%(units)s::int[])]",
    "item_id": "(%(items)s::int[])[1 + s.n %% cardinality(%(items)s::int[])]",
    "named": "s.n %% 3 = 0",
    "week": "p.week - 7 * (s.n %% 26)::int",
    "text": "'窗口排队时间长，工作人员没有说明原因。'",
}
_OPEN: Final = {
    **_ORDER,
    "number": "'BO' || lpad(s.n::text, 8, '0')",
    "state": "(%(states)s::text[])[1 + s.n %% cardinality(%(states)s::text[])]",
    "due_at": "CASE WHEN (%(states)s::text[])[1 + s.n %% cardinality(%(states)s::text[])] = 'verified' "
    "THEN date_trunc('day', %(now)s::timestamptz) + ((s.n %% 40)::int - 8) * interval '1 day' END",
}
_CLOSED: Final = {
    **_ORDER,
    "number": "'BC' || lpad(s.n::text, 8, '0')",
    "state": "'closed'",
    "finding": "'true'",
    "closed_at": "%(now)s::timestamptz - (s.n %% 300)::int * interval '1 day'",
}
_WORKED_ON: Final = (
    "SELECT id, organisation_id, number, due_at, row_number() OVER (ORDER BY number) AS n "
    "FROM rectification_workorder"
)
_STEPS: Final = f"""
INSERT INTO rectification_orderstep
  (id, order_id, act, from_state, to_state, actor, at, note, clause, revision, official_id, said)
SELECT gen_random_uuid(), o.id, act, '', '', '赵敏', %(now)s::timestamptz - interval '2 days', '已向窗口了解情况。', '',
       place, %(official)s, said::jsonb
FROM ({_WORKED_ON} WHERE number LIKE 'BO%%' AND state = 'verified') o,
  (VALUES ('take', 1, '{{}}'), ('verify', 2, '{{"finding": "true"}}'), ('plan', 3, '{{"until": "2027-01-15"}}'))
    AS s (act, place, said)
WHERE act <> 'plan' OR n %% {PLANNED} = 0
"""  # noqa: S608  (constants)
_DEADLINES: Final = """
INSERT INTO rectification_orderdeadline (order_id, step, organisation_id, due_at, provisional, clause, lapses, untold)
SELECT id, 'rectification', organisation_id, due_at, false, '《昆明市政务服务“好差评”实施办法》第十二条', false, false
FROM rectification_workorder WHERE number LIKE 'BO%%' AND due_at IS NOT NULL
"""
_ESCALATIONS: Final = f"""
INSERT INTO rectification_escalation
  (id, order_id, rule, happened, action, body, clause, step, same, due_at, at, state, settled_at, persons)
SELECT gen_random_uuid(), id, 'late', 'overdue', 'reminder', '', '', 'rectification', '', due_at, due_at, 'set_off',
       due_at, 1
FROM ({_WORKED_ON} WHERE number LIKE 'BO%%' AND due_at IS NOT NULL) o WHERE n %% {ESCALATED} = 0
"""  # noqa: S608  (constants)


@dataclass(frozen=True, slots=True)
class Sizes:
    """So many ratings, so many orders that are open and that are closed."""

    ratings: int
    open: int
    closed: int


@dataclass(frozen=True, slots=True)
class Patterns:
    """Ids of rows that are there already, of which more are made; `official` did the steps."""

    rating: object
    order: object
    objection: object
    revisit: object
    official: object


def fill(cursor: Any, sizes: Sizes, patterns: Patterns, *, now: datetime, say: Say) -> None:
    """Stores all of it, and has the database look at what it holds."""
    for begin in range(0, sizes.ratings, AT_ONCE):
        say(f"storing ratings, {begin:,} of {sizes.ratings:,}")
        count = min(AT_ONCE, sizes.ratings - begin)
        like(
            cursor,
            "ratings_rating",
            patterns.rating,
            "SELECT generate_series(1, %(count)s) AS n",
            {"id": "gen_random_uuid()", "level": "5 - (s.n %% 20 = 0)::int * 4"},
            count=count,
        )
    say(f"opening {sizes.open:,} orders, {sizes.closed:,} closed ones beside them")
    _orders(cursor, sizes, patterns, now)
    cursor.execute(_STEPS, {"now": now, "official": patterns.official})
    cursor.execute(_DEADLINES, {})
    cursor.execute(_ESCALATIONS, {})
    open_ones, closed = (f"{_WORKED_ON} WHERE number LIKE '{kind}%%'" for kind in ("BO", "BC"))
    like(
        cursor,
        "rectification_objection",
        patterns.objection,
        f"SELECT * FROM ({open_ones}) o WHERE n %% {CONTESTED} = 0",  # noqa: S608  (constants)
        {"id": "gen_random_uuid()", "order_id": "s.id", "organisation_id": "s.organisation_id"},
    )
    like(
        cursor,
        "oversight_revisit",
        patterns.revisit,
        f"SELECT * FROM ({closed}) o WHERE n %% {REVISITED} = 0",  # noqa: S608  (constants)
        {
            "id": "gen_random_uuid()",
            "order_id": "s.id",
            "number": "s.number",
            "organisation_id": "s.organisation_id",
            "conductors": "ARRAY[s.organisation_id]",
        },
    )
    # What a database does by itself while nobody looks: neither is measured while it is still being done.
    cursor.execute("VACUUM ANALYZE")


def _orders(cursor: Any, sizes: Sizes, patterns: Patterns, now: datetime) -> None:
    given = {"units": _numbers(cursor, "organisation"), "items": _numbers(cursor, "item"), "now": now}
    # The first of the ratings have their orders already.
    skip = 100
    for columns, count in ((_OPEN, sizes.open), (_CLOSED, sizes.closed)):
        like(
            cursor,
            "rectification_workorder",
            patterns.order,
            _RATED,
            columns,
            count=count,
            skip=skip,
            states=STATES,
            **given,
        )
        skip += count


def _numbers(cursor: Any, thing: str) -> list[int]:
    """All registry ids of a kind."""
    cursor.execute(f"SELECT id FROM registry_{thing} ORDER BY id")  # noqa: S608  (two constants)
    return [number for (number,) in cursor.fetchall()]
