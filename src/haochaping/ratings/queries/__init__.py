"""Reads of what citizens said and of what silence counted for."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Exists, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce

from haochaping.cases.facts import ON_THE_SPOT, ONLINE
from haochaping.cases.static_code import StaticCode, rated_by
from haochaping.foundation.asked_once import once
from haochaping.foundation.clock import CN
from haochaping.foundation.ids import new_id
from haochaping.ratings.afterwards import Word, standing
from haochaping.ratings.models import (
    LaterWord,
    Rating,
    Ruleset,
    Verdict,
    Voiding,
    Withdrawal,
    WithdrawnConsent,
)
from haochaping.ratings.queries.ways import OLDEST_OCCASION
from haochaping.ratings.states import VoidEffect, WordKind
from haochaping.ratings.verdicts import Judged
from haochaping.ratings.wording import opened_text, opened_word


@dataclass(frozen=True, slots=True)
class RatingForOrder:
    """A rating as rectification needs it: what stands of it, and whom it speaks of. `tags` are codes, `channel` is `pf`, and
    `id` is the occasion's when matched to one: it leads to the printed token and is shown to nobody below the authority.

    `level` is the one that the order is about: corrections are in it, what was said of the rectification is not. `named` is
    as it was given, for the rules; `contactable` says whether the rater still agrees to be contacted.
    `corrected_to_good`: the rater took it back as a mistake that it was bad. `words`: all that was said later, `verdicts`:
    all that was made of the order's answers, or of silence; both in order. `taken_back`: the whole rating.
    `shared_with`: for which organisations it counts as well."""

    id: UUID
    occasion_id: UUID | None
    service_day: date
    division_id: int
    organisation_id: int
    hall_id: int | None
    window_id: int | None
    staff_id: int | None
    item_id: int | None
    profile: str
    level: int
    staff_level: int | None
    tags: tuple[int, ...]
    kept_text: str
    named: bool
    channel: int
    received_at: datetime
    contactable: bool
    corrected_to_good: bool
    text_by: UUID | None
    words: tuple[Word, ...]
    verdicts: tuple[Judged, ...]
    taken_back: bool
    shared_with: tuple[int, ...] = ()

    def text(self) -> str:
        """What the citizen wrote, as far as it stands. Raises SealBroken."""
        if self.text_by is not None:
            return opened_word(self.kept_text, self.text_by)
        return opened_text(self.kept_text, self.id)


def rating_for_order(rating_ids: Sequence[UUID]) -> list[RatingForOrder]:
    """The ratings with these ids, in no particular order; an id that is no rating's is left out."""
    mine = {"rating_id": OuterRef("pk")}
    rows = list(
        Rating.objects.filter(pk__in=list(rating_ids)).annotate(
            has_words=Exists(LaterWord.objects.filter(**mine)),
            has_verdicts=Exists(Verdict.objects.filter(**mine)),
            withdrawn=Exists(WithdrawnConsent.objects.filter(pk=OuterRef("pk"))),
            taken_back=Exists(Withdrawal.objects.filter(pk=OuterRef("pk"))),
            judged_by=Coalesce(
                "profile", Subquery(Ruleset.objects.filter(pk=OuterRef("ruleset")).values("label"))
            ),
        )
    )
    words = _said(
        LaterWord.objects.order_by("rating_id", "ordinal"), [row.id for row in rows if row.has_words]
    )
    judged = _said(
        Verdict.objects.order_by("rating_id", "answers"), [row.id for row in rows if row.has_verdicts]
    )
    return [
        _for_order(
            row,
            [_word(each) for each in words.get(row.id, [])],
            [_judged(each) for each in judged.get(row.id, [])],
            profile=row.judged_by,
            consent=row.named and not (row.withdrawn or row.taken_back),
            taken_back=row.taken_back,
        )
        for row in rows
    ]


def ratings_of_staff(
    rating_ids: Collection[UUID], staff_ids: Collection[int]
) -> dict[UUID, tuple[int, date]]:
    """Those of the ratings that name one of these members of staff: id → (member, day of the service)."""
    found = Rating.objects.filter(pk__in=rating_ids, staff_id__in=staff_ids)
    rows = found.values_list("pk", "staff_id", "service_day")
    return {pk: (member, day) for pk, member, day in rows if member is not None}


def _said(rows: "QuerySet[Any]", ratings: Collection[UUID]) -> dict[UUID, list[Any]]:
    """What was said later of these ratings, in its order; most have nothing, and then nothing is asked."""
    found: dict[UUID, list[Any]] = {}
    for each in rows.filter(rating_id__in=ratings) if ratings else ():
        found.setdefault(each.rating_id, []).append(each)
    return found


@once
def rating_of_order(rating_id: UUID) -> RatingForOrder | None:
    """One of them; None for an id that is no rating's."""
    return next(iter(rating_for_order([rating_id])), None)


def rated_without_case(rating: RatingForOrder) -> StaticCode:
    """What a rating without an occasion is of."""
    return rated_by(
        window_id=rating.window_id,
        hall_id=rating.hall_id,
        item_id=rating.item_id,
        organisation_id=rating.organisation_id,
    )


