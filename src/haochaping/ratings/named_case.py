"""The case that a rater names who rates a window by its static code: its number as typed, and whether the rules of the
service that it leads to would have taken the rating. Pure.
"""

import unicodedata
from typing import Final

from haochaping.foundation.errors import Problem
from haochaping.ratings.rules import CASE, Demands, problem

NUMBER_LIMIT: Final = 100
_UNREADABLE: Final = frozenset({"Cc", "Cf", "Cs"})


def named_case(number: str) -> tuple[str, tuple[Problem, ...]]:
    """The number of a case as a rater typed it, in the one form in which it is looked for - half width, upper case, without
    blanks -, "" for none; and what is wrong with it."""
    plain = "".join(unicodedata.normalize("NFKC", number).upper().split())
    if any(unicodedata.category(character) in _UNREADABLE for character in plain):
        return "", (problem(CASE, "not_text"),)
    return (plain, ()) if len(plain) <= NUMBER_LIMIT else ("", (problem(CASE, "too_long"),))


def acceptable(level: int, *, reason: bool, named: bool, rules: Demands) -> bool:
    """Whether a rating of this level could have been given under these rules; `reason`: it has a tag or a text."""
    offered = not rules.labels or level in rules.labels
    explained = reason or not (rules.reason_needed and level in rules.bad_levels)
    return offered and explained and (named or level not in rules.named_levels)
