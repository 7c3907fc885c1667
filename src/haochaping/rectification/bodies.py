"""Which organisation of the registry a body of the rules is, seen from an organisation: one answer for single orders, for
objections and for sets of orders."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Final

from haochaping.registry import queries as registry

# With whom the order is: it is told of everything that is set off about its own orders.
OWN: Final = frozenset({"", "handling_unit", "rated_organisation", "rated_person"})
SAME_LEVEL: Final = "same_level_authority"
LEVEL_ABOVE: Final = "level_above_authority"
# By the level of their division in the registry.
_TIERS: Final[Mapping[str, str]] = {
    "province_authority": "province",
    "city_authority": "prefecture",
    "county_authority": "county",
}


class Bodies:
    """The bodies of one day. The registry is asked when the first one is looked for, and of organisations once; `units`
    are those that will be asked about, so that they are looked up together."""

    def __init__(self, on: date, units: Collection[int] = ()) -> None:
        self._on = on
        self._units = frozenset(units)
        self._asked = False
        self._authorities: dict[int, int] = {}
        self._divisions: dict[int, tuple[str, int | None]] = {}
        self._homes: dict[int, int] = {}

    def organisation_of(self, body: str, unit: int) -> int | None:
        """The registry id of the authority that stands beside or above an organisation; an authority is that of its own
        level. None where the registry has none such (the supervision, a government), and for the unit's own words (OWN)."""
        if body not in (SAME_LEVEL, LEVEL_ABOVE, *_TIERS):
            return None
        self._ask(unit)
        levels = list(self._upwards(unit))
        if body == SAME_LEVEL:
            wanted = levels[:1]
        elif body == LEVEL_ABOVE:
            wanted = levels[1:]
        else:
            wanted = [each for each in levels if self._divisions[each][0] == _TIERS[body]]
        authorities = (self._authorities.get(each) for each in wanted)
        return next((each for each in authorities if each is not None), None)

    def _ask(self, unit: int) -> None:
        if not self._asked:
            self._asked = True
            self._divisions = registry.divisions_up(self._on)
            self._authorities = registry.authorities(self._on)
            self._homes = registry.homes(self._units | {unit}, self._on)
        if unit not in self._homes:
            self._homes = {**self._homes, **registry.homes({unit}, self._on)}

    def _upwards(self, unit: int) -> Iterator[int]:
        """The organisation's own division and those above it, each once."""
        here: int | None = self._homes.get(unit)
        seen: set[int] = set()
        while here in self._divisions and here not in seen:
            seen.add(here)
            yield here
            here = self._divisions[here][1]
