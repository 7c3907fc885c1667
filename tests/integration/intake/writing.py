"""What the tests of the writer share: keys, a rating handed in, and what is counted of it."""

import uuid
from datetime import datetime

import asyncpg

from haochaping.intake.writer import Submission
from haochaping.ratings.receipt import ReceiptKeys
from tests.occasions import said

KEYS = ReceiptKeys(number=b"n" * 16, secret=b"s" * 16, kept=b"k" * 16, submission=b"u" * 16)


def submission(occasion: uuid.UUID, received_at: datetime, *, level: int = 5, **given: object) -> Submission:
    return Submission(
        occasion_id=occasion,
        content=said(level, **given),  # type: ignore[arg-type]
        profile="kunming@1",
        channel=3,
        received_at=received_at,
    )


async def deltas(database: asyncpg.Connection) -> dict[str, int]:
    row = await database.fetchrow(
        "SELECT sum(n1) n1, sum(n2) n2, sum(n3) n3, sum(n4) n4, sum(n5) n5, sum(d3) d3 FROM tallies_change"
    )
    return {name: value or 0 for name, value in row.items()}
