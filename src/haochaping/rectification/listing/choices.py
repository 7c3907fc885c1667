"""What there is to choose from in the filters of the desk: what would find nothing is not offered."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from haochaping.rectification.listing.conditions import shown
from haochaping.rectification.listing.filters import Show
from haochaping.rectification.listing.sight import Sight
from haochaping.rectification.rulebook import rulebook
from haochaping.registry import queries as registry
from haochaping.registry.rules import name_key


@dataclass(frozen=True, slots=True)
class Choices:
    """`organisations` by registry id and name, `classes` by key and the rules' words; no organisations for who sees one.
    `carriers`: whether he may ask by which kind of channel a rating came."""

    organisations: tuple[tuple[int, str], ...]
    classes: tuple[tuple[str, str], ...]
    carriers: bool


def choices_for(sight: Sight, show: Show, today: date) -> Choices:
    """Out of the orders of a list."""
    listed = shown(sight, Show.OPEN if show is Show.MINE else show).order_by()
    units: Mapping[int, str] = {}
    if len(sight.reach) > 1:
        present = listed.values_list("organisation_id", flat=True).distinct()
        units = registry.organisation_names(set(present), today)
    kinds = listed.exclude(bad_class="").values_list("division_id", "bad_class").distinct()
    return Choices(
        tuple(sorted(units.items(), key=lambda each: name_key(each[1]))),
        _classes(set(kinds), today),
        bool(sight.overseen),
    )


def _classes(found: set[tuple[int, str]], today: date) -> tuple[tuple[str, str], ...]:
    """A key that no rules of its place name any more stands for itself."""
    codes = registry.division_codes({division for division, _ in found}) if found else {}
    words: dict[str, str] = {}
    for division, key in sorted(found):
        words.setdefault(key, key)
        with suppress(LookupError):
            classes = rulebook().profile(codes.get(division, ""), today).classes
            if key in classes:
                words[key] = classes[key].value.label
    return tuple(words.items())
