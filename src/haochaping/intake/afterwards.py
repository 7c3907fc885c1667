"""What a rater does by the receipt after the rating was given: rows beside it, with all that follows from them, in one
transaction. Few do this, so each has a connection to itself for as long as it takes, and nothing is gathered into batches.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import Enum
from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from haochaping.audit.fragments import INSERT_ENTRY
from haochaping.cases.static_code import StaticCode, rated_by
from haochaping.foundation.clock import local_day
from haochaping.foundation.ids import new_id
from haochaping.intake.governing import Governed, governed
from haochaping.policy.profile import Profile
from haochaping.ratings.afterwards import Offer, Standing, TakeBack, Word, offers, standing, take_back
from haochaping.ratings.fragments import (
    HOLD_RECEIPT,
    KEEP_WORD,
    LATER_WORDS,
    RATING_OF_RECEIPT,
    VERDICTS,
    WITHDRAW_CONSENT,
)
from haochaping.ratings.receipt import kept_submission, receipt_keys
from haochaping.ratings.rules import NORM_VERSION
from haochaping.ratings.states import WordKind
from haochaping.ratings.verdicts import Judged, Question, question
from haochaping.ratings.wording import opened_text, opened_word, sealed_word
from haochaping.rectification.fragments import ACTS_ON_ORDER, HOLD_INBOX, ORDER_OF_RATING, TELL_ORDER
from haochaping.rectification.states import EVENTS, FINDINGS, Act
from haochaping.tallies.fragments import Fact, append
from haochaping.tallies.rules import Correction

if TYPE_CHECKING:
    import asyncpg
    from asyncpg.pool import PoolConnectionProxy

    from haochaping.intake.services import Services

    Connection = PoolConnectionProxy[asyncpg.Record]

ACTOR: Final = "rater"
# By which consent can be withdrawn at any time, whatever a regulation says.
_LAW: Final = "《中华人民共和国个人信息保护法》第十五条"

_BEFORE: Final = Fact(
    "said_anew",
    "n",
    sign=-1,
    level="level_before",
    staff_level="staff_level_before",
    tags="tags_before",
    rating=True,
    why=Correction.CORRECTED,
)
_AFTER: Final = _BEFORE._replace(sign=1, level="level", staff_level="staff_level", tags="tags")
_KEEP: Final = f"""
WITH {KEEP_WORD}, counted AS (
    {append(_BEFORE, _AFTER)}
)
SELECT count(*) FROM word
"""  # noqa: S608  (fragments of our own)


class Fate(Enum):
    """DONE: kept now. SAME: this very submission had been kept. CLOSED: the rules offer it no longer, or not in this way."""

    DONE = "done"
    SAME = "same"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Said:
    """A later word, checked. `submission` is 16 bytes; `level` None where nothing is said of it. `staff`: the level of the
    member of staff, 0: he is not rated any more, None: nothing is said of him."""

    kind: WordKind
    level: int | None
    tags: tuple[int, ...]
    text: str
    submission: bytes
    staff: int | None = None


@dataclass(frozen=True, slots=True)
class Given:
    """A rating with all that came after it: rows of RATING_OF_RECEIPT and ORDER_OF_RATING (None: there is no order), when
    officials acted on the order since it was opened, or opened again, and what the rater made of its answers."""

    row: "asyncpg.Record"
    words: tuple[Word, ...]
    order: "asyncpg.Record | None"
    acts: Mapping[str, datetime]
    verdicts: tuple[Judged, ...] = ()

    @property
    def standing(self) -> Standing:
        """What stands after the later words."""
        return standing(self.row["level"], self.row["tags"], self.words, staff=self.row["staff_level"])

    @property
    def contactable(self) -> bool:
        """Whether the rater agrees to be contacted: no longer about a rating that was taken back."""
        return self.row["named"] and self.row["withdrawn_at"] is None and not self.taken_back

    @property
    def taken_back(self) -> bool:
        """Whether the whole rating was."""
        return self.row["taken_back_at"] is not None

    @property
    def static_code(self) -> StaticCode | None:
        """What was rated without a case; None where it was a case's service."""
        if self.row["occasion_id"] is not None:
            return None
        names = ("window_id", "hall_id", "item_id", "organisation_id")
        return rated_by(**{name: self.row[name] for name in names})

    def text(self) -> str:
        """What the citizen wrote, as far as it stands. Raises SealBroken."""
        if (by := self.standing.by) is not None:
            return opened_word(self.words[by].text, self.words[by].id)
        return opened_text(self.row["text"], self.row["rating_id"])

    def said_by(self, submission: bytes) -> bool:
        """Whether a later word of this very submission was kept."""
        kept = kept_submission(self.row["rating_id"], submission, receipt_keys())
        later = {word.submission for word in self.words} | {each.submission for each in self.verdicts}
        return kept in later

    def events(self) -> dict[str, datetime]:
        """What has happened, by the words of the rules."""
        row, order = self.row, self.order
        found = {
            "acceptance": row["accepted_at"],
            "service": row["service_at"],
            "result": row["result_at"],
            "delivery": row["delivered_at"],
            "rating": row["received_at"],
        }
        if order is not None:
            # An order is opened at the organisation that is responsible: so it is dispatched.
            found |= {"opening": order["opened_at"], "dispatch": order["opened_at"]}
            done = {EVENTS[Act(act)]: at for act, at in self.acts.items() if act in set(Act)}
            found |= {event: at for event, at in done.items() if event}
            if not order["answer"]:
                found.pop("answer", None)
        return {event: at for event, at in found.items() if at is not None}

    def governed(self, services: "Services") -> Governed:
        """The rules by which it was given: without a case, those for what its code is of. Raises DirectoryNotRead."""
        found = governed(services, self.row, channel=self.row["channel"], at=self.row["received_at"])
        of = self.static_code
        return found if of is None else replace(found, occasion=found.occasion.about(of.subject))

    def bad_for_staff(self, services: "Services", of_item: Profile, *, level: int | None) -> bool:
        """Whether this level of the member of staff opens an order. By the rules of the item where none are laid down for
        him any more."""
        if not level:
            return False
        rules = self.governed(services).staff_rules(of_item, level=level, named=self.row["named"])
        return rules.opens_order(level) if rules else of_item.is_bad(level)

    @property
    def voided(self) -> bool:
        """Whether an objection was upheld, so that it does not count."""
        return bool(self.row["void_effect"])

    def offers(self, services: "Services", *, at: datetime) -> dict[WordKind, Offer]:
        """What may be said at this instant; of a rating that does not count, or was taken back, nothing."""
        if self.voided or self.taken_back:
            return {}
        rules = self.governed(services).rules(level=self.standing.level, named=self.row["named"])
        return offers(rules, self.events(), self.words, at=at)

    def redress(self, services: "Services", *, on: date) -> Profile:
        """The rules for a step of this day that follows the rating: as `rectification.operations.governing` has them, of the
        member of staff where the item was not rated badly."""
        governed, judged = self.governed(services), self.standing.judged
        finding = FINDINGS.get(self.order["finding"], "") if self.order else ""
        named, level = self.row["named"], self.standing.staff
        rules = governed.rules(level=judged, named=named, step=on, finding=finding)
        if not level or rules.is_bad(judged):
            return rules
        return governed.staff_rules(rules, level=level, named=named, step=on, finding=finding) or rules

    def question(self, services: "Services", *, at: datetime) -> Question | None:
        """What is asked about the answer of the order at this instant, by the rules of the day of that answer; None where
        nothing is."""
        order, events = self.order, self.events()
        if order is None or order["exclusion"] or self.taken_back or self.voided or "answer" not in events:
            return None
        rules = self.redress(services, on=local_day(events["answer"]))
        return question(rules, events, self.verdicts, answers=order["answers"], at=at)

    def take_back(self, services: "Services", *, at: datetime) -> TakeBack | None:
        """Whether the whole rating may be taken back at this instant, and what then becomes of its occasion."""
        if self.taken_back or self.voided:
            return None
        rules = self.governed(services).rules(level=self.standing.level, named=self.row["named"])
        return take_back(rules, self.events(), at=at)


