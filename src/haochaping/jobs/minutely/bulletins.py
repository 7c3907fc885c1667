"""What was published gets its bulletin (通报), as PDF and as Word."""

import logging
from datetime import datetime

from haochaping.foundation.errors import Conflict, Refused
from haochaping.publication.operations.bulletins import make_bulletin
from haochaping.publication.queries.bulletins import wanting_bulletins

logger = logging.getLogger(__name__)
# So many take some seconds; the rest follows in the next minute.
_MOST = 20


def run(*, now: datetime) -> int:
    """How many were made. One that cannot be made is logged and keeps no other waiting."""
    made = 0
    for number, kind in wanting_bulletins(most=_MOST, now=now):
        try:
            made += make_bulletin(number=number, kind=kind, now=now)
        except (Conflict, Refused) as refusal:
            logger.error("no %s bulletin of publication %s: %s", kind, number, refusal.code)
    return made
