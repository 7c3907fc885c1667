"""One portion of a city's services: drawn, ruled, written, stored and told in one transaction, or not at all."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from random import Random
from typing import TYPE_CHECKING, Any, Final

import msgspec

from haochaping.audit.fragments import INSERT_ENTRY
from haochaping.cases.fragments import COUNT_SENDER_DAY
from haochaping.foundation.clock import local_day
from haochaping.foundation.ids import new_id
from haochaping.identity.fragments import RECORD_COLUMNS, RECORD_TABLE
from haochaping.intake.services import Services
from haochaping.policy.retention import kept
from haochaping.ratings.wording import sealed_text
from haochaping.simulation.comments import Said, comment
from haochaping.simulation.filling import drawing, storing
from haochaping.simulation.filling.ruling import Rules
from haochaping.simulation.marginals import STREAMS, Shape
from haochaping.simulation.people import person
from haochaping.simulation.sender import PLATFORM
from haochaping.simulation.spread import Piece
from haochaping.simulation.town import Town, town

if TYPE_CHECKING:
    import asyncpg
    from asyncpg.pool import PoolConnectionProxy

    Connection = asyncpg.Connection[asyncpg.Record] | PoolConnectionProxy[asyncpg.Record]

FILLED: Final = "simulation.filled"
ACTOR: Final = "simulation"
_ONLINE: Final = STREAMS.index("online")
# A portion is sorted and kept in memory.
_ROOM: Final = "SET LOCAL work_mem = '64MB'"
# Of tables made a moment ago PostgreSQL knows no numbers, and would sort wide rows to merge them with short lists.
_DESKS_KNOWN: Final = "ANALYZE sim_desk, sim_tags"
_RULES_KNOWN: Final = "ANALYZE sim_drawn (day, desk, item_id), sim_ruled, sim_kind"
_TRACE_DAYS: Final = kept("traces").span


@dataclass(frozen=True, slots=True)
class Filled:
    """What a portion holds: how many of each, and the digest (hexadecimal SHA-256) of what was drawn for it."""

    occasions: int = 0
    ratings: int = 0
    bad: int = 0
    defaults: int = 0
    late: int = 0
    digest: str = ""

    def __add__(self, other: "Filled") -> "Filled":
        counts = (getattr(self, each.name) + getattr(other, each.name) for each in fields(self)[:-1])
        return Filled(*counts)


@dataclass(frozen=True, slots=True)
class Ground:
    """On what all portions of a run are drawn. `cut`: the instant up to which the city lived; `run` names it."""

    services: Services
    shape: Shape
    seed: int
    cut: datetime
    run: str
    rules: Rules
    tags: list[tuple[int, int, list[int]]]


def subject(run: str, number: int) -> str:
    """How the audit trail names a portion."""
    return f"simulation:{run}:{number}"


async def fill(ground: Ground, number: int, pieces: Sequence[Piece], *, now: datetime) -> Filled:
    """Stores portion `number`, with one audit row that tells what it holds. Raises Conflict as the rules do, and what
    asyncpg raises: then nothing is stored."""
    services = ground.services
    place = town(services.directory.current(), pieces[0].day, ground.shape, ground.seed)
    async with services.pool.acquire() as connection, connection.transaction():
        await _draw(connection, ground, place, pieces)
        await _write(connection, ground, place)
        await _store(connection, now)
        (told,) = await connection.fetch(storing.TOLD)
        found = Filled(**told)
        await connection.execute(
            INSERT_ENTRY,
            *(
                new_id(now),
                now,
                ACTOR,
                FILLED,
                subject(ground.run, number),
                "done",
                "",
                json.dumps(asdict(found)),
            ),
        )
    return found


async def _draw(connection: "Connection", ground: Ground, place: Town, pieces: Sequence[Piece]) -> None:
    for statement in (_ROOM, drawing.DESKS, drawing.TAGS, drawing.RULED, drawing.KINDS, storing.SAID):
        await connection.execute(statement)
    await _copy(connection, "sim_desk", drawing.DESK_COLUMNS, _desks(place))
    await _copy(connection, "sim_tags", drawing.TAG_COLUMNS, ground.tags)
    await connection.execute(_DESKS_KNOWN)
    columns = zip(*((each.day, each.stream, each.first, each.count) for each in pieces), strict=True)
    bounds = [list(column) for stream in place.bounds for column in zip(*stream, strict=True)]
    await connection.execute(drawing.draw_services(ground.shape), ground.seed, *map(list, columns), *bounds)
    await _rule(connection, ground.rules, place)
    await connection.execute(_RULES_KNOWN)
    days = _TRACE_DAYS.days if _TRACE_DAYS is not None else 0
    await connection.execute(drawing.draw_ratings(ground.shape), ground.cut, ground.seed, days)


async def _rule(connection: "Connection", rules: Rules, place: Town) -> None:
    asked = await connection.fetch(drawing.TO_RULE)
    rows = [(day, desk, item, rules.kind(place.desks[desk], item, day)) for day, desk, item in asked]
    await _copy(connection, "sim_ruled", drawing.RULED_COLUMNS, rows)
    kinds = [rules.told(kind) for kind in sorted({kind for *_, kind in rows})]
    await _copy(connection, "sim_kind", drawing.KIND_COLUMNS, kinds)


def _desks(place: Town) -> list[tuple[Any, ...]]:
    return [
        (
            *(
                number,
                desk.stream,
                desk.division_id,
                desk.organisation_id,
                desk.hall_id,
                desk.window_id,
                desk.staff_id,
            ),
            desk.place,
            [item.id for item in desk.items],
            list(place.item_bounds[len(desk.items)]),
        )
        for number, desk in enumerate(place.desks)
    ]


async def _write(connection: "Connection", ground: Ground, place: Town) -> None:
    """The texts, each sealed in its place, and whom to call about what is bad."""
    names = {item.id: item.name for desk in place.desks for item in desk.items}
    rows = []
    for each in await connection.fetch(storing.TO_SAY):
        about = Said(
            each["level"], each["tags"], names[each["item_id"]], each["stream"] == _ONLINE, each["masked"]
        )
        text = comment(Random(each["h"]), about)  # noqa: S311 - reproducible on purpose
        rows.append((each["id"], text, sealed_text(text, each["id"])))
    await _copy(connection, "sim_said", ("id", "plain", "sealed"), rows)
    await connection.execute(storing.SAY)
    if named := await connection.fetch(storing.TO_NAME):
        await _name(connection, ground, named)


async def _name(connection: "Connection", ground: Ground, named: Sequence[Any]) -> None:
    vault = ground.services.vault
    keys = await vault.hold(connection, ground.services.now())
    seal, rows = vault.sealer(keys.data), []
    for each in named:
        who = person(Random(each["h"]), "530100", each["service_day"])  # noqa: S311 - reproducible on purpose
        people = (("name", who.name), ("document", who.document), ("phone", who.phone))
        record = {
            "projectNo": each["project_no"],
            "userName": who.name,
            "certKey": who.document,
            "mobile": who.phone,
        }
        seals = seal(each["id"], (*people, ("record", msgspec.json.encode(record).decode())))
        blind = [vault.blind(kind, value, key_id=keys.index) for kind, value in people]
        rows.append((each["id"], keys.data, *seals, *blind, keys.index))
    await _copy(connection, RECORD_TABLE, RECORD_COLUMNS, rows)


async def _store(connection: "Connection", now: datetime) -> None:
    await connection.execute(storing.STORE_SERVICES, PLATFORM)
    await connection.execute(storing.STORE_RATINGS, local_day(now))
    await connection.execute(storing.STORE_SILENCE)
    await connection.execute(storing.STORE_WAITING)
    days = await connection.fetch(storing.REPORTED)
    counted = [(PLATFORM, day, 1, 0, 0, 0, 0, 0, accepted, late) for day, accepted, late in days]
    await connection.executemany(COUNT_SENDER_DAY, counted)


async def _copy(
    connection: "Connection", table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]]
) -> None:
    if rows:
        await connection.copy_records_to_table(table, columns=list(columns), records=rows)
