"""Silence that counts, and traces whose time is over."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q

from haochaping.audit.operations import record
from haochaping.cases.claims import SUBJECT, take_due
from haochaping.cases.facts import occasion_of
from haochaping.cases.operations import InstantMoved, Move, listed
from haochaping.cases.queries import rule_facts
from haochaping.cases.recount import COLUMNS, Standing, counted, counted_after, standing
from haochaping.foundation.clock import local_day
from haochaping.foundation.ids import new_id
from haochaping.policy.keeping import in_force
from haochaping.policy.rulebook import Rulebook
from haochaping.ratings import fragments
from haochaping.ratings.models import Rating, Trace, Verdict
from haochaping.registry import queries as registry
from haochaping.registry.directory import Directory
from haochaping.tallies.fragments import Fact, append

ACTOR: Final = "system"
# Far longer than the door lets anybody wait: no rating received in time can still be on its way.
GRACE: Final = timedelta(hours=1)

_SWEEP: Final = f"""
WITH {take_due(now="%(now)s", graced="%(graced)s", limit="%(limit)s")}, subject AS (
    SELECT d.*, o.profile, {SUBJECT} FROM due d JOIN cases_serviceoccasion o ON o.id = d.subject_id
), {fragments.default("subject", now="%(now)s")}, counted AS (
    {append(Fact("defaulted", "d"))}
)
SELECT profile, count(silence_level), count(*) - count(silence_level),
       (array_agg(subject_id) FILTER (WHERE silence_level IS NOT NULL))[1]
FROM subject GROUP BY profile ORDER BY profile
"""  # noqa: S608  (fragments of our own and names of columns)


# What a rating that was taken back, `x`, was given for: its occasion, or what it was matched to. A default of it has the id
# of the claim. Nothing for what found no case.
_GIVEN_FOR: Final = f"""(
    SELECT id AS claim_id, occasion_id, beside_default AS beside, {fragments.PROFILE_OF_RATING} AS profile, {SUBJECT}
    FROM ratings_rating WHERE id = x.rating_id AND occasion_id IS NOT NULL
    UNION ALL
    SELECT claim_id, occasion_id, beside, profile, {SUBJECT} FROM ratings_match WHERE rating_id = x.rating_id
)"""  # noqa: S608  (names of columns)

# What was taken back and is given for something of which silence counts by now, and has not been counted.
_SILENT: Final = f"""
ratings_withdrawal AS x CROSS JOIN LATERAL {_GIVEN_FOR} AS g
WHERE x.silence_at <= %(now)s AND NOT g.beside
  AND NOT EXISTS (SELECT FROM ratings_defaultrating AS d WHERE d.id = g.claim_id AND d.superseded_at IS NULL)
