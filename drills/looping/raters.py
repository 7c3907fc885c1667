"""Those who rated badly: through the writer, and what they say later by their receipts, each as the door keeps it."""

import asyncio
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Final
from uuid import UUID

from drills.looping.town import Town
from drills.rekey import write_people
from haochaping.cases.instants import Instants
from haochaping.cli.figures import CouldNotRun
from haochaping.foundation.clock import local_day
from haochaping.intake.afterwards import Fate, Said, keep, withdraw_consent
from haochaping.intake.services import Services
from haochaping.intake.submission import Kind, Submission
from haochaping.intake.taking_back import take_rating_back
from haochaping.intake.verdicts import give_verdict
from haochaping.ratings.receipt import read_number
from haochaping.ratings.rules import RatingContent
from haochaping.ratings.states import WordKind
from haochaping.simulation.backlog import ending, open_occasions

_QR: Final = 3
_BAD: Final = 1
_OPEN_FOR: Final = timedelta(days=10)
_PLACED: Final = """
UPDATE cases_serviceoccasion SET division_id = $2, organisation_id = $3, item_id = $4, hall_id = NULL, window_id = NULL,
       staff_id = NULL, service_day = $5 WHERE id = ANY($1)
"""


# What the intake does as it accepts them.
_COUNTED: Final = """
INSERT INTO tallies_change (organisation_id, day, item_id, occasions, times)
SELECT organisation_id, service_day, item_id, count(*), count(*)
FROM cases_serviceoccasion WHERE id = ANY($1) GROUP BY 1, 2, 3
"""


@dataclass(frozen=True, slots=True)
class Rater:
    """Who rated badly; `number`: of the receipt, as it is stored."""

    rating_id: UUID
    number: str


async def rate(services: Services, town: Town, *, count: int, now: datetime, platform: str) -> list[Rater]:
    """So many bad ratings of the department, each of a case of its own, half of them 实名. Raises CouldNotRun."""
    async with services.pool.acquire() as connection:
        ids = await open_occasions(
            connection, count=count, now=now, instants=_instants(now), platform=platform
        )
        placed = (town.division, town.department, town.item, local_day(now))
        await connection.execute(_PLACED, ids, *placed)
        await connection.execute(_COUNTED, ids)
        await write_people(connection, services.vault, ids)
    return list(await asyncio.gather(*(_rate(services, each, now, named=each.int % 2 == 0) for each in ids)))


def _instants(now: datetime) -> Instants:
    return ending(now + _OPEN_FOR)


async def _rate(services: Services, occasion_id: UUID, now: datetime, *, named: bool) -> Rater:
    content = RatingContent(
        level=_BAD, bad=True, tags=(111,), text="", named=named, submission=secrets.token_bytes(16)
    )
    submission = Submission(occasion_id, content, "drill", channel=_QR, received_at=now)
    outcome = await services.writer.submit(submission)
    if outcome.kind is not Kind.CREATED or outcome.receipt is None:
        raise CouldNotRun(f"a rating was {outcome.kind}")
    return Rater(occasion_id, read_number(outcome.receipt.number))


async def say(services: Services, rater: Rater, now: datetime, random: Random) -> tuple[str, Fate]:
    """Something that a rater can say by the receipt, whether or not the rules let him now; what became of it."""
    what = random.choices(list(_SAYING), weights=[5, 2, 1, 8, 1])[0]
    async with services.pool.acquire() as connection:
        match what:
            case "correction" | "supplement":
                said = Said(
                    kind=WordKind(what),
                    level=random.choice([1, 2, 2, 4]) if what == "correction" else None,
                    tags=(),
                    text="再说一句。",
                    submission=secrets.token_bytes(16),
                )
                return what, await keep(connection, services, rater.number, said, at=now)
            case "consent":
                return what, await withdraw_consent(connection, rater.number, at=now)
            case "verdict":
                answer = random.choice(["satisfied", "fair", "unsatisfied", "unsatisfied"])
                fate = await give_verdict(
                    connection,
                    services,
                    rater.number,
                    answer=answer,
                    submission=secrets.token_bytes(16),
                    at=now,
                )
                return what, fate
            case _:
                return what, await take_rating_back(connection, services, rater.number, at=now)


_SAYING: Final = ("correction", "supplement", "consent", "verdict", "withdrawal")