async def given(connection: "Connection", number: str) -> Given | None:
    """What a receipt (its number as stored) leads to. Whether its secret fits is for the caller to ask first."""
    row = await connection.fetchrow(RATING_OF_RECEIPT, number)
    if row is None:
        return None
    words = await connection.fetch(LATER_WORDS, row["rating_id"])
    order = await connection.fetchrow(ORDER_OF_RATING, row["rating_id"])
    acts = await connection.fetch(ACTS_ON_ORDER, row["rating_id"]) if order else []
    judged = await connection.fetch(VERDICTS, row["rating_id"]) if order else []
    return Given(
        row,
        tuple(map(_word, words)),
        order,
        {each["act"]: each["at"] for each in acts},
        tuple(map(_judged, judged)),
    )


async def keep(
    connection: "Connection", services: "Services", number: str, said: Said, *, at: datetime
) -> Fate:
    """Keeps a later word on the rating of a receipt, and counts it, once: whoever acts by the same receipt waits.

    What stands, and whether the rules still offer it at the instant of its receipt (`at`), is looked at under that lock.
    """
    async with connection.transaction(isolation="read_committed"):
        found = await held(connection, number)
        if found is None:
            return Fate.CLOSED
        rating_id = found.row["rating_id"]
        if found.said_by(said.submission):
            return Fate.SAME
        submission = kept_submission(rating_id, said.submission, receipt_keys())
        offer = found.offers(services, at=at).get(said.kind)
        before = found.standing.level
        if offer is None or not _allowed(offer, said, found.standing):
            return Fate.CLOSED
        rules = found.governed(services).rules(level=said.level or before, named=found.row["named"])
        of_staff = found.standing.staff if said.staff is None else said.staff
        bad = rules.is_bad(said.level or before) or found.bad_for_staff(services, rules, level=of_staff)
        counts = offer.counts and said.level is not None
        word_id = new_id(at)
        await connection.execute(HOLD_INBOX, rating_id)
        await connection.execute(
            _KEEP,
            *(word_id, rating_id, len(found.words) + 1, said.kind.value, said.level, bad, counts),
            *(list(said.tags), sealed_word(said.text, word_id), NORM_VERSION, at, submission, rules.label),
            *(before, said.staff, found.standing.staff, list(found.standing.tags)),
        )
        to_be_opened = said.kind is WordKind.CORRECTION and counts and bad
        await connection.execute(TELL_ORDER, rating_id, at, to_be_opened)
        await record(connection, f"ratings.{said.kind}", number, offer.citation, at)
    return Fate.DONE


