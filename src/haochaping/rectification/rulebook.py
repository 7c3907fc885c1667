"""The rules and tags of this process, read once: they change with the code, not while it runs."""

from functools import cache

from haochaping.policy.rulebook import Rulebook
from haochaping.policy.tags import Tags


@cache
def rulebook() -> Rulebook:
    """All jurisdictions with their calendar. Raises RulesError."""
    return Rulebook.load()


@cache
def tags() -> Tags:
    """The national dictionary of tags. Raises RulesError."""
    return Tags.load()
