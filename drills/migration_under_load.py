"""Changes the tables that ratings use while 100 people a second rate: statements are prepared anew and nobody notices."""

import asyncio
from typing import Final

import asyncpg

from drills.rating.ground import held, none, some, tokens
from drills.rating.saying import Said, Tally, both_ways
from drills.rolling.pace import A_SECOND, at_pace, failed
from haochaping.cli.figures import Figure
from haochaping.cli.stage import Stage, stage
from haochaping.starter.progress import Say

# What a rating's look-up and its statement read and write.
TABLES: Final = (
    "cases_serviceoccasion",
    "cases_waiting",
    "ratings_rating",
    "ratings_receipt",
    "ratings_trace",
    "ratings_defaultrating",
    "tallies_change",
    "rectification_badrating",
)
# The ways in which a migration expands a table, each with the way back.
CHANGES: Final = (
    ("ALTER TABLE {table} ADD COLUMN drill integer", "ALTER TABLE {table} DROP COLUMN drill"),
    (
        "ALTER TABLE {table} ADD COLUMN drill text NOT NULL DEFAULT ''",
        "ALTER TABLE {table} DROP COLUMN drill",
    ),
    (
        "ALTER TABLE {table} ADD CONSTRAINT drill CHECK (true) NOT VALID",
        "ALTER TABLE {table} DROP CONSTRAINT drill",
    ),
    ("CREATE INDEX CONCURRENTLY drill ON {table} ((1))", "DROP INDEX CONCURRENTLY drill"),
)
PAUSE = 0.05
# Far more than a round of changes takes.
SECONDS_A_ROUND = 120


def run(*, quick: bool, say: Say) -> list[Figure]:
    """Every change of every table ten times, or once."""
    rounds = 1 if quick else 10
    tally = Tally()
    with stage(say) as set_up:
        said = both_ways(asyncio.run(tokens(set_up.dsn, rounds * SECONDS_A_ROUND * A_SECOND)))
        set_up.start_door()
        came, changes = asyncio.run(_rate_and_change(set_up, said, tally, rounds))
        found = asyncio.run(held(set_up.dsn, came))
    slowest = max((each.seconds for each in tally.answers), default=0.0)
    return [
        Figure("changes of tables, and back", changes, "changes"),
        some("ratings meanwhile", len(came), "ratings"),
        none("failed", failed(tally), "ratings"),
        Figure("slowest answer", round(slowest * 1000), "ms"),
        *found.figures(),
    ]


async def _rate_and_change(
    set_up: Stage, said: list[Said], tally: Tally, rounds: int
) -> tuple[list[Said], int]:
    over = asyncio.Event()
    rating = asyncio.create_task(at_pace(set_up.port, said, tally, over=over.is_set))
    try:
        changes = await _change(set_up.dsn, rounds)
    finally:
        over.set()
        came = await rating
    return came, changes


async def _change(dsn: str, rounds: int) -> int:
    changes = 0
    connection = await asyncpg.connect(dsn)
    try:
        for _ in range(rounds):
            for table in TABLES:
                for way in CHANGES:
                    for statement in way:
                        await connection.execute(statement.format(table=table))
                        await asyncio.sleep(PAUSE)
                        changes += 1
    finally:
        await connection.close()
    return changes
