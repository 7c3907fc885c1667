"""What was published gets its pictures, and so does what is frozen of the day for the live page."""

import logging
from datetime import datetime

from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Conflict, Refused
from haochaping.publication.operations.charts import draw_day, draw_publication
from haochaping.publication.queries.charts import undrawn_day, wanting_charts

logger = logging.getLogger(__name__)
# So many take some seconds; the rest follows in the next minute.
_MOST = 5


def run(*, now: datetime) -> int:
    """How many were drawn. What cannot be drawn is logged and keeps nothing else waiting."""
    drawn = 0
    for number in wanting_charts(most=_MOST):
        try:
            drawn += draw_publication(number=number, now=now)
        except (Conflict, Refused) as refusal:
            logger.error("no charts of publication %s: %s", number, refusal.code)
    day = undrawn_day(local_day(now))
    try:
        return drawn + (draw_day(day=day, now=now) if day is not None else 0)
    except Refused as refusal:
        logger.error("no charts of the day: %s", refusal.code)
        return drawn
