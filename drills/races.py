"""Races for one occasion: citizen, sweep, correction and a case that was named. Exactly one outcome each."""

import asyncio
from random import Random

from drills.racing import corrections, named, silence, tokens
from haochaping.cli.figures import Figure
from haochaping.cli.stage import stage
from haochaping.starter.progress import Say


def run(*, quick: bool, say: Say) -> list[Figure]:
    """10,000 of each, or 400."""
    races = 400 if quick else 10_000
    random = Random(20_261_123)  # noqa: S311 - in which order, no secret
    with stage(say) as set_up:
        say("named cases against link, sweep and correction")
        figures = named.run(races // 4 if quick else races, random)
        say("citizen against citizen")
        figures += asyncio.run(tokens.race(set_up.dsn, races))
        say("citizen against the sweep")
        figures += asyncio.run(silence.race(set_up.dsn, races, random))
        say("citizen against the sender's correction")
        return figures + corrections.run(races, random)
