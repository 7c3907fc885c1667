"""Public pages are made at most every two seconds and answered out of memory in between; who has the same one is told so.

Nothing on them depends on who asks but language and size of type, by which they are kept apart. Browsers ask
again each time, with the tag of what they have (ETag, `ConditionalGetMiddleware`).
"""

import time
from collections.abc import Callable
from functools import partial, wraps
from hashlib import sha256
from threading import Lock
from typing import Any, Final

from django.core.cache import cache
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.utils.translation import get_language

from haochaping.faces.shared.size import is_large

SECONDS: Final = 2
# So long the page before is shown while one makes the next: else at each turn all who ask just then would make it, and wait.
_KEPT: Final = 2 * SECONDS

_FIRST: Final = tuple(Lock() for _number in range(64))

View = Callable[..., HttpResponse]
# When it was made, by the clock of this process, and the page.
_Kept = tuple[float, HttpResponse]


def fresh(view: View) -> View:
    """A page that may be two seconds old, and as much more as it takes to make it."""

    @wraps(view)
    def answered(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        key = _key(request)
        kept: _Kept | None = cache.get(key)
        if kept is None:
            # Of a page that nobody has made yet all but one wait, instead of all making it.
            with _FIRST[hash(key) % len(_FIRST)]:
                kept = cache.get(key) or _made(key, partial(view, request, *arguments, **named))
        elif time.monotonic() >= kept[0] + SECONDS and cache.add(f"{key}.next", 1, SECONDS):
            kept = _made(key, partial(view, request, *arguments, **named))
        response = kept[1]
        patch_vary_headers(response, ("Cookie",))
        response.headers["Cache-Control"] = "no-cache"
        return response

    return answered


def _made(key: str, make: Callable[[], HttpResponse]) -> _Kept:
    kept = time.monotonic(), make()
    if kept[1].status_code == 200:
        cache.set(key, kept, _KEPT)
    return kept


def _key(request: HttpRequest) -> str:
    said = (request.method, request.build_absolute_uri(), get_language(), is_large(request))
    return f"page.{sha256(repr(said).encode()).hexdigest()}"
