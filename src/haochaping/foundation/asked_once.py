"""While a page is made the same question is asked once: who holds which post and what the registry says of a day are the
same from the first line of a page to its last, and many parts of a page ask for them. While acts are done, what no act
changes is."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, ParamSpec, TypeVar

_P = ParamSpec("_P")
_R = TypeVar("_R")
_Answers = ContextVar[dict[Any, Any] | None]
_of_page: _Answers = ContextVar("of_page", default=None)
_of_acts: _Answers = ContextVar("of_acts", default=None)


@contextmanager
def asking_once() -> Iterator[None]:
    """Within it each function of `once` or `steady` is run once for the same arguments. For reading alone: who writes
    asks anew. One within another is the same."""
    with _keeping(_of_page):
        yield


@contextmanager
def asking_steadily() -> Iterator[None]:
    """Within it each function of `steady` is run once for the same arguments: for an act, or for many of them that are done
    together. What acts write is read anew each time. One within another is the same."""
    with _keeping(_of_acts):
        yield


@contextmanager
def _keeping(answers: _Answers) -> Iterator[None]:
    if answers.get() is not None:
        yield
        return
    before = answers.set({})
    try:
        yield
    finally:
        answers.reset(before)


def once(ask: Callable[_P, _R]) -> Callable[_P, _R]:
    """A read whose answer is kept while `asking_once`, and nowhere else. Arguments are hashable, the answer is not changed
    by whoever gets it."""
    return _kept(ask, _of_page)


def steady(ask: Callable[_P, _R]) -> Callable[_P, _R]:
    """A read of what no act on an order changes: the registry of a day, posts, what a sender told of an occasion. Its answer
    is kept while `asking_once` and while `asking_steadily`."""
    return _kept(ask, _of_page, _of_acts)


def _kept(ask: Callable[_P, _R], *places: _Answers) -> Callable[_P, _R]:
    @wraps(ask)
    def answer(*given: _P.args, **named: _P.kwargs) -> _R:
        known = next((found for each in places if (found := each.get()) is not None), None)
        if known is None:
            return ask(*given, **named)
        key = (ask, given, frozenset(named.items()))
        if key not in known:
            known[key] = ask(*given, **named)
        told: _R = known[key]
        return told

    return answer
