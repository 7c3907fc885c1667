"""Which route a path leads to, and which paths are the door's own even when no route takes them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from msgspec import Struct

from haochaping.intake.http import Route


class Match(Struct, frozen=True, gc=False):
    """A route with what its names matched."""

    route: Route
    parameters: Mapping[str, str]


class NoMatch(Struct, frozen=True, gc=False):
    """`allowed` methods when the path is known but not this method. `ours`: the path lies under a prefix of
    the door and must not be passed on, because it may carry a token."""

    ours: bool
    allowed: tuple[str, ...] = ()


class RouteTable:
    """The door's routes by the number of segments. HEAD is answered by GET's route."""

    def __init__(self, routes: Sequence[Route]) -> None:
        self._by_length: dict[int, list[tuple[_Pattern, Route]]] = {}
        self._prefixes: set[tuple[str, ...]] = set()
        for route in routes:
            segments = _segments(route.pattern)
            self._by_length.setdefault(len(segments), []).append((_Pattern.of(segments), route))
            fixed = tuple(segment.lower() for segment in segments if not segment.startswith("{"))
            self._prefixes.add(fixed)

    def find(self, method: str, path: str) -> Match | NoMatch:
        """The route for a decoded path."""
        segments = _segments(path)
        wanted = "GET" if method == "HEAD" else method
        known = self._by_length.get(len(segments), ())
        for pattern, route in known:
            if route.method == wanted and (parameters := _matched(pattern, segments)) is not None:
                return Match(route, parameters)
        allowed: list[str] = []
        for pattern, route in known:
            if _matched(pattern, segments) is not None:
                allowed += [route.method, "HEAD"] if route.method == "GET" else [route.method]
        lowered = tuple(segment.lower() for segment in segments)
        ours = any(lowered[: len(prefix)] == prefix for prefix in self._prefixes)
        return NoMatch(ours, tuple(dict.fromkeys(allowed)))


def _segments(path: str) -> tuple[str, ...]:
    return tuple(path.removeprefix("/").split("/"))


class _Pattern(NamedTuple):
    """A pattern taken apart: the places of its fixed segments, in lower case, and those of its names."""

    fixed: tuple[tuple[int, str], ...]
    names: tuple[tuple[int, str], ...]

    @classmethod
    def of(cls, segments: tuple[str, ...]) -> "_Pattern":
        places = list(enumerate(segments))
        return cls(
            tuple((place, segment.lower()) for place, segment in places if not segment.startswith("{")),
            tuple((place, segment[1:-1]) for place, segment in places if segment.startswith("{")),
        )


def _matched(pattern: _Pattern, segments: tuple[str, ...]) -> dict[str, str] | None:
    """What the names of the pattern stand for; `segments` are as many as the pattern has."""
    for place, expected in pattern.fixed:
        if segments[place].lower() != expected:
            return None
    parameters = {name: segments[place] for place, name in pattern.names}
    return parameters if all(parameters.values()) else None
