"""Which organisation of the registry a body of the rules is, for one organisation."""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from haochaping.registry import queries as registry
from haochaping.registry.rules import AUTHORITY

# The one who handles the order: it is told of everything that is set off about its own orders.
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
    """The bodies of one day. The registry is asked when the first one is looked for, once."""

    def __init__(self, on: date) -> None:
        self._on = on
        self._asked = False
        self._authorities: dict[int, int] = {}
        self._homes: dict[int, int] = {}
        self._divisions: dict[int, registry.DivisionView] = {}

    def organisation_of(self, body: str, organisation_id: int) -> int | None:
        """The registry id of a body that stands above or beside an organisation; None where the registry has none such (the
        supervision, a government), and for the organisation itself."""
        if body not in (SAME_LEVEL, LEVEL_ABOVE, *_TIERS):
            return None
        self._ask()
        levels = list(self._upwards(organisation_id))
        if body == SAME_LEVEL:
            wanted = levels[:1]
        elif body == LEVEL_ABOVE:
            wanted = levels[1:]
        else:
            wanted = [each for each in levels if each.level == _TIERS[body]]
        authorities = (self._authorities.get(each.id) for each in wanted)
        found = next((each for each in authorities if each is not None), None)
        return None if found == organisation_id else found

    def _ask(self) -> None:
        if self._asked:
            return
        self._asked = True
        self._divisions = {each.id: each for each in registry.division_tree(self._on)}
        # Of several in one division the one with the first code, as registry.queries.authority_of has it.
        for one in sorted(registry.organisations(self._on), key=lambda each: each.credit_code, reverse=True):
            self._homes[one.id] = one.division_id
            if one.kind == AUTHORITY:
                self._authorities[one.division_id] = one.id

    def _upwards(self, organisation_id: int) -> Iterator[registry.DivisionView]:
        """The organisation's own division and those above it, each once."""
        here: int | None = self._homes.get(organisation_id)
        if here is None:  # it has ended: where it last was
            last = registry.organisation(organisation_id, self._on)
            here = last.division_id if last else None
        seen: set[int] = set()
        while here in self._divisions and here not in seen:
            seen.add(here)
            yield self._divisions[here]
            here = self._divisions[here].parent_id
