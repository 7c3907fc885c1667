"""Each request to Django has an id, in its answer and in every line that is written about it."""

from collections.abc import Callable

from django.http import HttpRequest
from django.http.response import HttpResponseBase

from haochaping.foundation.requests import HEADER, current, request_id


class RequestIds:
    """Middleware, the outermost one. The id is the proxy's, or the door's, where one of them gave it."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        number = request_id(request.headers.get(HEADER, ""))
        token = current.set(number)
        try:
            response = self._answer(request)
        finally:
            current.reset(token)
        response.headers[HEADER] = number
        return response
