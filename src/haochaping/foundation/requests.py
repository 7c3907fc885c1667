"""The id of the request that is worked on, so that lines of several processes can be laid side by side."""

import os
import re
from contextvars import ContextVar
from typing import Final

from haochaping.foundation import base32

HEADER: Final = "X-Request-ID"
# What a proxy makes (nginx: 32 hexadecimal digits; others: a UUID), and nothing in which somebody could write a name.
_MADE_BY_PROXIES: Final = re.compile(r"[0-9a-f]{16,64}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)

current: Final[ContextVar[str]] = ContextVar("request", default="")


def request_id(given: str) -> str:
    """The id that a proxy gave, else a fresh one (8 characters, made to be read out on the telephone)."""
    return given if _MADE_BY_PROXIES.fullmatch(given) else base32.encode(os.urandom(5))