def _judged(row: Verdict) -> Judged:
    return Judged(
        id=row.id,
        answers=row.answers,
        answer=row.answer,
        satisfied=row.satisfied,
        sets_off=row.sets_off,
        silent=row.silent,
        received_at=row.received_at,
        submission=bytes(row.submission or b""),
        clause=row.clause,
    )


def _word(row: LaterWord) -> Word:
    return Word(
        id=row.id,
        kind=WordKind(row.kind),
        level=row.level,
        staff_level=row.staff_level,
        bad=row.bad,
        counts=row.counts,
        tags=tuple(row.tags),
        text=row.text,
        received_at=row.received_at,
        submission=bytes(row.submission),
    )


def _for_order(
    row: Rating,
    words: Sequence[Word],
    verdicts: Sequence[Judged],
    *,
    profile: str,
    consent: bool,
    taken_back: bool,
) -> RatingForOrder:
    now = standing(row.level, row.tags or (), words, staff=row.staff_level)
    by = words[now.by] if now.by is not None else None
    return RatingForOrder(
        id=row.id,
        occasion_id=row.occasion_id,
        service_day=row.service_day,
        division_id=row.division_id,
        organisation_id=row.organisation_id,
        hall_id=row.hall_id,
        window_id=row.window_id,
        staff_id=row.staff_id,
        item_id=row.item_id,
        profile=profile,
        level=now.judged,
        staff_level=now.staff,
        tags=now.tags,
        kept_text=by.text if by else row.text,
        named=row.named,
        channel=row.channel,
        received_at=row.received_at,
        contactable=consent,
        corrected_to_good=now.corrected_to_good,
        text_by=by.id if by else None,
        words=tuple(words),
        shared_with=tuple(row.shared_with or ()),
        verdicts=tuple(verdicts),
        taken_back=taken_back,
    )


@once
def void_effect(rating_id: UUID) -> VoidEffect:
    """What stands of the decisions about a rating; COUNTED where there was none."""
    effects = (
        Voiding.objects.filter(rating_id=rating_id).order_by("-ordinal").values_list("effect", flat=True)
    )
    return VoidEffect(effects.first() or "")


def channels_of_organisations(
    *, organisations: Collection[int], from_day: date, to_day: date
) -> frozenset[tuple[int, int]]:
    """(organisation id, channel `pf`, of ONLINE) through which a rating of a service of these days came, both included."""
    return _came_through("organisation_id", organisations, ONLINE, from_day, to_day)


def channels_of_halls(*, halls: Collection[int], from_day: date, to_day: date) -> frozenset[tuple[int, int]]:
    """(hall id, channel `pf`, of ON_THE_SPOT), likewise."""
    return _came_through("hall_id", halls, ON_THE_SPOT, from_day, to_day)


# Each pair is looked up by index and the look-up ends with the first row. The index has these channels alone.
_CAME_THROUGH = """
SELECT asked.id, through.channel
FROM unnest(%s::integer[]) AS asked (id) CROSS JOIN unnest(ARRAY{channels}::smallint[]) AS through (channel)
CROSS JOIN LATERAL (
    SELECT 1 FROM ratings_rating AS r
    WHERE r.{column} = asked.id AND r.channel = through.channel AND r.channel = ANY (ARRAY{channels})
      AND r.service_day BETWEEN %s AND %s LIMIT 1
) AS found
"""


def _came_through(
    column: str, ids: Collection[int], channels: tuple[int, ...], from_day: date, to_day: date
) -> frozenset[tuple[int, int]]:
    statement = _CAME_THROUGH.format(column=column, channels=list(channels))
    with connection.cursor() as cursor:
        cursor.execute(statement, [list(ids), from_day, to_day])
        return frozenset((number, channel) for number, channel in cursor.fetchall())


# Neither by the last day alone nor by the rating alone, and none without its rating.
_TRACES_LEFT = """
SELECT count(*) FROM ratings_trace AS t LEFT JOIN ratings_rating AS r ON r.id = t.rating_id
WHERE t.kept_until < %s OR r.received_at < %s
"""


def traces_before(*, day: date, received_before: datetime) -> int:
    """Traces that should be gone: kept until before the day, or of ratings received before the instant."""
    with connection.cursor() as cursor:
        cursor.execute(_TRACES_LEFT, [day, received_before])
        number: int = cursor.fetchone()[0]
    return number


_ARRIVALS = """
SELECT channel, level, (received_at AT TIME ZONE 'Asia/Shanghai')::date AS day, count(*)::int
FROM ratings_rating
WHERE id >= %s AND received_at >= %s AND received_at < %s
  AND origin IS DISTINCT FROM 'simulation' AND NOT organisation_id = ANY (%s::integer[])
GROUP BY channel, level, day ORDER BY channel, level, day
"""


def arrivals(*, from_day: date, to_day: date, without: Collection[int]) -> list[tuple[int, int, date, int]]:
    """(channel, level, local day of receipt, number) of real ratings of these days, both included: not of simulated ones,
    nor of those of the organisations `without`. Reads every rating of the span: for the night."""
    begin, end = (datetime.combine(day, time(), CN) for day in (from_day, to_day + timedelta(days=1)))
    floor = new_id(begin - OLDEST_OCCASION, bytes(10))
    with connection.cursor() as cursor:
        cursor.execute(_ARRIVALS, [floor, begin, end, list(without)])
        return [(channel, level, day, number) for channel, level, day, number in cursor.fetchall()]
