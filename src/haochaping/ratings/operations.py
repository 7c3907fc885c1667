"""Writes that no citizen makes: silence that counts after the window, and traces whose time is over.

Citizens' ratings are stored by the door's one statement (`haochaping.intake.statement`); there is no other
way in.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, Final

from django.db import connection, transaction

from haochaping.audit.operations import record
from haochaping.cases.claims import SUBJECT, take_due
from haochaping.foundation.clock import local_day
from haochaping.policy.keeping import in_force
from haochaping.ratings import fragments
from haochaping.ratings.models import Trace
from haochaping.registry.queries import division_tree
from haochaping.tallies.fragments import append_levels

ACTOR: Final = "system"
# Far longer than the door lets anybody wait: no rating received in time can still be on its way.
GRACE: Final = timedelta(hours=1)

_SWEEP: Final = f"""
WITH {take_due(now="%(now)s", graced="%(graced)s", limit="%(limit)s")}, subject AS (
    SELECT o.id, d.due_at, d.silence_level, {SUBJECT}
    FROM due d JOIN cases_serviceoccasion o ON o.id = d.id
), {fragments.default("subject", now="%(now)s")}, counted AS (
    {append_levels("defaulted", prefix="d")}
)
SELECT profile, division_id, count(silence_level), count(*) - count(silence_level),
       max(service_day) FILTER (WHERE silence_level IS NOT NULL)
FROM subject GROUP BY profile, division_id
"""  # noqa: S608  (fragments of our own and names of columns)


@transaction.atomic
def default_due(*, now: datetime, limit: int = 5000) -> int:
    """Lets silence count for the occasions whose window has closed by `now`, at most `limit`; how many
    windows were closed, those without a default level among them.

    Each exactly once, however many sweeps run. Provisional deadlines set nothing off. The clause of each
    default (Kunming: article 7) stands in the audit row, one for a call that did something.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SWEEP, {"now": now, "graced": now - GRACE, "limit": limit})
        rows = cursor.fetchall()
    if not rows:
        return 0
    defaulted: dict[str, int] = {}
    unrated: dict[str, int] = {}
    for profile, _, counted, closed, _ in rows:
        defaulted[profile] = defaulted.get(profile, 0) + counted
        unrated[profile] = unrated.get(profile, 0) + closed
    record(
        now=now,
        actor=ACTOR,
        act="ratings.default",
        clause=_clauses((division, day) for _, division, _, _, day in rows if day is not None),
        detail={"defaulted": _positive(defaulted), "closed_unrated": _positive(unrated)},
    )
    return sum(defaulted.values()) + sum(unrated.values())


@transaction.atomic
def purge_traces(*, now: datetime) -> int:
    """Removes the traces kept long enough (190 days, privacy notice); how many."""
    purged, _ = Trace.objects.filter(kept_until__lt=local_day(now)).delete()
    if purged:
        record(now=now, actor=ACTOR, act="ratings.purge_traces", detail={"purged": purged})
    return purged


def _clauses(places: Iterable[tuple[int, date]]) -> str:
    """The citations by which silence counts in these divisions on these days, each once."""
    citations: dict[str, None] = {}
    trees: dict[date, Mapping[int, str]] = {}
    for division_id, day in sorted(places):
        if day not in trees:
            trees[day] = {view.id: view.code for view in division_tree(day)}
        if (code := trees[day].get(division_id)) and (clause := _citation(code, day)):
            citations[clause] = None
    return "；".join(citations)[:200]


def _citation(division_code: str, day: date) -> str | None:
    try:
        return in_force().rulebook.profile(division_code, day).citation("default")
    except LookupError:
        return None


def _positive(counts: Mapping[str, int]) -> dict[str, Any]:
    return {key: count for key, count in counts.items() if count}
