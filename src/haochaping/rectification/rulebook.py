"""The rules by which this request or job judges, and the tags."""

from datetime import date
from functools import cache

from haochaping.policy.calendars import missing_year
from haochaping.policy.keeping import in_force
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.tags import Tags


def rulebook() -> Rulebook:
    """All jurisdictions with their calendar, the same to the end of a request or job. Raises RulesError."""
    return in_force().rulebook


def missing_calendar(today: date) -> int | None:
    """The year whose notice on holidays should be in by now and is not, or None."""
    return missing_year(rulebook().calendar, today)


@cache
def tags() -> Tags:
    """The national dictionary of tags. Raises RulesError."""
    return Tags.load()