"""

# A default in whose place the rating had come is in force again, as it was counted; else one is made. Nobody can rate either
# any more. Of what was provisional only what is settled by now.
_SWEEP_TAKEN_BACK: Final = f"""
WITH due AS (
    SELECT g.*, x.silence_level, x.silence_at FROM {_SILENT}
      AND (NOT x.silence_provisional OR g.claim_id = ANY (%(settled)s::uuid[]))
    ORDER BY x.silence_at LIMIT %(limit)s
), restored AS (
    UPDATE ratings_defaultrating
    SET superseded_at = NULL, in_time_until = timestamptz 'epoch', after_default = false, after_provisional = false
    WHERE id = ANY (ARRAY(SELECT claim_id FROM due)) AND superseded_at IS NOT NULL
    RETURNING id, occasion_id, level, profile, {SUBJECT}
), made AS (
    INSERT INTO ratings_defaultrating (id, occasion_id, level, due_at, in_time_until, after_default, default_stays,
                                       after_provisional, defaulted_at, profile, {SUBJECT})
    SELECT claim_id, occasion_id, silence_level, silence_at, timestamptz 'epoch', false, false, false, %(now)s, profile,
           {SUBJECT}
    FROM due WHERE claim_id NOT IN (SELECT id FROM restored)
    ON CONFLICT (id) DO NOTHING
    RETURNING id, occasion_id, level, profile, {SUBJECT}
), defaulted AS (
    SELECT * FROM restored UNION ALL SELECT * FROM made
), counted AS (
    {append(Fact("defaulted", "d"))}
)
SELECT profile, count(*)::int, (array_agg(coalesce(occasion_id, id)))[1]
FROM defaulted GROUP BY profile ORDER BY profile
"""  # noqa: S608  (fragments of our own)

_UNSETTLED: Final = f"""
SELECT {COLUMNS}
FROM (SELECT g.claim_id, g.occasion_id FROM {_SILENT} AND x.silence_provisional) AS t
JOIN cases_serviceoccasion AS o ON o.id = t.occasion_id JOIN cases_case AS c ON c.id = o.case_id
LEFT JOIN cases_waiting AS w ON w.id = t.claim_id
"""  # noqa: S608  (names of columns)


# Held while they are counted: a rating that follows the default waits for a moment and asks again.
_AFTER_OPEN: Final = f"""
SELECT d.due_at, d.after_at, d.after_provisional, {COLUMNS}
FROM ratings_defaultrating AS d
JOIN cases_serviceoccasion AS o ON o.id = coalesce(d.occasion_id, d.id) JOIN cases_case AS c ON c.id = o.case_id
LEFT JOIN cases_waiting AS w ON w.id = d.id
WHERE d.superseded_at IS NULL AND d.followed_at IS NULL AND d.after_default AND d.after_at IS NOT NULL
  AND (d.after_provisional OR d.after_at > %s)
ORDER BY d.id FOR UPDATE OF d
"""  # noqa: S608  (names of columns)

_AFTER_MOVE: Final = """
UPDATE ratings_defaultrating AS d SET after_at = new.after_at, after_provisional = new.after_provisional
FROM unnest(%s::uuid[], %s::timestamptz[], %s::boolean[]) AS new (id, after_at, after_provisional)
WHERE d.id = new.id
"""


@dataclass(frozen=True, slots=True)
class Silence:
    """What silence about an answer counts for, as `ratings_verdict` keeps it. `answers`: of how many it is the last."""

    rating_id: UUID
    answers: int
    satisfied: bool
    sets_off: str
    clause: str
    profile: str


@transaction.atomic
def default_due(*, now: datetime, limit: int = 5000) -> int:
    """Lets silence count where its instant has come by `now`, and stops waiting where the window has closed and
    silence stays silence; at most `limit` occasions, how many it was.

    Each exactly once, however many sweeps run. Provisional instants set nothing off. The clause of each
    default (Kunming: article 7) stands in the audit row, one for a call that did something.
    """
    with connection.cursor() as cursor:
        cursor.execute(_SWEEP, {"now": now, "graced": now - GRACE, "limit": limit})
        rows = cursor.fetchall()
    if not rows:
        return 0
    defaulted: dict[str, int] = {profile: counted for profile, counted, _, _ in rows}
    unrated: dict[str, int] = {profile: closed for profile, _, closed, _ in rows}
    record(
        now=now,
        actor=ACTOR,
        act="ratings.default",
        clause=_clauses((example for _, _, _, example in rows if example is not None), local_day(now)),
        detail={"defaulted": _positive(defaulted), "closed_unrated": _positive(unrated)},
    )
    return sum(defaulted.values()) + sum(unrated.values())


@transaction.atomic
def default_taken_back(*, now: datetime, limit: int = 5000) -> int:
    """Lets silence count where a rating was taken back, the rules then hold its occasion for un-rated, and silence's instant
    has come; how many. Each exactly once: where silence had counted before the rating came, that default is in force again.
    One audit row for a call that did something."""
    with connection.cursor() as cursor:
        cursor.execute(_UNSETTLED, {"now": now})
        settled = _settled([standing(row) for row in cursor.fetchall()], now)
        cursor.execute(_SWEEP_TAKEN_BACK, {"now": now, "limit": limit, "settled": settled})
        rows = cursor.fetchall()
    if rows:
        defaulted = {profile: number for profile, number, _ in rows}
        clause = _clauses((example for _, _, example in rows), local_day(now))
        record(now=now, actor=ACTOR, act="ratings.default", clause=clause, detail={"taken_back": defaulted})
    return sum(number for _, number, _ in rows)


def _settled(occasions: Sequence[Standing], now: datetime) -> list[UUID]:
    """The claims of those for which silence has counted by `now` for certain, by the calendar and the rules that are in."""
    if not occasions:
        return []
    directory, rulebook = registry.directory(), in_force().rulebook
    found = []
    for each in occasions:
        anew = counted(each, directory, rulebook, known_at=each.service_at, now=now)
        if anew is not None and anew.instants.defaulted(now):
            found.append(each.id)
    return found


def keep_silence(silence: Silence, *, now: datetime) -> bool:
    """Keeps what silence about an answer counts for; False where there is a verdict about that answer already. In the
    caller's transaction, which writes its audit row."""
    kept = Verdict.objects.bulk_create(
        [Verdict(id=new_id(now), answer="", silent=True, received_at=now, **asdict(silence))],
        ignore_conflicts=True,
    )
    return Verdict.objects.filter(pk=kept[0].pk).exists()


