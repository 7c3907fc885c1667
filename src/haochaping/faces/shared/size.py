"""The two sizes of type of the Django pages; the large one is that of the rules for ageing users: 18 points and more."""

from typing import Final

from django.http import HttpRequest

# The template of the frame reads it by this name.
SIZE_COOKIE: Final = "size"
LARGE: Final = "large"
SIZES: Final = ("normal", LARGE)


def is_large(request: HttpRequest) -> bool:
    """Whether whoever asks wants large type."""
    return request.COOKIES.get(SIZE_COOKIE) == LARGE
