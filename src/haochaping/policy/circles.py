"""Things that name each other must not do so in a circle."""

from collections.abc import Iterable, Mapping


def circle(graph: Mapping[str, Iterable[str]]) -> tuple[str, ...]:
    """One circle, its first name repeated at the end; () when there is none. Unknown names lead nowhere."""
    done: set[str] = set()
    for start in graph:
        found = _walk(graph, start, (), done)
        if found:
            return found
    return ()


def _walk(
    graph: Mapping[str, Iterable[str]], name: str, path: tuple[str, ...], done: set[str]
) -> tuple[str, ...]:
    if name in path:
        return (*path[path.index(name) :], name)
    if name in done or name not in graph:
        return ()
    for following in graph[name]:
        found = _walk(graph, following, (*path, name), done)
        if found:
            return found
    done.add(name)
    return ()
