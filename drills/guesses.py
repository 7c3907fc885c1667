"""Guesses rating tokens at the door: none opens anything, and none reaches the database."""

import random
import uuid

import asyncpg
import uvloop

from bench.rating import load
from haochaping.cases.token import LENGTH, mint
from haochaping.cli.figures import Figure
from haochaping.cli.stage import Stage, stage
from haochaping.foundation import base32
from haochaping.foundation.clock import now
from haochaping.foundation.keys import key_for
from haochaping.simulation.backlog import open_occasions
from haochaping.starter.progress import Say

QR_CODE = 3
CONNECTIONS = 32
AT_ONCE = 50_000
OPEN = 1000
NOTHING = (404, "没有找到这个评价链接".encode())


def run(*, quick: bool, say: Say) -> list[Figure]:
    """A million guesses, or 6,000: made up, or true tokens with one character or the occasion changed; opened and sent."""
    guesses = 6_000 if quick else 1_000_000
    with stage(say) as set_up:
        ids = uvloop.run(_prepare(set_up))
        child = set_up.start_door()
        before = uvloop.run(_looked_at(set_up))
        refused, slowest = 0, 0.0
        for begin in range(0, guesses, AT_ONCE):
            made = _guesses(ids, min(AT_ONCE, guesses - begin), seed=begin)
            told = load.drive(set_up.port, made, expect=NOTHING, connections=CONNECTIONS)
            refused += len(told.each)
            slowest = max(slowest, told.seconds / len(told.each))
        looked = uvloop.run(_looked_at(set_up)) - before
        true = [load.get(f"/r/{mint(ids[0], QR_CODE, key_for('rating token'))}")]
        opened = load.drive(set_up.port, true, expect=(200, b'name="submission"'), connections=1)
        seen = uvloop.run(_looked_at(set_up)) - before - looked
        alive = child.ended() is None
    return [
        Figure("guessed tokens refused alike", refused, "guesses", goal="all", goal_met=refused == guesses),
        Figure("occasions looked at for them", looked, "look-ups", goal="value = 0", goal_met=looked == 0),
        Figure("a true token, for the proof: pages opened", len(opened.each), "pages", goal_met=alive),
        Figure("occasions looked at for it", seen, "look-ups", goal="value > 0", goal_met=seen > 0),
        Figure("guesses", round(1 / slowest), "/s"),
    ]


def _guesses(ids: list[uuid.UUID], count: int, *, seed: int) -> list[bytes]:
    """A third each: made up; a true token with one character changed; the seal of a true token on another occasion."""
    dice = random.Random(seed)  # noqa: S311 - who guesses has nothing better
    key = key_for("rating token")
    true = [mint(each, QR_CODE, key) for each in ids]
    found = []
    for number in range(count):
        token, other = dice.choice(true), dice.choice(true)
        if number % 3 == 0:
            token = "".join(dice.choices(base32.ALPHABET, k=LENGTH))
        elif number % 3 == 1 or token[:26] == other[:26]:
            place = dice.randrange(LENGTH)
            changed = dice.choice(base32.ALPHABET.replace(token[place], ""))
            token = token[:place] + changed + token[place + 1 :]
        else:
            token = token[:27] + other[27:]
        found.append(load.form(token) if number % 2 else load.get(f"/r/{token}"))
    return found


async def _prepare(set_up: Stage) -> list[uuid.UUID]:
    connection = await asyncpg.connect(set_up.dsn)
    try:
        return await open_occasions(connection, count=OPEN, now=now())
    finally:
        await connection.close()


async def _looked_at(set_up: Stage) -> int:
    """How often an occasion was read, by the server's own count; all sessions have told it by then."""
    connection = await asyncpg.connect(set_up.dsn)
    try:
        # Sessions report what they did once they have been idle for a second.
        await connection.execute("SELECT pg_sleep(2)")
        return int(
            await connection.fetchval(
                "SELECT coalesce(idx_scan, 0) + seq_scan FROM pg_stat_user_tables"
                " WHERE relname = 'cases_serviceoccasion'"
            )
        )
    finally:
        await connection.close()
