"""Ranges of a figure and what they are worth: bands, lines, steps."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Annotated

from haochaping.policy.shapes import OneOf, Range


@dataclass(frozen=True)
class Bounds:
    """From and to where; what is left out is open."""

    from_: Annotated[Decimal | None, "at or above (included)"] = None
    above: Annotated[Decimal | None, "above (not included)"] = None
    up_to: Annotated[Decimal | None, "at or below (included)"] = None
    under: Annotated[Decimal | None, "below (not included)"] = None

    @property
    def open(self) -> bool:
        """Whether nothing bounds it."""
        return self.from_ is self.above is self.up_to is self.under is None

    @property
    def lower(self) -> Decimal | None:
        """Where it begins; None: it has no lower end."""
        return self.from_ if self.from_ is not None else self.above

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other."""
        if self.from_ is not None and self.above is not None:
            yield "above", "give `from` or `above`, not both"
        if self.up_to is not None and self.under is not None:
            yield "under", "give `up_to` or `under`, not both"


@dataclass(frozen=True)
class Band(Bounds):
    """A range that is worth so many points. Bands are written the highest first."""

    points: Annotated[Decimal, "what it is worth"] = field(kw_only=True)


@dataclass(frozen=True, slots=True)
class Knot:
    """One point of a broken line."""

    at: Annotated[Decimal, "the measure's value"]
    points: Annotated[Decimal, "the points there"]


@dataclass(frozen=True, slots=True)
class PerStep:
    """So many points for each step: deductions (negative points) and bonuses."""

    step: Annotated[Decimal, Range(0, None), "how much of the measure is one step, above 0"]
    points: Annotated[Decimal, "points of one step; negative takes off"]
    beyond: Annotated[Decimal, "steps begin beyond this"] = Decimal(0)
    side: Annotated[str, OneOf({"above": "高于", "below": "低于"}), "on which side of it"] = "above"
    whole: Annotated[
        str, OneOf({"down": "不足一步不计", "up": "不足一步按一步计", "exact": "按比例"}), "a part of a step"
    ] = "exact"
    start: Annotated[Decimal, "the points before any step"] = Decimal(0)


def band_mistakes(bands: tuple[Bounds, ...], key: str = "bands") -> Iterator[tuple[str, str]]:
    """Bands that leave a gap, overlap, or do not go down. Each value lies in one band exactly."""
    for index, band in enumerate(bands):
        place = f"{key}[{index}]"
        last = index == len(bands) - 1
        if band.lower is None and not last:
            yield f"{place}.from", "is missing: only the lowest band may be open below"
            continue
        if index == 0:
            if band.up_to is not None and band.lower is not None and band.lower >= band.up_to:
                yield f"{place}.up_to", f"{band.up_to} is not above {band.lower}"
            continue
        yield from _beneath(bands[index - 1], band, place)
    if bands and bands[-1].lower not in (None, 0):
        yield key, f"nothing is said below {bands[-1].lower}: the last band begins at 0, or has no `from`"


def _beneath(higher: Bounds, band: Bounds, place: str) -> Iterator[tuple[str, str]]:
    if higher.lower is None:
        return
    if band.lower is not None and band.lower >= higher.lower:
        yield f"{place}.from", f"{band.lower} is not below {higher.lower}: highest band first"
        return
    end = band.up_to if band.up_to is not None else band.under
    if end is None:
        return
    name = "up_to" if band.up_to is not None else "under"
    if end > higher.lower or (end == higher.lower and band.up_to is not None and higher.from_ is not None):
        yield f"{place}.{name}", f"overlaps the band above, which begins at {higher.lower}"
    if end < higher.lower or (end == higher.lower and band.under is not None and higher.above is not None):
        yield f"{place}.{name}", f"leaves a gap below the band above, which begins at {higher.lower}"
