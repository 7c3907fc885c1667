"""The bulletins (通报) that were made of publications, each checked against its digest before it is handed out."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from itertools import islice
from typing import Final

from django.db.models import Q

from haochaping.foundation.form_templates import Kind
from haochaping.publication.models import Bulletin, Chart, Publication

logger = logging.getLogger(__name__)
PATIENCE: Final = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class BulletinView:
    """A bulletin that there is. `digest`: SHA-256 of the file in hex."""

    kind: Kind
    digest: str


@dataclass(frozen=True, slots=True)
class BulletinFile:
    """A bulletin to hand out. `altered`: the file kept is no longer what was made, and `content` is empty."""

    kind: Kind
    content: bytes
    digest: str
    altered: bool


def bulletins_of(number: str) -> tuple[BulletinView, ...]:
    """Those made of a publication: PDF first; none until the worker has made them."""
    rows = Bulletin.objects.filter(publication__number=number).values_list("kind", "digest")
    found = dict(rows)
    return tuple(BulletinView(kind, found[kind]) for kind in Kind if kind in found)


def bulletin(number: str, kind: Kind) -> BulletinFile | None:
    """The bulletin of a publication; None while there is none."""
    row = Bulletin.objects.filter(publication__number=number, kind=kind).first()
    if row is None:
        return None
    content = bytes(row.content)
    if sha256(content).hexdigest() != row.digest:
        logger.error("the %s bulletin of publication %s is not what was made", kind, number)
        return BulletinFile(kind, b"", row.digest, altered=True)
    return BulletinFile(kind, content, row.digest, altered=False)


def wanting_bulletins(*, most: int, now: datetime) -> tuple[tuple[str, Kind], ...]:
    """Publications with the kinds of bulletin that they have not, the newest first, at most so many. One of which nothing is
    drawn yet waits for its pictures, but no longer than PATIENCE."""
    drawn = Q(number__in=Chart.objects.values("subject"))
    ready = Publication.objects.filter(drawn | Q(published_at__lte=now - PATIENCE))
    numbers = ready.order_by("-sequence").values_list("number", flat=True)
    there = set(Bulletin.objects.values_list("publication__number", "kind"))
    wanting = ((number, kind) for number in numbers for kind in Kind if (number, kind) not in there)
    return tuple(islice(wanting, most))
