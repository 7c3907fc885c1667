"""Ratings by static codes that find the case which their rater named, where nothing is guessed (docs/static-codes.md).

The claim is taken as the door takes it, so door, sweep and correction leave each service with one outcome.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Hashable, Iterable, Sequence
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Q

from haochaping.audit.operations import record
from haochaping.cases.claims import SUBJECT, claim
from haochaping.cases.facts import CHANNELS, occasion_of
from haochaping.cases.queries import NamedService, rule_facts, services_named
from haochaping.foundation.clock import local_day
from haochaping.foundation.sealing import SealBroken
from haochaping.policy.keeping import in_force
from haochaping.ratings.fragments import STAFF_LEVEL, STANDING_TAGS, default, supersede
from haochaping.ratings.models import NamedCase, Trace, Voiding
from haochaping.ratings.named_case import acceptable
from haochaping.ratings.operations.voiding import hold
from haochaping.ratings.queries import RatingForOrder, rating_for_order
from haochaping.ratings.states import Settled
from haochaping.ratings.wording import opened_number
from haochaping.registry import queries as registry
from haochaping.tallies.fragments import Fact, append
from haochaping.tallies.rules import Correction

ACTOR: Final = "system"
ACT: Final = "ratings.match"
AT_ONCE: Final = 500
logger = logging.getLogger(__name__)
_FIRST_PAUSE: Final = timedelta(hours=1)
_LONGEST_PAUSE: Final = timedelta(days=1)

# Two at once would each see a part of what was named at a window.
_TAKE_TURN: Final = "SELECT pg_advisory_xact_lock(hashtextextended('ratings.match', 0))"
_MATCHED: Final = Fact("subject", "n", only="NOT beside", staff_level="staff_level", tags="tags", rating=True)
_IN_ITS_PLACE: Final = Fact("superseded", "d", sign=-1, only="NOT beside", why=Correction.RATED_AFTER_ALL)
# In one snapshot: the service is still the one that was found, and its claim is taken by the rating as by one that came
# through the door when it was received. What the rater said later stands.
MATCH: Final = f"""
WITH input AS MATERIALIZED (
    SELECT %(claim)s::uuid AS id, r.id AS rating_id, r.received_at, true AS first, r.channel, r.named, coalesce((
        SELECT w.level FROM ratings_laterword w WHERE w.rating_id = r.id AND w.counts ORDER BY w.ordinal DESC LIMIT 1
    ), r.level) AS level, {STAFF_LEVEL} AS staff_level, {STANDING_TAGS} AS tags
    FROM (SELECT *, id AS rating_id FROM ratings_rating WHERE id = %(rating)s::uuid) r
    JOIN cases_serviceoccasion o ON o.id = %(occasion)s::uuid
    WHERE coalesce(o.unit_id, o.id) = %(claim)s::uuid AND o.weight > 0
      AND o.window_id = r.window_id AND o.service_day = r.service_day
), {claim("input")}, {supersede("input", now="%(now)s")}, subject AS MATERIALIZED (
    SELECT i.rating_id, i.level, i.staff_level, i.channel, i.named, i.tags, c.id, c.subject_id, c.beside, o.profile,
           {SUBJECT}
    FROM (SELECT id, subject_id, beside FROM claimed UNION ALL SELECT id, subject_id, beside FROM superseded) c
    JOIN input i ON i.id = c.id JOIN cases_serviceoccasion o ON o.id = c.subject_id
), standing AS (
    SELECT c.*, o.profile, {SUBJECT}
    FROM claimed c JOIN cases_serviceoccasion o ON o.id = c.subject_id WHERE c.beside
), {default("standing", now="%(now)s", followed="%(now)s")}, matched AS (
    INSERT INTO ratings_match (rating_id, claim_id, occasion_id, beside, matched_at, profile, {SUBJECT})
    SELECT rating_id, id, subject_id, beside, %(now)s, profile, {SUBJECT} FROM subject
), counted AS (
    {append(_MATCHED, _IN_ITS_PLACE, Fact("defaulted", "d"))}
)
SELECT CASE
    WHEN EXISTS (SELECT FROM subject) THEN '{Settled.MATCHED}'
    WHEN EXISTS (SELECT FROM ratings_rating WHERE id = %(claim)s::uuid)
      OR EXISTS (SELECT FROM ratings_match WHERE claim_id = %(claim)s::uuid) THEN '{Settled.TAKEN}' END
