"""What the public is told of one answered bad rating. Pure."""

from datetime import date
from typing import Any, Protocol

from haochaping.publication.chain import digest


class Told(Protocol):
    """A row of `publication_releasedanswer`."""

    number: str
    organisation: str
    credit_code: str
    division: str
    item: str
    week: date | None
    tags: list[int]
    said: str
    answer: str
    clause: str


def record_of(row: Told, released_on: date) -> dict[str, Any]:
    """All of it, with the day on which it was released: of this its digest is made."""
    return {
        "number": row.number,
        "organisation": row.organisation,
        "credit_code": row.credit_code,
        "division": row.division,
        "item": row.item,
        "week": row.week.isoformat() if row.week else None,
        "tags": list(row.tags),
        "said": row.said,
        "answer": row.answer,
        "clause": row.clause,
        "released_on": released_on.isoformat(),
    }


def digest_of(row: Told, released_on: date) -> str:
    """SHA-256 in hex, made as that of publications."""
    return digest(record_of(row, released_on))
