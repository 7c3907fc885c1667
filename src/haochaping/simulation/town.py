"""The city as it is on a day: at which window, or which desk that nobody sees, how much of all is served. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from random import Random
from typing import Final

from haochaping.registry.directory import Directory, ItemCopy
from haochaping.simulation.marginals import STREAMS, Shape, bounds, skewed
from haochaping.simulation.served import places

BITS: Final = 16
_ONLINE: Final = STREAMS.index("online")
_AT_ONCE: Final = "即办件"


@dataclass(frozen=True, slots=True)
class Desk:
    """Where an organisation serves: at a window with its member of staff, or online (`place`), where there is neither. The
    items are those that it handles, the commonest first."""

    stream: int
    organisation_id: int
    division_id: int
    hall_id: int | None
    window_id: int | None
    staff_id: int | None
    place: str
    items: tuple[ItemCopy, ...]


@dataclass(frozen=True, slots=True)
class Town:
    """All desks; of each stream its desks (their places in `desks`), each with the bound below which a draw of BITS bits
    falls to it; of each number of items likewise the bounds of their places."""

    desks: tuple[Desk, ...]
    bounds: tuple[tuple[tuple[int, int], ...], ...]
    item_bounds: dict[int, tuple[int, ...]]


def town(directory: Directory, day: date, shape: Shape, seed: int) -> Town:
    """Which organisations have most is drawn by the seed; a window has its part of its organisation's."""
    windows = places(directory, day)
    order = sorted(
        {place.organisation.id: place.organisation for place in windows}.values(), key=lambda o: o.code
    )
    Random(f"organisations {seed}").shuffle(order)  # noqa: S311 - reproducible on purpose
    weights = dict(
        zip((each.id for each in order), skewed(len(order), shape.organisations.exponent), strict=True)
    )
    desks: list[Desk] = []
    shares: list[Decimal] = []
    for place in windows:
        of, items = place.organisation, _sorted(place.items, seed)
        beside = sum(1 for each in windows if each.organisation.id == of.id)
        window = place.window
        desks.append(Desk(0, of.id, of.division_id, window.hall_id, window.id, place.staff.id, "", items))
        shares.append(weights[of.id] / beside)
    for of in order:
        items = next(place.items for place in windows if place.organisation.id == of.id)
        desks.append(Desk(_ONLINE, of.id, of.division_id, None, None, None, "online", _sorted(items, seed)))
        shares.append(weights[of.id])
    desk_bounds = tuple(
        tuple(bounds([(n, shares[n]) for n, desk in enumerate(desks) if desk.stream == stream], BITS))
        for stream in range(len(STREAMS))
    )
    numbers = {len(desk.items) for desk in desks}
    return Town(tuple(desks), desk_bounds, {number: _item_bounds(number, shape) for number in numbers})


def case_type(item: ItemCopy) -> str:
    """In the words that rules select by."""
    return "instant" if item.project_type == _AT_ONCE else "promised"


def _sorted(items: Sequence[ItemCopy], seed: int) -> tuple[ItemCopy, ...]:
    found = sorted(items, key=lambda item: item.code)
    Random(f"items {seed} {found[0].code}").shuffle(found)  # noqa: S311 - reproducible on purpose
    return tuple(found)


def _item_bounds(number: int, shape: Shape) -> tuple[int, ...]:
    places = list(enumerate(skewed(number, shape.items.exponent)))
    return tuple(bound for _, bound in bounds(places, BITS))
