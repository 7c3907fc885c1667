"""Who there is to be scored on a day, and who belongs to whom."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from haochaping.policy.occasions import Occasion
from haochaping.policy.score_units import Unit
from haochaping.registry import queries as registry

# The kinds of unit whose counts are declared tallies.
THINGS = ("staff", "window", "hall", "item")
COUNTED = ("region", "organisation", *THINGS)


@dataclass(frozen=True, slots=True)
class Places:
    """The divisions from `top` down with their parents and codes, and the organisations in them with their divisions; the
    names of both. `ruled`: each organisation as rules see it. `ended`: the organisations that were no more on the day."""

    top: int
    parents: Mapping[int, int | None]
    codes: Mapping[int, str]
    names: Mapping[tuple[str, int], str]
    divisions: Mapping[int, int]
    ruled: Mapping[int, Occasion]
    ended: frozenset[int]

    def region(self, number: int) -> Unit:
        """The unit of a division."""
        above = self.parents.get(number)
        inside = above is not None and number != self.top
        return Unit(
            unit_name("region", number), "region", unit_name("region", above) if inside and above else ""
        )

    def organisation(self, number: int) -> Unit:
        """The unit of an organisation."""
        return Unit(
            unit_name("organisation", number), "organisation", unit_name("region", self.divisions[number])
        )

    def of(self, name: str) -> Occasion:
        """An organisation or a division, by the name of its unit, as rules see it."""
        kind, _, number = name.partition(":")
        return self.ruled[int(number)] if kind == "organisation" else Occasion(self.codes[int(number)])

    def above(self, division: int) -> Iterable[int]:
        """A division and all above it within this place: for which what was counted in it counts."""
        at: int | None = division
        while at is not None and at in self.parents:
            yield at
            at = None if at == self.top else self.parents[at]


def unit_name(kind: str, number: int) -> str:
    """The name under which a unit is worked with: "organisation:7"."""
    return f"{kind}:{number}"


def number_of(unit: Unit) -> int:
    """The registry's id of a unit."""
    return int(unit.name.partition(":")[2])


def places(top: int, *, counted: Collection[int], on: date) -> Places:
    """The divisions from `top` down and the organisations in them on a day, and those of `counted` that had ended by
    then."""
    below = registry.divisions_below(top, on)
    tree = {each.id: each for each in registry.division_tree(on) if each.id in below}
    living = {each.id: each for each in registry.organisations(on)}
    gone = (registry.organisation(number, on) for number in sorted(set(counted) - living.keys()))
    everybody = {**living, **{each.id: each for each in gone if each is not None}}
    mine = {key: each for key, each in everybody.items() if each.division_id in below}
    names = {("region", key): each.name for key, each in tree.items()}
    # Of a division that is no more, what was counted there belongs to the whole place.
    divisions = {key: each.division_id if each.division_id in tree else top for key, each in mine.items()}
    return Places(
        top=top,
        parents={key: each.parent_id for key, each in tree.items()},
        codes={key: each.code for key, each in tree.items()},
        names=names | {("organisation", key): each.name for key, each in mine.items()},
        divisions=divisions,
        ruled={
            key: Occasion(tree[divisions[key]].code, each.credit_code, each.department)
            for key, each in mine.items()
        },
        ended=frozenset(mine.keys() - living.keys()),
    )