def forget_traces(*, now: datetime, received_before: datetime) -> int:
    """Removes the traces whose last day is over, as it was told to the citizen when he rated, and those of ratings received
    before an instant, where the term has been shortened since; how many. In the caller's transaction, which writes its
    audit row."""
    shortened = Rating.objects.filter(pk=OuterRef("rating_id"), received_at__lt=received_before)
    over = Q(kept_until__lt=local_day(now)) | Exists(shortened)
    return Trace.objects.filter(over).delete()[0]


@transaction.atomic
def recount_after_defaults(*, rulebook: Rulebook, now: datetime) -> tuple[InstantMoved, ...]:
    """Counts anew until when a rating may follow a default that was taken, where that is still open at `now`; what moved.

    The default itself stands: what was set off is not taken back. Again, it moves nothing.
    """
    with connection.cursor() as cursor:
        cursor.execute(_AFTER_OPEN, [now])
        rows = cursor.fetchall()
        if not rows:
            return ()
        directory, moved, ids = registry.directory(), Counter[Move](), list[UUID]()
        new: list[tuple[datetime, bool]] = []
        for due_at, after_at, provisional, *rest in rows:
            occasion = standing(rest)
            until = counted_after(occasion, directory, rulebook, default_at=due_at, now=now)
            if until is not None and (until.due_at, until.provisional) != (after_at, provisional):
                ids.append(occasion.id)
                new.append((until.due_at, until.provisional))
                moved[_move(occasion, directory, (after_at, provisional), new[-1])] += 1
        if ids:
            cursor.execute(_AFTER_MOVE, [ids, *map(list, zip(*new, strict=True))])
    return listed(moved)


def _move(
    occasion: Standing,
    directory: Directory,
    old: tuple[datetime | None, bool],
    new: tuple[datetime | None, bool],
) -> Move:
    day = occasion.facts.service_day
    division = directory.division_by_id(occasion.facts.division_id, day)
    return day, division.code if division else "", "after_default", old, new


def _clauses(examples: Iterable[UUID], on: date) -> str:
    """The citations by which silence counts for these occasions, one of each profile, each citation once."""
    found = dict.fromkeys(_citation(occasion_id, on) for occasion_id in examples)
    return "；".join(citation for citation in found if citation)[:200]


def _citation(occasion_id: UUID, on: date) -> str | None:
    facts = rule_facts(occasion_id=occasion_id)
    occasion = occasion_of(facts, registry) if facts else None
    if occasion is None:
        return None
    try:
        return occasion.rules(in_force().rulebook, step=on).citation("default")
    except LookupError:
        return None


def _positive(counts: Mapping[str, int]) -> dict[str, Any]:
    return {key: count for key, count in counts.items() if count}
