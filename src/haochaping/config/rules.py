"""One edition of the rules for each request to Django, the newest when it came in."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from haochaping.policy.keeping import one_edition


class RulesOfRequest:
    """Middleware. A page that asks for the rules twice is not answered by two sets."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Raises RulesError where this process has never had rules that could be used."""
        with one_edition():
            return self._answer(request)
