"""Raters who come at a steady pace, each over a connection of its own, whatever the ones before are still waiting for."""

import asyncio
from collections.abc import Callable, Sequence

from drills.rating.saying import Broken, Said, Tally, say
from haochaping.cli.stage import HOST

A_SECOND = 100


async def at_pace(
    port: int, said: Sequence[Said], tally: Tally, *, over: Callable[[], bool], a_second: int = A_SECOND
) -> list[Said]:
    """Until `over`, or until none is left; who came. Each sends once: whoever is not told counts as failed."""
    loop = asyncio.get_running_loop()
    begun, under_way = loop.time(), []
    for number, each in enumerate(said):
        await asyncio.sleep(begun + number / a_second - loop.time())
        if over():
            break
        under_way.append(asyncio.create_task(_come(port, each, tally)))
    await asyncio.gather(*under_way)
    return list(said[: len(under_way)])


async def _come(port: int, said: Said, tally: Tally) -> None:
    try:
        reader, writer = await asyncio.open_connection(HOST, port)
        try:
            await say(reader, writer, said, tally)
        finally:
            writer.close()
    except Broken:
        tally.broken += 1


def failed(tally: Tally) -> int:
    """Who was not told that the rating is stored."""
    return tally.broken + sum(each.status not in (200, 201) for each in tally.answers)
