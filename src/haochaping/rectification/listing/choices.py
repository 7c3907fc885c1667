"""What there is to choose from in the filters of the desk: what would find nothing is not offered."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from django.db import connection

from haochaping.rectification.listing.filters import Show
from haochaping.rectification.listing.sight import Sight
from haochaping.rectification.rulebook import rulebook
from haochaping.rectification.states import State
from haochaping.registry import queries as registry
from haochaping.registry.rules import name_key

# Each found by a look into an index, not by reading all orders: units and classes are few, orders are many. `{state}` is
# `_IS`, as the partial indexes have it.
_UNITS: Final = """
SELECT unit FROM unnest(%(reach)s::int[]) AS unit
WHERE EXISTS (SELECT FROM rectification_workorder o WHERE o.organisation_id = unit AND {state})
"""
_CLASSES: Final = """
WITH RECURSIVE kinds AS (
  (SELECT division_id, bad_class FROM rectification_workorder WHERE NOT bad_class = ''
   ORDER BY division_id, bad_class LIMIT 1)
  UNION ALL
  SELECT next.* FROM kinds, LATERAL (
    SELECT o.division_id, o.bad_class FROM rectification_workorder o
    WHERE NOT o.bad_class = '' AND (o.division_id, o.bad_class) > (kinds.division_id, kinds.bad_class)
    ORDER BY o.division_id, o.bad_class LIMIT 1
  ) next
)
SELECT division_id, bad_class FROM kinds
WHERE EXISTS (
  SELECT FROM rectification_workorder o
  WHERE o.division_id = kinds.division_id AND o.bad_class = kinds.bad_class AND NOT o.bad_class = ''
    AND o.organisation_id = ANY(%(reach)s) AND {state}
)
"""
_IS: Final = {True: f"o.state = '{State.CLOSED}'", False: f"NOT o.state = '{State.CLOSED}'"}


@dataclass(frozen=True, slots=True)
class Choices:
    """`organisations` by registry id and name, `classes` by key and the rules' words; no organisations for who sees one.
    `carriers`: whether he may ask by which kind of channel a rating came."""

    organisations: tuple[tuple[int, str], ...]
    classes: tuple[tuple[str, str], ...]
    carriers: bool


def choices_for(sight: Sight, show: Show, today: date) -> Choices:
    """Out of the orders of a list."""
    state, reach = _IS[show is Show.CLOSED], list(sight.reach)
    units: Mapping[int, str] = {}
    if len(reach) > 1:
        present = (unit for (unit,) in _found(_UNITS.format(state=state), reach))
        units = registry.organisation_names(set(present), today)
    kinds = _found(_CLASSES.format(state=state), reach)
    return Choices(
        tuple(sorted(units.items(), key=lambda each: name_key(each[1]))),
        _classes(set(kinds), today),
        bool(sight.overseen),
    )


def _found(statement: str, reach: list[int]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"reach": reach})
        found: list[tuple[Any, ...]] = cursor.fetchall()
        return found


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
