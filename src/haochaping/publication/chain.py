"""Publications as a chain: each has the digest of the one before it, so that none can be altered, taken out or put in
between unnoticed. Anybody can check it with a copy and a few lines of any language. Pure.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

# What stands before the first one.
BEGINNING = "0" * 64


class Broken(NamedTuple):
    """A publication that does not fit: `altered` is not what its digest was made of, `before` does not follow the one
    before it, `missing` one between them is not there."""

    number: str
    why: str


def canonical(record: Mapping[str, Any]) -> bytes:
    """The bytes of which the digest is made: JSON with keys in order, no spaces, UTF-8 as it is."""
    return json.dumps(record, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def digest(record: Mapping[str, Any]) -> str:
    """SHA-256 of `canonical`, in hex."""
    return sha256(canonical(record)).hexdigest()


def broken(chain: Iterable[tuple[Mapping[str, Any], str]]) -> Iterator[Broken]:
    """What does not fit in (record, digest), in their order; from the first on, or from any other."""
    before: tuple[int, str] | None = None
    for record, kept in chain:
        number, place = str(record.get("number", "")), record.get("sequence")
        if digest(record) != kept:
            yield Broken(number, "altered")
        first = before is None and place == 1
        if first and record.get("before") != BEGINNING:
            yield Broken(number, "before")
        if before is not None and place != before[0] + 1:
            yield Broken(number, "missing")
        elif before is not None and record.get("before") != before[1]:
            yield Broken(number, "before")
        before = (place if isinstance(place, int) else 0, kept)
