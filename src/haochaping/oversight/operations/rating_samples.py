"""Samples of ratings are drawn when their period is over, from the ratings themselves: all of a period at once, and once."""

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import islice
from typing import Final
from uuid import UUID

from django.db import transaction

from haochaping.audit import operations as audit
from haochaping.foundation import base32
from haochaping.foundation.clock import local_day
from haochaping.foundation.ids import new_id, random_id
from haochaping.foundation.workdays import due_instant
from haochaping.oversight.drawing import ALGORITHM, first_by_rank, size
from haochaping.oversight.models import Revisit, RevisitPeriod, RevisitRatingSample
from haochaping.oversight.numbering import Numbers
from haochaping.oversight.operations.duties import SYSTEM, conductors_of
from haochaping.oversight.operations.periods import seed_of
from haochaping.oversight.queries.rating_frames import Drawing, drawings, numbers_of, rows_of
from haochaping.oversight.revisiting import DEFAULTS, State, Terms
from haochaping.policy.counting import Course, Due
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook

_PREFIX: Final = "HP"
_NUMBER_BYTES: Final = 5
# What was received by the end of a period is in the database by then; what was said until shortly before the draw as well.
_SETTLED: Final = timedelta(hours=1)
_UNDER_WAY: Final = timedelta(minutes=10)
# A frame of so many is kept with its sample, at a megabyte; a longer one is made again from the ratings.
KEPT: Final = 100_000
_AT_ONCE: Final = 1_000


def draw_rating_samples(*, now: datetime, rulebook: Rulebook) -> int:
    """Draws all samples of ratings of every period that is over for an hour; how many there were."""
    over = RevisitPeriod.objects.filter(ratings_drawn_at=None, last_day__lt=local_day(now - _SETTLED))
    ids = list(over.order_by("last_day", "kind").values_list("pk", flat=True))
    return sum(_draw_period(pk, now, rulebook) for pk in ids)


@transaction.atomic
def _draw_period(pk: UUID, now: datetime, rulebook: Rulebook) -> int:
    """With the lock of the period: a second worker finds it drawn."""
    period = RevisitPeriod.objects.select_for_update().get(pk=pk)
    if period.ratings_drawn_at is not None:
        return 0
    seed = seed_of(period)
    drawn = [_draw(period, seed, each, now) for each in drawings(period, rulebook)]
    period.ratings_drawn_at = now
    period.save(update_fields=["ratings_drawn_at"])
    return sum(drawn)


def _draw(period: RevisitPeriod, seed: bytes, drawing: Drawing, now: datetime) -> int:
    """One rule for all whose share it is: the ratings are read once to be numbered, and once more for whom was drawn."""
    as_of = now - _UNDER_WAY
    chosen: dict[int, _Sample] = {}
    for scope_id, numbers in numbers_of(drawing, as_of).items():
        of = drawing.frames[scope_id]
        many = size(drawing.terms.share, drawing.terms.least, len(numbers))
        texts = first_by_rank(seed, of, numbers.texts(), many)
        chosen[scope_id] = _Sample(numbers, tuple(base32.decode(each, 10) for each in texts))
    revisits = _revisits(drawing, chosen, period, as_of, now)
    while some := list(islice(revisits, _AT_ONCE)):
        Revisit.objects.bulk_create(some)
    for scope_id, sample in chosen.items():
        _keep(period, seed, drawing, scope_id, sample, as_of=as_of, now=now)
    return len(chosen)


@dataclass(slots=True)
class _Sample:
    """What was drawn of one scope, by rank. `anonymous`: so many of them have nobody who may be asked."""

    numbers: Numbers
    drawn: tuple[bytes, ...]
    number: str = field(default_factory=lambda: _PREFIX + base32.encode(os.urandom(_NUMBER_BYTES)))
    anonymous: int = 0


