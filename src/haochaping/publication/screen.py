"""What a screen in a hall shows: nothing that the pages of the portal do not show as well."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from haochaping.publication.queries.live import LiveFigures, Row, live
from haochaping.publication.queries.publications import Published, latest
from haochaping.publication.status import ServiceStatus, service_status

# More tiles do not fit on it without scrolling.
MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Screen:
    """`regions`: at most MOST, in the order of the registry; `left_out` more are not on it. `last`: what came out last."""

    figures: LiveFigures
    regions: tuple[Row, ...]
    left_out: int
    status: ServiceStatus
    last: Published | None


def screen(*, now: datetime) -> Screen:
    """As things stand. Where not all regions fit, those with the most ratings are shown: a withheld one last."""
    figures = live(now=now)
    rows = figures.divisions
    chosen = sorted(rows, key=lambda row: -row.counts.rated if row.counts else 0)[:MOST]
    return Screen(
        figures=figures,
        regions=tuple(row for row in rows if row in chosen),
        left_out=len(rows) - len(chosen),
        status=service_status(now=now),
        last=latest(),
    )
