"""While a page is made the same question is asked once: who holds which post and what the registry says of a day are the
same from the first line of a page to its last, and many parts of a page ask for them."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")
_answers: ContextVar[dict[Any, Any] | None] = ContextVar("answers", default=None)


@contextmanager
def asking_once() -> Iterator[None]:
    """Within it each function of `once` is run once for the same arguments. For reading alone: who writes
    asks anew. One within another is the same."""
    if _answers.get() is not None:
        yield
        return
    before = _answers.set({})
    try:
        yield
    finally:
        _answers.reset(before)


def once(ask: Callable[_P, _R]) -> Callable[_P, _R]:
    """A read whose answer is kept while `asking_once`, and nowhere else. Arguments are hashable, the answer is not changed
    by whoever gets it."""

    @wraps(ask)
    def answer(*given: _P.args, **named: _P.kwargs) -> _R:
        known = _answers.get()
        if known is None:
            return ask(*given, **named)
        key = (ask, given, frozenset(named.items()))
        if key not in known:
            known[key] = ask(*given, **named)
        found: _R = known[key]
        return found

    return answer
