"""Answered bad ratings as they were released, for the public; each checked against its digest whenever it is read."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import QuerySet

from haochaping.foundation.clock import local_day
from haochaping.publication.answers import digest_of
from haochaping.publication.masking import Piece, pieces
from haochaping.publication.models import ReleasedAnswer
from haochaping.publication.states import Release
from haochaping.publication.words import withdrawn
from haochaping.rectification.queries import tag_names

logger = logging.getLogger(__name__)
PAGE_SIZE: Final = 20
_WITHDRAWN_SHOWN: Final = 20


@dataclass(frozen=True, slots=True)
class PublicAnswer:
    """One of them. `week`: the Monday of the service, None where too few rated in it; `tags` codes with their names.
    `withdrawn_on` None, `why` "" for one that stands; of one that was withdrawn there is no text. `altered`: the row is no
    longer what was released, and has no text either."""

    number: str
    organisation: str
    credit_code: str
    division: str
    item: str
    week: date | None
    tags: tuple[tuple[int, str], ...]
    said: str
    answer: str
    clause: str
    released_on: date
    digest: str
    withdrawn_on: date | None
    why: str
    altered: bool

    @property
    def said_pieces(self) -> tuple[Piece, ...]:
        """What the rater wrote, what was taken out apart."""
        return tuple(pieces(self.said))

    @property
    def answer_pieces(self) -> tuple[Piece, ...]:
        """The answer, likewise."""
        return tuple(pieces(self.answer))


@dataclass(frozen=True, slots=True)
class Choice:
    """A value to narrow by, in words, and how many there are."""

    value: str
    name: str
    number: int


@dataclass(frozen=True, slots=True)
class AnswersPage:
    """A page, `page` counting from 1. `total`: how many fit; the choices are of all that are public."""

    rows: tuple[PublicAnswer, ...]
    total: int
    page: int
    pages: int
    organisations: tuple[Choice, ...]
    tags: tuple[Choice, ...]
    withdrawn: tuple[PublicAnswer, ...]


def answers(*, organisation: str = "", tag: str = "", page: int = 1) -> AnswersPage:
    """What is public, the last released first; of an organisation by its credit code, with a tag by its code."""
    rows = _narrowed(organisation, tag)
    total = rows.count()
    pages = max(1, -(-total // PAGE_SIZE))
    page = min(max(1, page), pages)
    shown = rows[(page - 1) * PAGE_SIZE : page * PAGE_SIZE]
    gone = _gone().order_by("-withdrawn_at", "number")[:_WITHDRAWN_SHOWN]
    return AnswersPage(tuple(map(_public, shown)), total, page, pages, *_choices(), tuple(map(_public, gone)))


def all_answers(*, organisation: str = "", tag: str = "") -> tuple[PublicAnswer, ...]:
    """The same without pages, and behind them what was withdrawn, for those who keep copies."""
    gone = _gone().order_by("-withdrawn_at", "number")
    return tuple(map(_public, (*_narrowed(organisation, tag), *gone)))


def _standing() -> QuerySet[ReleasedAnswer]:
    return ReleasedAnswer.objects.filter(state=Release.RELEASED)


def _gone() -> QuerySet[ReleasedAnswer]:
    return ReleasedAnswer.objects.filter(state=Release.WITHDRAWN, released_at__isnull=False)


def _narrowed(organisation: str, tag: str) -> QuerySet[ReleasedAnswer]:
    rows = _standing().order_by("-released_at", "number")
    if organisation:
        rows = rows.filter(credit_code=organisation)
    if tag:
        rows = rows.filter(tags__contains=[int(tag)]) if _is_code(tag) else rows.none()
    return rows


def _is_code(text: str) -> bool:
    """Whether it could be a tag's code: what is stored are small integers."""
    return text.isascii() and text.isdigit() and len(text) <= 4


def _choices() -> tuple[tuple[Choice, ...], tuple[Choice, ...]]:
    """All organisations and tags there are, each with how many."""
    units: dict[tuple[str, str], int] = {}
    codes: dict[int, int] = {}
    for code, name, tags in _standing().values_list("credit_code", "organisation", "tags"):
        units[code, name] = units.get((code, name), 0) + 1
        for each in tags:
            codes[each] = codes.get(each, 0) + 1
    return (
        tuple(Choice(code, name, number) for (code, name), number in sorted(units.items())),
        tuple(_tags(codes)),
    )


def _tags(codes: dict[int, int]) -> Iterable[Choice]:
    ordered = sorted(codes, key=lambda code: (-codes[code], code))
    names = tag_names(ordered)
    return (Choice(str(code), name, codes[code]) for code, name in zip(ordered, names, strict=True))


def _public(row: ReleasedAnswer) -> PublicAnswer:
    if row.released_at is None:
        raise ValueError("what was never released is nobody's to see")
    released_on = local_day(row.released_at)
    stands = row.state == Release.RELEASED
    altered = stands and digest_of(row, released_on) != row.digest
    if altered:
        logger.error("the released answer %s is not what was released", row.number)
    return PublicAnswer(
        number=row.number,
        organisation=row.organisation,
        credit_code=row.credit_code,
        division=row.division,
        item=row.item,
        week=row.week,
        tags=tuple(zip(row.tags, tag_names(row.tags), strict=True)),
        said="" if altered else row.said,
        answer="" if altered else row.answer,
        clause=row.clause,
        released_on=released_on,
        digest=row.digest,
        withdrawn_on=local_day(row.withdrawn_at) if row.withdrawn_at else None,
        why="" if stands else withdrawn(row.reason),
        altered=altered,
    )
