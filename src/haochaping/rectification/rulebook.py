"""The rules and tags of this process, read once: they change with the code, not while it runs."""

from datetime import date
from functools import cache

from haochaping.policy.calendars import missing_year
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.tags import Tags


@cache
def rulebook() -> Rulebook:
    """All jurisdictions with their calendar. Raises RulesError."""
    return Rulebook.load()


def missing_calendar(today: date) -> int | None:
    """The year whose notice on holidays should be in by now and is not, or None."""
    return missing_year(rulebook().calendar, today)


@cache
def tags() -> Tags:
    """The national dictionary of tags. Raises RulesError."""
    return Tags.load()
