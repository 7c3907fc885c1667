"""The rater takes the whole rating back: a row beside it, and every figure without it, in one transaction."""

from datetime import datetime
from typing import TYPE_CHECKING, Final

from haochaping.intake.afterwards import Fate, Given, held, record
from haochaping.intake.governing import governed
from haochaping.ratings.afterwards import Silence, silence
from haochaping.ratings.fragments import MATCHED_OCCASION, TAKE_BACK
from haochaping.rectification.fragments import HOLD_INBOX, TELL_ORDER
from haochaping.tallies.fragments import Fact, append
from haochaping.tallies.rules import Correction

if TYPE_CHECKING:
    from haochaping.intake.afterwards import Connection
    from haochaping.intake.services import Services

_TAKE_BACK: Final = f"""
WITH {TAKE_BACK}, counted AS (
    {
    append(
        Fact(
            "uncounted",
            "n",
            -1,
            staff_level="staff_level",
            tags="tags",
            rating=True,
            why=Correction.TAKEN_BACK,
        ),
        Fact("uncounted", "occasions", -1, only="with_occasion", why=Correction.TAKEN_BACK),
    )
}
)
SELECT count(*) FROM taken_back
"""  # noqa: S608  (fragments of our own)


async def take_rating_back(
    connection: "Connection", services: "Services", number: str, *, at: datetime
) -> Fate:
    """Takes the rating of a receipt back, once: whoever acts by the same receipt waits. SAME when it was taken back before,
    CLOSED when the rules do not allow it, or no longer at the instant of its receipt (`at`)."""
    async with connection.transaction(isolation="read_committed"):
        found = await held(connection, number)
        if found is None:
            return Fate.CLOSED
        if found.taken_back:
            return Fate.SAME
        allowed = found.take_back(services, at=at)
        if allowed is None:
            return Fate.CLOSED
        rating_id, rules = found.row["rating_id"], found.governed(services).rules()
        counts = await _silence(connection, services, found) if allowed.effect == "unrated" else None
        await connection.execute(HOLD_INBOX, rating_id)
        await connection.execute(
            _TAKE_BACK,
            *(rating_id, at, found.standing.level, allowed.effect),
            *((counts.level, counts.due.due_at, counts.due.provisional) if counts else (None, None, False)),
            *(rules.label, found.standing.staff, list(found.standing.tags)),
        )
        await connection.execute(TELL_ORDER, rating_id, at, False)
        await record(connection, "ratings.withdrawal", number, allowed.citation, at)
    return Fate.DONE


async def _silence(connection: "Connection", services: "Services", found: Given) -> Silence | None:
    """What silence counts for instead: by the rules of the service that was rated. A rating by a static code that found its
    case is of that service by now; one that did not is of none."""
    if found.static_code is None:
        return silence(found.governed(services).rules(), found.events())
    row = await connection.fetchrow(MATCHED_OCCASION, found.row["rating_id"])
    if row is None:
        return None
    rules = governed(services, row, channel=found.row["channel"], at=found.row["received_at"]).rules()
    events = {event: row[event] for event in ("service", "acceptance", "result", "delivery") if row[event]}
    return silence(rules, events)
