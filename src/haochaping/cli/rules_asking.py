"""For whom and for which day a command about rules asks."""

import argparse
import re
import sys
from datetime import date
from typing import Final

from haochaping.foundation.clock import local_day, now
from haochaping.policy.occasions import Occasion
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook, RulesError

_FACTS: Final = (
    ("department", "the kind of department (条线), e.g. hrss"),
    ("hall", "the hall's code"),
    ("place", "government_hall, own_hall, station, online, hotline or kiosk"),
    ("item", "the item's implementing or base code"),
    ("item-type", "permit, payment, confirmation, reward, adjudication, other_power or public_service"),
    ("channel", "web, mobile, qr, device, kiosk, hotline, sms, paper or upper_platform"),
    ("case-type", "instant or promised"),
    ("form", "single, batch, joint, theme or consultation"),
    ("stage", "the stage of the case"),
    ("rater", "person or organisation"),
    ("subject", "item, staff, hall, window, platform, guide, department or policy"),
    ("class", "the class of the bad rating"),
)
_CREDIT: Final = re.compile(r"[0-9A-Z]{18}")


def add_occasion(parser: argparse.ArgumentParser) -> None:
    """Options for every fact of an occasion."""
    parser.add_argument(
        "--organisation", metavar="CODE", help="credit code; its registering division is used as the place"
    )
    parser.add_argument("--division", metavar="CODE", help="6 or 12 digits (default: the organisation's)")
    for name, words in _FACTS:
        parser.add_argument(f"--{name}", metavar="WORD", default="", help=words)
    parser.add_argument("--level", type=int, default=0, choices=range(1, 6), help="the rating's level")
    parser.add_argument("--named", choices=("yes", "no"), help="real name or anonymous")


def occasion_of(arguments: argparse.Namespace) -> Occasion:
    """The occasion that the options describe. Raises ValueError saying what is missing."""
    code = arguments.organisation or ""
    if code and not _CREDIT.fullmatch(code):
        raise ValueError(f"{code} is no credit code of 18 characters")
    division = arguments.division or code[2:8]
    if not division:
        raise ValueError("give --organisation CODE or --division CODE")
    facts = {name.replace("-", "_"): getattr(arguments, name.replace("-", "_")) for name, _ in _FACTS}
    facts["bad_class"] = facts.pop("class")
    named = None if arguments.named is None else arguments.named == "yes"
    return Occasion(division, organisation=code, level=arguments.level, named=named, **facts)


def asked_day(text: str | None) -> date:
    """The day that was typed, else today's. Raises ValueError."""
    if text is None:
        return local_day(now())
    try:
        return date.fromisoformat(text)
    except ValueError as problem:
        raise ValueError(f"{text} is no day; write it as 2026-11-23") from problem


def profile_of(rulebook: Rulebook, text: str, *, beside: str) -> Profile:
    """The profile of `NAME or DIVISION[@DATE]`; a day alone means the place of what stands `beside`.

    Raises ValueError and LookupError saying what is unknown.
    """
    place, _, day = text.partition("@")
    if re.fullmatch(r"\d{4}-\d\d-\d\d", place):
        place, day = beside.partition("@")[0], place
        if re.fullmatch(r"\d{4}-\d\d-\d\d", place):
            raise ValueError(
                "two days and no place: write the place before one of them, as kunming@2021-01-01"
            )
    return rulebook.rules(occasion_in(rulebook, place), asked_day(day or None))


def occasion_in(rulebook: Rulebook, place: str) -> Occasion:
    """An occasion in a division, or in the first one to which the named jurisdiction applies."""
    if place.isdigit():
        return Occasion(place)
    for each in rulebook.jurisdictions:
        if each.key == place:
            return each.example()
    known = ", ".join(sorted(each.key for each in rulebook.jurisdictions))
    raise LookupError(f"no jurisdiction is named {place}; there are {known}")


def rulebook_or_none() -> Rulebook | None:
    """The rules, or None after every mistake in them was told."""
    try:
        return Rulebook.load()
    except RulesError as error:
        for mistake in error.mistakes:
            print(mistake, file=sys.stderr)
        print("haochaping: the rules cannot be loaded; nothing is half-loaded", file=sys.stderr)
        return None
