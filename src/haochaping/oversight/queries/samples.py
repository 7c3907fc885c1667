"""Samples as they were drawn, drawn again; periods with the digests of their seeds."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from haochaping.foundation.errors import NotFound
from haochaping.foundation.workdays import due_instant
from haochaping.oversight.drawing import ALGORITHM, Frame, size, wrong_with
from haochaping.oversight.models import RevisitPeriod, RevisitSample
from haochaping.oversight.revisiting import Terms, terms_kept
from haochaping.registry import queries as registry


@dataclass(frozen=True, slots=True)
class PeriodView:
    """A period with the digest of its seed. `late`: it was fixed after the period had begun; `closed_at`: when it was
    drawn."""

    kind: str
    first_day: date
    last_day: date
    commitment: str
    seed_at: datetime
    late: bool
    closed_at: datetime | None


@dataclass(frozen=True, slots=True)
class SampleView:
    """A sample with all that is needed to draw it again; `version` is the digest of `terms`."""

    number: str
    organisation: str
    scope: str
    period: PeriodView
    terms: Terms
    version: str
    algorithm: str
    seed: str
    frame: tuple[str, ...]
    frame_digest: str
    drawn: tuple[str, ...]
    anonymous: int
    drawn_at: datetime


def periods(*, on: date) -> tuple[PeriodView, ...]:
    """Those that run on a day or are still to come, the shorter first."""
    found = RevisitPeriod.objects.filter(last_day__gte=on).order_by("last_day", "first_day")
    return tuple(map(period_view, found))


def samples(*, scopes: Collection[int], on: date, limit: int = 50) -> tuple[SampleView, ...]:
    """Samples of these organisations and authorities, the last drawn first."""
    found = list(
        RevisitSample.objects.filter(scope_id__in=scopes)
        .select_related("period")
        .order_by("-drawn_at", "number")[:limit]
    )
    names = registry.organisation_names({each.scope_id for each in found}, on)
    return tuple(_sample(each, names.get(each.scope_id, "")) for each in found)


def sample(number: str) -> SampleView:
    """One sample. Raises NotFound."""
    found = RevisitSample.objects.select_related("period").filter(number=number).first()
    if found is None:
        raise NotFound("sample", f"no sample has the number {number}")
    return _sample(found, "")


def drawn_again(found: SampleView) -> tuple[str, ...]:
    """What does not fit of a sample: of "algorithm", "commitment", "frame", "terms", "size", "sample"; nothing where it is
    the one that its seed, frame and rule give."""
    of = Frame(found.terms.rule, found.scope, found.period.first_day, found.frame)
    wrong = list(
        wrong_with(bytes.fromhex(found.seed), found.period.commitment, of, found.frame_digest, found.drawn)
    )
    if found.algorithm != ALGORITHM:
        wrong.append("algorithm")
    if found.terms.version() != found.version:
        wrong.append("terms")
    if size(found.terms.share, found.terms.least, len(found.frame)) != len(found.drawn):
        wrong.append("size")
    return tuple(sorted(wrong))


def period_view(found: RevisitPeriod) -> PeriodView:
    """A period as it is shown."""
    begins = due_instant(date.fromordinal(found.first_day.toordinal() - 1))
    return PeriodView(
        found.kind,
        found.first_day,
        found.last_day,
        found.commitment,
        found.seed_at,
        found.seed_at >= begins,
        found.closed_at,
    )


def _sample(found: RevisitSample, organisation: str) -> SampleView:
    return SampleView(
        number=found.number,
        organisation=organisation,
        scope=found.scope,
        period=period_view(found.period),
        terms=terms_kept(found.terms),
        version=found.version,
        algorithm=found.algorithm,
        seed=found.seed,
        frame=tuple(found.frame),
        frame_digest=found.frame_digest,
        drawn=tuple(found.drawn),
        anonymous=found.anonymous,
        drawn_at=found.drawn_at,
    )
