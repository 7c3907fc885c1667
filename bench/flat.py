"""The door's memory over thirty minutes of ratings, pages, guessed tokens and what is sent twice, at a steady rate.

How fast it answers is not asked here (`bench intake` does); whether it grows is. What a Python process needs at first it
keeps: so the last third is held against the first, not against the start.
"""

import asyncio
from collections.abc import Iterator
from decimal import Decimal
from itertools import islice

import asyncpg

from bench.intake import CONNECTIONS, MEMORY, QR_CODE, RECEIPT, resident
from bench.rating import load
from haochaping.cases.token import mint
from haochaping.cli.figures import Figure
from haochaping.cli.stage import Stage, stage
from haochaping.foundation.clock import now
from haochaping.foundation.ids import random_id
from haochaping.foundation.keys import key_for
from haochaping.simulation.backlog import open_occasions
from haochaping.starter.progress import Say

RATE = 300
GROWTH = Decimal("1.03")
UNKNOWN = (404, b"")
SAME = (200, b'class="code">')


def run(*, quick: bool, say: Say) -> list[Figure]:
    """Thirty rounds of a minute, or three of eight seconds."""
    rounds, seconds = (3, 2) if quick else (30, 15)
    each = RATE * seconds
    with stage(say) as set_up:
        say(f"storing {2 * rounds * each:,} occasions")
        tokens = iter(asyncio.run(_tokens(set_up, 2 * rounds * each)))
        door = set_up.start_door().process.pid
        memory, answers = [], 0
        for number in range(1, rounds + 1):
            answers += _round(set_up.port, tokens, each)
            memory.append(resident(door))
            say(f"round {number} of {rounds}: {memory[-1]} MiB")
    return _figures(memory, answers)


async def _tokens(set_up: Stage, count: int) -> list[str]:
    connection = await asyncpg.connect(set_up.dsn)
    try:
        ids = await open_occasions(connection, count=count, now=now())
    finally:
        await connection.close()
    return [mint(each, QR_CODE, key_for("rating token")) for each in ids]


def _round(port: int, tokens: Iterator[str], each: int) -> int:
    """Ratings, the same once more, pages, and tokens that nobody minted; how many answers came, all as expected."""
    forms = [load.form(token) for token in islice(tokens, each)]
    pages = [load.get(f"/r/{token}") for token in islice(tokens, each)]
    forged = [load.get(f"/r/{mint(random_id(), QR_CODE, bytes(32))}") for _ in range(each)]
    parts = ((forms, RECEIPT), (forms, SAME), (pages, load.FORM), (forged, UNKNOWN))
    told = [
        load.drive(port, requests, expect=expect, connections=CONNECTIONS, rate=RATE)
        for requests, expect in parts
    ]
    return sum(len(part.each) for part in told)


def _figures(memory: list[int], answers: int) -> list[Figure]:
    third = max(1, len(memory) // 3)
    first, last = max(memory[:third]), max(memory[-third:])
    ratio = (Decimal(last) / first).quantize(Decimal("0.01"))
    return [
        Figure("answers, each as expected", answers, "answers"),
        Figure(
            "the door's memory at most",
            max(memory),
            "MiB",
            goal=f"value <= {MEMORY}",
            goal_met=max(memory) <= MEMORY,
        ),
        Figure(
            "in the last third of the time", last, "MiB", first, ratio, f"ratio <= {GROWTH}", ratio <= GROWTH
        ),
    ]
