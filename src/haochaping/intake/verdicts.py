"""The rater says by the receipt what he makes of the rectification: a row beside the rating, told to its order."""

from datetime import datetime
from typing import TYPE_CHECKING

from haochaping.foundation.ids import new_id
from haochaping.intake.afterwards import Fate, held, record
from haochaping.ratings.fragments import KEEP_VERDICT
from haochaping.ratings.receipt import kept_submission, receipt_keys
from haochaping.rectification.fragments import HOLD_INBOX, TELL_ORDER

if TYPE_CHECKING:
    from haochaping.intake.afterwards import Connection
    from haochaping.intake.services import Services


async def give_verdict(
    connection: "Connection",
    services: "Services",
    number: str,
    *,
    answer: str,
    submission: bytes,
    at: datetime,
) -> Fate:
    """Keeps the answer (a key of the rules' scale) about the order's last answer, once: whoever acts by the same receipt
    waits, and of rater and silence the first one stands. Whether it is still asked is looked at under that lock, at the
    instant of its receipt (`at`)."""
    async with connection.transaction(isolation="read_committed"):
        found = await held(connection, number)
        if found is None:
            return Fate.CLOSED
        if found.said_by(submission):
            return Fate.SAME
        question = found.question(services, at=at)
        chosen = question.level(answer) if question else None
        if question is None or chosen is None:
            return Fate.CLOSED
        rating_id = found.row["rating_id"]
        await connection.execute(HOLD_INBOX, rating_id)
        kept = await connection.fetchval(
            KEEP_VERDICT,
            *(new_id(at), rating_id, question.answers, chosen.key, chosen.satisfied),
            *(question.sets_off(chosen), at, kept_submission(rating_id, submission, receipt_keys())),
            *(question.clause[:200], question.label),
        )
        if kept is None:
            return Fate.CLOSED
        await connection.execute(TELL_ORDER, rating_id, at, False)
        await record(connection, "ratings.verdict", number, question.clause, at)
    return Fate.DONE
