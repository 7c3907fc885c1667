"""The pictures that were drawn, each checked against its digest before it is shown."""

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from hashlib import sha256
from itertools import islice
from typing import Any, Final

from django.utils.translation import get_language

from haochaping.foundation.errors import NotFound
from haochaping.publication.models import Chart, DepartmentDay, Publication
from haochaping.publication.queries.publications import publication

logger = logging.getLogger(__name__)

# The languages in which pictures are drawn, the official one first.
LANGUAGES: Final = ("zh-hans", "en")
_SIZE: Final = re.compile(r"""<svg\b[^>]*?\bwidth="(\d+)[.\d]*"[^>]*?\bheight="(\d+)""")


@dataclass(frozen=True, slots=True)
class ChartView:
    """A picture with its table beside: `told` has `title`, `description`, `note`, `head` and `rows`. Width and height in
    points of the screen."""

    subject: str
    name: str
    language: str
    told: Mapping[str, Any]
    width: int
    height: int
    svg: str


def charts_of(subject: str, *, language: str = "") -> tuple[ChartView, ...]:
    """Those of a publication (its number), or of a day (ISO), in the language that is spoken or asked for; one that is no
    longer what was drawn is left out."""
    spoken = language or _spoken()
    rows = Chart.objects.filter(subject=subject, language=spoken).order_by("place")
    return tuple(view for row in rows if (view := _view(row)) is not None)


def charts_of_day(day: date | None) -> tuple[ChartView, ...]:
    """Those drawn of what was frozen on a day; of none, none."""
    return charts_of(day.isoformat()) if day is not None else ()


def chart(subject: str, name: str, language: str) -> ChartView | None:
    """One of them; None where it, or the publication of which it is, is no longer what it was. Raises NotFound."""
    row = Chart.objects.filter(subject=subject, name=name, language=language).first()
    if row is None:
        raise NotFound("chart", "")
    published = Publication.objects.filter(number=subject).exists()
    return None if published and publication(subject).altered else _view(row)


def wanting_charts(*, most: int) -> tuple[str, ...]:
    """Numbers of publications of which nothing is drawn, the newest first, at most so many."""
    drawn = Chart.objects.values("subject")
    found = Publication.objects.exclude(number__in=drawn).order_by("-sequence")
    return tuple(islice(found.values_list("number", flat=True), most))


def undrawn_day(today: date) -> date | None:
    """The last day on which figures were frozen, up to `today`, where nothing is drawn of it; else None."""
    frozen = DepartmentDay.objects.filter(published_on__lte=today).order_by("-published_on")
    last = frozen.values_list("published_on", flat=True).first()
    if last is None or Chart.objects.filter(subject=last.isoformat()).exists():
        return None
    return last


def _spoken() -> str:
    spoken = (get_language() or "").lower()
    return spoken if spoken in LANGUAGES else LANGUAGES[0]


def digest_of(svg: str, told: str) -> str:
    """SHA-256 in hex of both, one after the other."""
    return sha256(svg.encode() + told.encode()).hexdigest()


def _view(row: Chart) -> ChartView | None:
    if digest_of(row.svg, row.told) != row.digest:
        logger.error("the chart %s of %s is not what was drawn", row.name, row.subject)
        return None
    size = _SIZE.match(row.svg)
    width, height = (int(each) for each in size.groups()) if size else (0, 0)
    return ChartView(row.subject, row.name, row.language, json.loads(row.told), width, height, row.svg)
