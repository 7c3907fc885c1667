"""Ratings by static codes find the cases that their raters named."""

from datetime import datetime

from haochaping.ratings.operations import match_named_cases


def run(*, now: datetime) -> int:
    """How many ratings found their service."""
    return match_named_cases(now=now)