"""  # noqa: S608  (fragments of our own and names of columns)


def match_named_cases(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Settles what cases were named on days that are over; how many ratings found their service.

    First it is sifted, at least `limit` of them in a transaction, of what is certain whose it is; then each is matched by
    itself, so that nobody who rates by his link waits for others. What was not reported yet is looked for again, later and
    later, until it is given up (`give_up_named_cases`). Whatever was settled has an audit row of counts.
    """
    while _sift(now, limit):
        continue
    due = NamedCase.objects.filter(outcome="", looks__gt=0, look_at__lte=now).order_by("look_at", "rating_id")
    return sum(_match(rating_id, now) for rating_id in list(due.values_list("pk", flat=True)))


@transaction.atomic
def _sift(now: datetime, limit: int) -> int:
    """How many were looked at together with all others of their windows and days; the doubtful ones are settled."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_TURN)
    rows = _unsifted(now, limit)
    if not rows:
        return 0
    known = _numbered(rows)
    sound, doubtful = {row.rating_id for row, _ in known}, _doubtful(known)
    counts: Counter[str] = Counter()
    for row in rows:
        if row.rating_id in doubtful:
            counts[_settle(row, Settled.SEVERAL, now)] += 1
        elif row.rating_id not in sound:
            counts[_settle(row, Settled.UNMATCHED, now)] += 1
        else:
            row.looks = 1
            row.save(update_fields=["looks"])
    if counts:
        record(now=now, actor=ACTOR, act=ACT, detail=dict(counts))
    return len(rows)


@transaction.atomic
def _match(rating_id: UUID, now: datetime) -> bool:
    """Whether it found its service. Nothing where somebody else is at it."""
    row = NamedCase.objects.select_for_update(skip_locked=True).filter(pk=rating_id, outcome="").first()
    if row is None:
        return False
    hold(rating_id=rating_id)  # of it nothing is said or decided meanwhile
    known = _numbered([row])
    rating = next(iter(rating_for_order([rating_id])), None)
    if not known or rating is None:
        outcome: Settled | None = Settled.UNMATCHED
    elif rating.taken_back:
        outcome = Settled.WITHDRAWN
    elif (
        Voiding.objects.filter(rating_id=rating_id)
        .order_by("-ordinal")
        .values_list("effect", flat=True)
        .first()
    ):
        outcome = Settled.VOIDED
    else:
        outcome = _outcome(rating, _services(row, known[0][1]), now)
    if outcome is None:
        row.look_at = now + min(_FIRST_PAUSE * (1 << min(row.looks - 1, 5)), _LONGEST_PAUSE)
        row.looks = min(row.looks + 1, 30_000)
        row.save(update_fields=["look_at", "looks"])
        return False
    record(now=now, actor=ACTOR, act=ACT, detail={_settle(row, outcome, now): 1})
    return outcome is Settled.MATCHED


def _outcome(rating: RatingForOrder, services: Sequence[NamedService], now: datetime) -> Settled | None:
    """What becomes of a rating whose number may mean these services; None where it is to be looked for again."""
    if len(services) > 1:
        return Settled.SEVERAL
    if not services:
        return None
    if not _acceptable(rating, services[0], now):
        return Settled.UNFIT
    said: dict[str, UUID | datetime] = {
        "claim": services[0].claim_id,
        "occasion": services[0].occasion_id,
        "rating": rating.id,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(MATCH, said)
        (fate,) = cursor.fetchone()
    return Settled(fate) if fate else None


@transaction.atomic
def give_up_named_cases(*, received_before: datetime, now: datetime, limit: int) -> int:
    """Lets go of what was named before an instant's day and found nothing; how many. In the transaction of the caller, which
    writes its audit row."""
    over = NamedCase.objects.filter(outcome="", day__lt=local_day(received_before)).order_by("rating_id")
    chosen = list(over.select_for_update(skip_locked=True).values_list("pk", flat=True)[:limit])
    rows = NamedCase.objects.filter(pk__in=chosen)
    return rows.update(outcome=Settled.UNMATCHED, number="", settled_at=now)


def _unsifted(now: datetime, limit: int) -> list[NamedCase]:
    """All that were named at the windows and on the days of the first that are due, held. None of a window's day is settled
    before the others were looked at: then it is certain who named what."""
    due = NamedCase.objects.filter(outcome="", looks=0, look_at__lte=now)
    first = due.order_by("day", "window_id", "rating_id").values_list("day", "window_id")[:limit]
    places = [Q(day=day, window_id=window_id) for day, window_id in sorted(set(first))]
    if not places:
        return []
    return list(due.filter(reduce(or_, places)).order_by("rating_id").select_for_update())


def _numbered(waiting: Iterable[NamedCase]) -> list[tuple[NamedCase, str]]:
    """Each with its number, without those whose seal is broken."""
    found = []
    for row in waiting:
        try:
            found.append((row, opened_number(row.number, row.rating_id)))
        except SealBroken:
            logger.error("the number of a case that was named could not be opened")
    return found


def _doubtful(named: Sequence[tuple[NamedCase, str]]) -> set[UUID]:
    """The ratings of which it is not certain whose they are: one device named several cases at a window on a day, or several
    devices one.

    Who guesses numbers is among these; whose number was guessed loses nothing but the matching."""
    devices = {
        rating: (bytes(address or b""), bytes(device or b""))
        for rating, address, device in Trace.objects.filter(
            rating_id__in=[row.rating_id for row, _ in named]
        ).values_list("rating_id", "address", "device")
    }
    by_device: dict[Hashable, set[str]] = defaultdict(set)
    by_number: dict[Hashable, set[Hashable]] = defaultdict(set)
    placed = []
    for row, number in named:
        where, device = (row.window_id, row.day), devices.get(row.rating_id)
        by_device[where, device].add(number)
        by_number[where, number].add(device)
        placed.append((row.rating_id, (where, device), (where, number)))
    return {
        rating
        for rating, of_device, of_number in placed
        if len(by_device[of_device]) > 1 or len(by_number[of_number]) > 1
    }


def _services(row: NamedCase, number: str) -> tuple[NamedService, ...]:
    """The services that its number may mean."""
    return services_named(windows=[row.window_id], days=[row.day], numbers=[number])[0]


def _acceptable(rating: RatingForOrder, service: NamedService, now: datetime) -> bool:
    """Whether the rules of the service would have taken this rating as it is: nameless, through a code, of this level."""
    facts = rule_facts(occasion_id=service.occasion_id)
    occasion = occasion_of(facts, registry) if facts else None
    if occasion is None:
        return False
    try:
        rules = occasion.rules(
            in_force().rulebook,
            step=local_day(now),
            rated=local_day(rating.received_at),
            channel=CHANNELS.get(rating.channel, ""),
            level=rating.level,
            named=False,
        )
    except LookupError:
        return False
    return acceptable(rating.level, reason=bool(rating.tags or rating.kept_text), named=False, rules=rules)


def _settle(row: NamedCase, outcome: Settled, now: datetime) -> str:
    """The number goes with its outcome, which is given back."""
    row.outcome, row.number, row.settled_at = outcome, "", now
    row.save(update_fields=["outcome", "number", "settled_at"])
    return outcome.value
