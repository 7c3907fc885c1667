"""Which groups are too small to be shown. Pure."""

from collections.abc import Hashable, Mapping
from typing import Final, TypeVar

# In statistics the rated see groups of at least five (design.md, section 4), and so does whoever asks on the console.
LEAST: Final = 5

Key = TypeVar("Key", bound=Hashable)


def withheld(rated: Mapping[Key, int]) -> frozenset[Key]:
    """The groups with fewer than LEAST ratings, and the next smallest until those that are withheld are no small group
    together: else a total would give them away. Where nobody rated there is nobody to be known."""
    by_size = sorted((key for key in rated if rated[key]), key=lambda key: rated[key])
    closed = [key for key in by_size if rated[key] < LEAST]
    for key in by_size[len(closed) :]:
        if not 0 < sum(rated[one] for one in closed) < LEAST:
            break
        closed.append(key)
    return frozenset(closed)
