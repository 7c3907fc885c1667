"""Samples of ratings as they were drawn, drawn again, and held against the ratings themselves."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from haochaping.foundation.errors import NotFound
from haochaping.oversight.drawing import ALGORITHM, Frame, commitment, first_by_rank, size
from haochaping.oversight.models import Revisit, RevisitRatingSample
from haochaping.oversight.numbering import Numbers, cut, told
from haochaping.oversight.queries.against_records import Differences
from haochaping.oversight.queries.rating_frames import Drawing, drawings, number_in, numbers_of
from haochaping.oversight.queries.samples import PeriodView, period_view
from haochaping.oversight.revisiting import Terms, terms_kept
from haochaping.policy.rulebook import Rulebook
from haochaping.registry import queries as registry


@dataclass(frozen=True, slots=True)
class RatingSampleView:
    """A sample with all that is needed to draw it again. `frame` is None where it was too long to be kept; `size`: how many
    there are in it."""

    number: str
    organisation: str
    scope: str
    period: PeriodView
    terms: Terms
    version: str
    algorithm: str
    seed: str
    as_of: datetime
    size: int
    frame: Numbers | None
    frame_digest: str
    drawn: tuple[str, ...]
    anonymous: int
    drawn_at: datetime


def rating_samples(*, scopes: Collection[int], on: date, limit: int = 50) -> tuple[RatingSampleView, ...]:
    """Samples of these organisations and authorities, the last drawn first, without their frames."""
    rows = RevisitRatingSample.objects.filter(scope_id__in=scopes).select_related("period").defer("frame")
    found = list(rows.order_by("-drawn_at", "number")[:limit])
    names = registry.organisation_names({each.scope_id for each in found}, on)
    return tuple(_view(each, names.get(each.scope_id, ""), None) for each in found)


def rating_sample(number: str) -> RatingSampleView:
    """One sample. Raises NotFound."""
    found = _row(number)
    return _view(found, "", Numbers([bytes(found.frame)]) if found.frame is not None else None)


def rating_sample_again(found: RatingSampleView, frame: Numbers) -> tuple[str, ...]:
    """What does not fit: of "algorithm", "commitment", "frame", "sample", "size", "terms"; nothing where it is the one that
    its seed, rule and this frame give."""
    of, seed = Frame(found.terms.rule, found.scope, found.period.first_day, ()), bytes.fromhex(found.seed)
    many = len(found.drawn)
    checks = {
        "algorithm": found.algorithm == ALGORITHM,
        "commitment": commitment(seed) == found.period.commitment,
        "frame": (len(frame), frame.digest()) == (found.size, found.frame_digest),
        "sample": first_by_rank(seed, of, frame.texts(), many) == found.drawn,
        "size": size(found.terms.share, found.terms.least, found.size) == many,
        "terms": found.terms.version() == found.version,
    }
    return tuple(name for name, fits in checks.items() if not fits)


def frame_again(number: str, *, rulebook: Rulebook) -> Numbers:
    """The frame, made again of the ratings as they stood when it was drawn. In a transaction. Raises NotFound."""
    sample = _row(number)
    drawing = _drawing(sample, rulebook)
    empty = Numbers([])
    return numbers_of(drawing, sample.as_of).get(sample.scope_id, empty) if drawing is not None else empty


def against_ratings(number: str, frame: Numbers, *, rulebook: Rulebook) -> Differences:
    """What of a sample the ratings do not bear out, in numbers of its frame. `invented`: in `frame`, and no such rating;
    `left_out`: the other way round; `moved`: drawn and not to be asked about, or the other way round. In a transaction.
    Raises NotFound."""
    sample = _row(number)
    again, kept = set(frame_again(number, rulebook=rulebook)), set(frame)
    return Differences(
        invented=_texts(kept - again),
        moved=_texts(set(cut(bytes(sample.drawn))) ^ set(_asked(sample))),
        left_out=_texts(again - kept),
    )


def _asked(sample: RevisitRatingSample) -> Iterator[bytes]:
    """The numbers of whom the revisits of a sample are about: made of the ratings, and not read from the revisits."""
    of = Frame(sample.rule, sample.scope, sample.period.first_day, ())
    rows = Revisit.objects.filter(occasion=sample.number).values_list("rating_id", flat=True)
    return (number_in(of, each) for each in rows if each is not None)


def _drawing(sample: RevisitRatingSample, rulebook: Rulebook) -> Drawing | None:
    found = drawings(sample.period, rulebook, only={sample.scope_id})
    mine = (each for each in found if each.terms.version() == sample.version)
    return next((each for each in mine if each.terms.rule == sample.rule), None)


def _row(number: str) -> RevisitRatingSample:
    found = RevisitRatingSample.objects.select_related("period").filter(number=number).first()
    if found is None:
        raise NotFound("sample", f"no sample has the number {number}")
    return found


def _texts(numbers: Collection[bytes]) -> tuple[str, ...]:
    return tuple(map(told, sorted(numbers)))


def _view(found: RevisitRatingSample, organisation: str, frame: Numbers | None) -> RatingSampleView:
    return RatingSampleView(
        number=found.number,
        organisation=organisation,
        scope=found.scope,
        period=period_view(found.period),
        terms=terms_kept(found.terms),
        version=found.version,
        algorithm=found.algorithm,
        seed=found.seed,
        as_of=found.as_of,
        size=found.frame_size,
        frame=frame,
        frame_digest=found.frame_digest,
        drawn=tuple(map(told, cut(bytes(found.drawn)))),
        anonymous=found.anonymous,
        drawn_at=found.drawn_at,
    )
