"""Pages that differ in a few texts only: rendered once for each kind, with holes, and filled in for each person.

A template costs a tenth of a millisecond and more, and most of it says the same to everybody.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from typing import Final

from markupsafe import escape

# Private characters: no text of ours has them, and what was typed never goes into a pattern.
_HOLE: Final = re.compile("\ue000([a-z_]+)\ue001")
_MARKUP: Final = re.compile("[&<>'\"]")
_KEPT: Final = 200


def hole(name: str) -> str:
    """What stands in a pattern where the text of that name will be."""
    return f"\ue000{name}\ue001"


class Pattern:
    """A page in pieces: what it says to everybody, and between that the names of its holes."""

    def __init__(self, rendered: str) -> None:
        pieces = _HOLE.split(rendered)
        self._fixed = [piece.encode() for piece in pieces[::2]]
        self._names = pieces[1::2]
        self._wanted = frozenset(self._names)

    def filled(self, texts: Mapping[str, str]) -> bytes:
        """The page with these texts in it, escaped. Raises KeyError for a hole without a text."""
        said = {name: _escaped(texts[name]) for name in self._wanted}
        pieces = [self._fixed[0]]
        for name, fixed in zip(self._names, self._fixed[1:], strict=True):
            pieces += (said[name], fixed)
        return b"".join(pieces)


def _escaped(text: str) -> bytes:
    return (str(escape(text)) if _MARKUP.search(text) else text).encode("utf-8", "replace")


class Patterns:
    """The patterns in use lately, by what they depend on: so many at most, the oldest go."""

    def __init__(self, kept: int = _KEPT) -> None:
        self._kept = kept
        self._patterns: OrderedDict[Hashable, Pattern] = OrderedDict()

    def get(self, key: Hashable, render: Callable[[], str]) -> Pattern:
        """The pattern of that kind, rendered if it is not there."""
        pattern = self._patterns.get(key)
        if pattern is None:
            pattern = self._patterns[key] = Pattern(render())
            while len(self._patterns) > self._kept:
                self._patterns.popitem(last=False)
        else:
            self._patterns.move_to_end(key)
        return pattern
