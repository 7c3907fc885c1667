"""Public pages are made at most every two seconds and answered out of memory in between; who has the same one is told so.

Nothing on them depends on who asks but language and size of type, by which they are kept apart. Browsers ask
again each time, with the tag of what they have (ETag, `ConditionalGetMiddleware`).
"""

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import cache_page

from haochaping.faces.shared.size import is_large

SECONDS: Final = 2

View = Callable[..., HttpResponse]


def fresh(view: View) -> View:
    """A page that may be two seconds old."""
    kept = {large: cache_page(SECONDS, key_prefix="large" if large else "")(view) for large in (False, True)}

    @wraps(view)
    def answered(request: HttpRequest, *arguments: Any, **named: Any) -> HttpResponse:
        response = kept[is_large(request)](request, *arguments, **named)
        patch_vary_headers(response, ("Cookie",))
        response.headers["Cache-Control"] = "no-cache"
        response.headers.pop("Expires", None)
        return response

    return answered