def _allowed(offer: Offer, said: Said, before: Standing) -> bool:
    return (said.level is None or offer.allows(before.level, said.level)) and (
        not said.staff or not before.staff or offer.allows(before.staff, said.staff)
    )


async def withdraw_consent(connection: "Connection", number: str, *, at: datetime) -> Fate:
    """The rater no longer agrees to be contacted. SAME when it was withdrawn before, CLOSED when it was never given."""
    async with connection.transaction(isolation="read_committed"):
        found = await held(connection, number)
        if found is None or not found.row["named"]:
            return Fate.CLOSED
        if not found.contactable:
            return Fate.SAME
        rating_id = found.row["rating_id"]
        await connection.execute(HOLD_INBOX, rating_id)
        await connection.execute(WITHDRAW_CONSENT, rating_id, at)
        await connection.execute(TELL_ORDER, rating_id, at, False)
        await record(connection, "ratings.withdraw_consent", number, _LAW, at)
    return Fate.DONE


async def held(connection: "Connection", number: str) -> Given | None:
    """What stands, with the lock that keeps it so. Who is told that it is kept is told so of what survives a crash."""
    await connection.execute("SET LOCAL synchronous_commit TO on")
    if await connection.fetchrow(HOLD_RECEIPT, number) is None:
        return None
    return await given(connection, number)


async def record(connection: "Connection", act: str, number: str, clause: str, at: datetime) -> None:
    """By the receipt's number: the rating's id would lead to the printed token."""
    await connection.execute(
        INSERT_ENTRY,
        *(new_id(at), at, ACTOR, act, f"receipt:{number}", "done", clause[:200], json.dumps({})),
    )


def _word(row: "asyncpg.Record") -> Word:
    return Word(
        id=row["id"],
        kind=WordKind(row["kind"]),
        level=row["level"],
        staff_level=row["staff_level"],
        bad=row["bad"],
        counts=row["counts"],
        tags=tuple(row["tags"]),
        text=row["text"],
        received_at=row["received_at"],
        submission=bytes(row["submission"]),
    )


def _judged(row: "asyncpg.Record") -> Judged:
    return Judged(**{**row, "submission": bytes(row["submission"] or b"")})