def _revisits(
    drawing: Drawing, chosen: Mapping[int, _Sample], period: RevisitPeriod, as_of: datetime, now: datetime
) -> Iterator[Revisit]:
    terms, found = drawing.terms, {scope: set(sample.drawn) for scope, sample in chosen.items()}
    kept, whose = [terms.kept()], _Whose(drawing, period, now)
    for scope_id, number, row in rows_of(drawing, as_of):
        if number not in found[scope_id]:
            continue
        found[scope_id].discard(number)
        sample, may_ask = chosen[scope_id], may_be_asked(terms, agreed=row.agreed)
        sample.anonymous += not may_ask
        due = whose.due(row.organisation_id)
        yield Revisit(
            id=random_id(),
            rating_id=row.id,
            of=terms.of,
            number=base32.encode(number),
            organisation_id=row.organisation_id,
            body=terms.by,
            occasion=sample.number,
            conductors=whose.conductors(row.organisation_id),
            terms=kept,
            arisen_at=now,
            due_at=due.due_at if due else None,
            due_provisional=bool(due and due.provisional),
            state=State.DUE if may_ask else State.ANONYMOUS,
            ended_at=None if may_ask else now,
            revision=0 if may_ask else 1,
        )


def may_be_asked(terms: Terms, *, agreed: bool) -> bool:
    """Whoever rated is asked where he agreed to be contacted. Who was silent agreed to nothing: he is asked only where the
    rule itself says by which means (自动语音外呼 ...), and then by these."""
    return bool(terms.means) if terms.of == DEFAULTS else agreed


def due_of_ratings(terms: Terms, rules: Profile, period: RevisitPeriod) -> Due | None:
    """Until when what is drawn of a period is to be done; None where no limit is laid down, or it runs from something that
    would tell when somebody rated."""
    rule = rules.revisits.get(terms.rule)
    limit = rule.value.limit if rule else None
    return rules.due(limit, Course({"period_end": due_instant(period.last_day)}))


@dataclass(slots=True)
class _Whose:
    """By organisation, each worked out once: who asks, and until when."""

    drawing: Drawing
    period: RevisitPeriod
    now: datetime
    _conductors: dict[int, list[int]] = field(default_factory=dict)
    _due: dict[int, Due | None] = field(default_factory=dict)

    def conductors(self, organisation_id: int) -> list[int]:
        """As of orders; but where the rules name nobody it is not the rated who asks whoever rated him (our safeguard)."""
        if organisation_id not in self._conductors:
            body = self.drawing.terms.by
            found = conductors_of(body, organisation_id, local_day(self.now))
            self._conductors[organisation_id] = [
                each for each in found if body != "" or each != organisation_id
            ]
        return self._conductors[organisation_id]

    def due(self, organisation_id: int) -> Due | None:
        if organisation_id not in self._due:
            rules = self.drawing.rules[organisation_id]
            self._due[organisation_id] = due_of_ratings(self.drawing.terms, rules, self.period)
        return self._due[organisation_id]


def _keep(
    period: RevisitPeriod,
    seed: bytes,
    drawing: Drawing,
    scope_id: int,
    sample: _Sample,
    *,
    as_of: datetime,
    now: datetime,
) -> None:
    """One audit row a sample, for all the revisits that come of it."""
    of, terms, numbers = drawing.frames[scope_id], drawing.terms, sample.numbers
    kept = RevisitRatingSample.objects.create(
        id=new_id(now),
        number=sample.number,
        period=period,
        scope_id=scope_id,
        scope=of.scope,
        rule=terms.rule,
        version=terms.version(),
        terms=terms.kept(),
        algorithm=ALGORITHM,
        seed=seed.hex(),
        as_of=as_of,
        frame_size=len(numbers),
        frame=numbers.packed() if len(numbers) <= KEPT else None,
        frame_digest=numbers.digest(),
        drawn=b"".join(sample.drawn),
        anonymous=sample.anonymous,
        drawn_at=now,
    )
    audit.record(
        now=now,
        actor=SYSTEM,
        act="revisit.draw",
        subject=f"sample:{kept.number}",
        clause=terms.clause[:200],
        detail={
            "frame": kept.frame_size,
            "drawn": len(sample.drawn),
            "anonymous": sample.anonymous,
            "sha256": kept.frame_digest,
        },
    )
