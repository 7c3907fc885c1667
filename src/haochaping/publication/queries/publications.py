"""Publications as they were frozen, each checked against its digest whenever it is read."""

import json
import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from haochaping.foundation.errors import NotFound
from haochaping.publication.chain import Broken, broken, digest
from haochaping.publication.models import Publication

logger = logging.getLogger(__name__)
SHOWN = 100


@dataclass(frozen=True, slots=True)
class Published:
    """One publication. `record`: see `publication.ranking.content`; `altered`: the row is no longer what was published, and
    nothing of it is to be believed. `corrects`, `corrected_by`: numbers, "" for none."""

    number: str
    sequence: int
    place: str
    period: str
    published_at: datetime
    corrects: str
    corrected_by: str
    record: Mapping[str, Any]
    digest: str
    altered: bool


def publications() -> tuple[Published, ...]:
    """The last ones, the newest first, at most SHOWN."""
    rows = Publication.objects.select_related("corrects", "corrected_by").order_by("-sequence")[:SHOWN]
    return tuple(map(_published, rows))


def gaps(found: Sequence[Published]) -> tuple[Broken, ...]:
    """What does not fit among publications, the newest first: altered, or one between them is not there."""
    return tuple(broken((each.record, each.digest) for each in reversed(found)))


def latest() -> Published | None:
    """The newest one; None before the first."""
    row = Publication.objects.select_related("corrects", "corrected_by").order_by("-sequence").first()
    return None if row is None else _published(row)


def publication(number: str) -> Published:
    """Raises NotFound."""
    row = Publication.objects.select_related("corrects", "corrected_by").filter(number=number).first()
    if row is None:
        raise NotFound("publication", _("没有这份公布。"))
    return _published(row)


def published_of(run: str) -> str:
    """The number of the publication of a score run; "" for none."""
    found = Publication.objects.filter(source=run).values_list("number", flat=True)
    return found.first() or ""


def number_of_publications() -> int:
    """How many there are."""
    return Publication.objects.count()


def chain_broken() -> Iterator[Broken]:
    """What does not fit in the whole chain as it is kept here."""
    rows = Publication.objects.order_by("sequence").values_list("text", "digest")
    return broken((json.loads(text), kept) for text, kept in rows.iterator())


def _published(row: Publication) -> Published:
    record = json.loads(row.text)
    told = (record.get("number"), record.get("sequence"), record.get("place"))
    altered = digest(record) != row.digest or told != (row.number, row.sequence, row.place)
    if altered:
        logger.error("publication %s is not what was published", row.number)
    following = getattr(row, "corrected_by", None)
    return Published(
        number=row.number,
        sequence=row.sequence,
        place=row.place,
        period=row.period,
        published_at=row.published_at,
        corrects=row.corrects.number if row.corrects else "",
        corrected_by=following.number if following else "",
        record=record,
        digest=row.digest,
        altered=altered,
    )
