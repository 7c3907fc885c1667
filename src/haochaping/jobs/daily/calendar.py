"""From 1 December on, the notice on next year's holidays should be in."""

import logging
from datetime import datetime

from haochaping.foundation.clock import local_day
from haochaping.rectification.rulebook import missing_calendar

_log = logging.getLogger(__name__)


def run(*, now: datetime) -> int:
    """1 and an error in the log while the notice is missing, else 0."""
    year = missing_calendar(local_day(now))
    if year is None:
        return 0
    _log.error(
        "the notice on the holidays of %d is not loaded: limits that touch it are provisional and set nothing "
        "off; take it in with `calendar load`",
        year,
    )
    return 1
