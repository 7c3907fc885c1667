"""The rater answers a revisit by the receipt: an answer is left for the worker, who takes it into the revisit."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from haochaping.intake.afterwards import Fate, held, record
from haochaping.oversight.answers import sealed_online
from haochaping.oversight.fragments import KEEP_REVISIT_ANSWER, REVISIT_ANSWER_KEPT, REVISITS_TO_ANSWER
from haochaping.oversight.revisiting import asks_of, may_be_answered_online, terms_kept
from haochaping.ratings.receipt import kept_submission, receipt_keys

if TYPE_CHECKING:
    from haochaping.intake.afterwards import Connection, Given


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """What is asked beside whether he is satisfied, in the rules' words, by which clause."""

    revisit_id: UUID
    asks: tuple[str, ...]
    clause: str


@dataclass(frozen=True, slots=True)
class Reply:
    """What he says: `answers` by question, the note under ""; `submission` is 16 bytes."""

    satisfied: bool
    answers: Mapping[str, str]
    submission: bytes


async def questionnaire(connection: "Connection", given: "Given") -> Questionnaire | None:
    """What a rater is asked now and may answer by himself; None where nothing is, while there is no answer that stands,
    where he no longer agrees to be asked, and of a rating that does not count. One page answers one revisit, the
    earliest."""
    if given.order is None or not given.order["answer"] or not given.contactable or given.voided:
        return None
    for row in await connection.fetch(REVISITS_TO_ANSWER, given.row["rating_id"]):
        terms = tuple(map(terms_kept, json.loads(row["terms"])))
        if may_be_answered_online(terms):
            return Questionnaire(row["id"], asks_of(terms), terms[0].clause)
    return None


async def answer_revisit(connection: "Connection", number: str, reply: Reply, *, at: datetime) -> Fate:
    """Keeps the answer, once: whoever acts by the same receipt waits, and so does who notes an attempt. CLOSED where nothing
    is asked any longer, or something else is."""
    async with connection.transaction(isolation="read_committed"):
        found = await held(connection, number)
        if found is None:
            return Fate.CLOSED
        rating_id = found.row["rating_id"]
        submission = kept_submission(rating_id, reply.submission, receipt_keys())
        if await connection.fetchval(REVISIT_ANSWER_KEPT, rating_id, submission):
            return Fate.SAME
        asked = await questionnaire(connection, found)
        if asked is None or set(asked.asks) != set(reply.answers) - {""}:
            return Fate.CLOSED
        kept = await connection.fetchval(
            KEEP_REVISIT_ANSWER,
            *(asked.revisit_id, reply.satisfied),
            *(sealed_online(reply.answers, revisit=asked.revisit_id), submission, at),
        )
        if kept is None:
            return Fate.CLOSED
        await record(connection, "revisit.answer", number, asked.clause, at)
    return Fate.DONE
