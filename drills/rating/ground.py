"""Occasions to be rated, and what the tables must hold of their ratings afterwards."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

import asyncpg

from drills.killing.rising import quiet
from drills.rating.saying import Said
from haochaping.cases.instants import Instants
from haochaping.cases.token import mint, read
from haochaping.cli.figures import Figure
from haochaping.foundation.clock import now
from haochaping.foundation.keys import key_for
from haochaping.ratings.receipt import read_number
from haochaping.simulation.backlog import open_occasions

QR_CODE = 3

HELD = """
SELECT
  (SELECT count(*) FROM unnest($1::uuid[], $2::text[]) AS told (id, number)
   WHERE NOT EXISTS (SELECT FROM ratings_rating r JOIN ratings_receipt c ON c.rating_id = r.id
                     WHERE r.id = told.id AND c.number = told.number)) AS lost,
  (SELECT count(*) FROM (SELECT occasion_id FROM ratings_rating GROUP BY 1 HAVING count(*) > 1) twice)
   + (SELECT count(*) FROM (SELECT rating_id FROM ratings_receipt GROUP BY 1 HAVING count(*) > 1) twice) AS doubled,
  (SELECT count(*) FROM ratings_rating)
   - (SELECT coalesce(sum(n1 + n2 + n3 + n4 + n5), 0) FROM tallies_change) AS uncounted
"""


class Held(NamedTuple):
    """What the tables hold otherwise than was told: receipts without their rating, occasions rated twice, ratings in no
    tally or in two."""

    lost: int
    doubled: int
    uncounted: int

    def figures(self) -> list[Figure]:
        """Each of them has to be 0."""
        return [
            none("acknowledged and lost", self.lost, "ratings"),
            none("stored twice", self.doubled, "ratings"),
            none("stored and not counted", abs(self.uncounted), "ratings"),
        ]


async def occasions(
    dsn: str, count: int, *, instants: Instants | None = None, platform: str = "trial"
) -> list[UUID]:
    """So many open occasions, for a month or with these instants."""
    connection = await asyncpg.connect(dsn)
    try:
        return await open_occasions(connection, count=count, now=now(), instants=instants, platform=platform)
    finally:
        await connection.close()


async def tokens(dsn: str, count: int) -> list[str]:
    """The rating tokens of so many open occasions."""
    return tokens_of(await occasions(dsn, count))


def tokens_of(ids: Sequence[UUID]) -> list[str]:
    """As the occasions' receipts would carry them."""
    key = key_for("rating token")
    return [mint(identifier, QR_CODE, key) for identifier in ids]


async def held(dsn: str, said: Sequence[Said]) -> Held:
    """The tables held against what was told, once nobody is in the middle of anything."""
    key = key_for("rating token")
    told = [(read(each.token, key).occasion_id, each.receipt[0]) for each in said if each.receipt]
    connection = await quiet(dsn)
    try:
        row = await connection.fetchrow(
            HELD, [occasion for occasion, _ in told], [read_number(number) for _, number in told]
        )
    finally:
        await connection.close()
    return Held(row["lost"], row["doubled"], row["uncounted"])


def none(name: str, count: int, unit: str) -> Figure:
    """A figure that has to be 0."""
    return Figure(name, count, unit, goal="value = 0", goal_met=count == 0)


def some(name: str, count: int, unit: str) -> Figure:
    """A figure without which the drill has shown nothing."""
    return Figure(name, count, unit, goal="value > 0", goal_met=count > 0)


def at_most(name: str, count: int, unit: str, limit: int) -> Figure:
    """A figure with an upper limit."""
    return Figure(name, count, unit, goal=f"value <= {limit}", goal_met=count <= limit)


def within(name: str, seconds: float, limit: int, *, quick: bool) -> Figure:
    """A time with its limit in seconds, which is no matter of the short form: that runs on any machine, beside anything."""
    milliseconds = round(seconds * 1000)
    return Figure(name, milliseconds, "ms") if quick else at_most(name, milliseconds, "ms", limit * 1000)
