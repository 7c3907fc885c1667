"""What a bulk process does all day: takes calls that the door hands over, and gives the answers back."""

import asyncio
import logging
import os
import socket
from typing import TYPE_CHECKING, Final

import msgspec

from haochaping.intake.calls import Call
from haochaping.intake.collector import spare_the_collector
from haochaping.intake.handover import Asked, Told, receive, send, written
from haochaping.intake.occasions import answer_call
from haochaping.intake.signature import Client
from haochaping.intake.whereabouts import whereabouts

if TYPE_CHECKING:
    from haochaping.intake.services import Services

log = logging.getLogger(__name__)

# Ten thousand records are some 70,000 objects to look at, made and let go without a circle among them: to look for circles
# meanwhile would cost half as much as judging them. What all calls together leave behind is looked for at so many.
OBJECTS: Final = 500_000


async def work(door: socket.socket, services: "Services") -> None:
    """Until the door has gone: then what was begun is finished, and nothing new is taken."""
    loop = asyncio.get_running_loop()
    gone = asyncio.Event()
    under_way: set[asyncio.Task[None]] = set()

    def readable() -> None:
        try:
            message, body = receive(door)
        except BlockingIOError:
            return
        except OSError:
            message, body = b"", None
        if not message or body is None:
            loop.remove_reader(door.fileno())
            gone.set()
            return
        task = loop.create_task(_answer(door, msgspec.json.decode(message, type=Asked), body, services))
        under_way.add(task)
        task.add_done_callback(under_way.discard)

    door.setblocking(False)
    spare_the_collector(OBJECTS)
    loop.add_reader(door.fileno(), readable)
    send(door, Told())
    await gone.wait()
    await asyncio.gather(*under_way)


async def _answer(door: socket.socket, asked: Asked, body: int, services: "Services") -> None:
    size = os.fstat(body).st_size
    try:
        told, answer = await _told(asked, body, size, services)
    except Exception as problem:
        log.error("a call failed: %s", whereabouts(problem))
        told, answer = Told(), b""
    finally:
        os.close(body)
    told.number = asked.number
    made = written(answer)
    try:
        send(door, told, [made])
    except OSError:
        log.warning("the door has gone before it was answered")
    finally:
        os.close(made)


async def _told(asked: Asked, body: int, size: int, services: "Services") -> tuple[Told, bytes]:
    dialect = None
    if asked.dialect is not None:
        async with services.pool.acquire() as connection:
            dialect = await services.dialects.edition(connection, asked.dialect)
    client = Client(
        id=asked.client,
        key_id=asked.key,
        organisation_id=asked.organisation,
        platform=asked.platform,
        rights=asked.rights,
        reach=asked.reach,
        listed=asked.listed,
        dialect=dialect,
    )
    found = await answer_call(Call(client, body, size, asked.content_type, asked.encoding), services)
    return found.told(), found.response.body
