"""For which place and day a command about rules asks."""

import re
import sys
from datetime import date

from haochaping.foundation.clock import local_day, now
from haochaping.policy.occasions import Occasion
from haochaping.policy.profile import Profile
from haochaping.policy.reading import nearest
from haochaping.policy.rulebook import Rulebook, RulesError


def asked_day(text: str | None) -> date:
    """The day that was typed, else today's. Raises ValueError."""
    if text is None:
        return local_day(now())
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise ValueError(f"{text} is no day; write it as 2026-11-23") from problem


def profile_of(rulebook: Rulebook, text: str, *, beside: str) -> tuple[Profile, date]:
    """The profile, and the day it is of, for `NAME or DIVISION[@DATE]`; a day alone means the place of what stands `beside`.

    Raises ValueError and LookupError saying what is unknown.
    """
    place, _, day = text.partition("@")
    if re.fullmatch(r"\d{4}-\d\d-\d\d", place):
        place, day = beside.partition("@")[0], place
        if re.fullmatch(r"\d{4}-\d\d-\d\d", place):
            raise ValueError(
                "two days and no place: write the place before one of them, as kunming@2021-01-01"
            )
    on = asked_day(day or None)
    return rulebook.rules(occasion_in(rulebook, place), on), on


def occasion_in(rulebook: Rulebook, place: str) -> Occasion:
    """An occasion in a division, or in the first one to which the named jurisdiction applies."""
    if place.isdigit():
        return Occasion(place)
    for each in rulebook.jurisdictions:
        if each.key == place:
            return each.example()
    raise LookupError(f"no jurisdiction is named {place}; {nearest(place, _names(rulebook))}")


def _names(rulebook: Rulebook) -> list[str]:
    return [each.key for each in rulebook.jurisdictions]


def rulebook_or_none() -> Rulebook | None:
    """The rules, or None after every mistake in them was told."""
    try:
        return Rulebook.load()
    except RulesError as error:
        for mistake in error.mistakes:
            print(mistake, file=sys.stderr)
        print("haochaping: the rules cannot be loaded; nothing is half-loaded", file=sys.stderr)
        return None
