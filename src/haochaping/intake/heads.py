"""The head of a request as the server hands it over: how large it is, and its headers by name."""

from itertools import chain
from typing import Final

from haochaping.intake.http import Scope

HEADER_BYTES: Final = 32 * 1024
HEADER_COUNT: Final = 100


def excessive(scope: Scope) -> bool:
    """Whether there are more or longer headers than anybody needs."""
    pairs = scope["headers"]
    return len(pairs) > HEADER_COUNT or sum(map(len, chain.from_iterable(pairs))) > HEADER_BYTES


def address_length(scope: Scope) -> int:
    """In bytes, as it was sent: with its percent signs, where the server hands that on."""
    return len(scope.get("raw_path") or scope["path"].encode()) + len(scope["query_string"])


def headers_of(scope: Scope) -> dict[str, str]:
    """Lower-case names; a header sent twice is joined, as RFC 9110 (5.3) has it."""
    headers: dict[str, str] = {}
    for raw_name, raw_value in scope["headers"]:
        name, value = raw_name.decode("latin-1").lower(), raw_value.decode("latin-1")
        headers[name] = f"{headers[name]}, {value}" if name in headers else value
    return headers
