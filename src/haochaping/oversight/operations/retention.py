"""The terms of keeping, applied: what is over goes, and then it is proved that nothing older is left."""

import logging
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from haochaping.accounts.operations.clients import purge_nonces
from haochaping.accounts.operations.officials import purge_login_links
from haochaping.accounts.operations.sessions import purge_sessions
from haochaping.accounts.operations.sign_in import purge_failures
from haochaping.accounts.queries import leftovers as accounts
from haochaping.audit import operations as audit
from haochaping.cases.queries import leftovers as cases
from haochaping.evidence.operations import forget_about
from haochaping.evidence.queries import left_about, matters
from haochaping.foundation.clock import local_day
from haochaping.identity.operations import forget_people, forget_records
from haochaping.notices.operations.forgetting import forget_notices
from haochaping.notices.queries.outbox import notices_before
from haochaping.oversight.operations.retention_alarms import watch_terms
from haochaping.oversight.queries.contacts import contacts_answered, contacts_left
from haochaping.oversight.states import PROVED
from haochaping.policy.retention import Kept
from haochaping.ratings import operations as ratings
from haochaping.ratings.queries import rating_for_order, traces_before
from haochaping.ratings.queries.static_codes import named_cases_left
from haochaping.rectification.leftovers import done_with, handled_before
from haochaping.rectification.queries import open_subjects

ACTOR: Final = "system"
APPLIED: Final = "retention.apply"
_BATCH: Final = 2000

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Way:
    """How a kind of thing is deleted and how it is proved. `remove(now, before)` takes away what is over, a batch at a time,
    and says how much it was; `left(now, before)` counts what is over and still there, by a question of its own."""

    remove: Callable[[datetime, datetime], int]
    left: Callable[[datetime, datetime], int]


class RetentionFailed(Exception):
    """What should be gone is not, or could not be looked for. Names kinds, never content."""


def apply_terms(
    *, terms: Collection[Kept], now: datetime, others: Mapping[str, Way] | None = None, tell: bool = False
) -> int:
    """Applies every term that is laid down; how many things went. `others` are ways for what lies outside of the database.

    A batch is a transaction with its audit row; the proof comes after their commit and has its own, done or failed. One kind
    that fails keeps none of the others from being done. What failed is an alarm, told by webhook with `tell`. Raises
    RetentionFailed at the end, naming the kinds that failed.
    """
    ways = {**WAYS, **(others or {})}
    removed, failed = 0, dict[str, str]()
    for kept in terms:
        before = kept.cutoff(now)
        if before is None:
            continue
        try:
            removed += _applied(kept, ways[kept.key], now, before)
            if left := _left(kept, ways[kept.key], now, before):
                failed[kept.key] = f"{left} left"
        except Exception as problem:  # the next kind must not suffer
            _log.error("what is kept of %s could not be deleted: %s", kept.key, type(problem).__name__)
            _note_failure(kept, now, type(problem).__name__)
            failed[kept.key] = type(problem).__name__
    watch_terms(failed, now=now, tell=tell)
    if failed:
        raise RetentionFailed(", ".join(failed))
    return removed


def _applied(kept: Kept, way: Way, now: datetime, before: datetime) -> int:
    removed = 0
    while True:
        with transaction.atomic():
            number = way.remove(now, before)
            detail = {"removed": number, "before": before.isoformat()}
            if number or not removed:
                audit.record(
                    now=now, actor=ACTOR, act=APPLIED, subject=kept.key, clause=kept.citation, detail=detail
                )
        removed += number
        if number < _BATCH:
            return removed


@transaction.atomic
def _left(kept: Kept, way: Way, now: datetime, before: datetime) -> int:
    """How many should have gone and are still there; that is put on record."""
    left = way.left(now, before)
    result = "failed" if left else "done"
    detail = {"left": left, "before": before.isoformat()}
    audit.record(
        now=now, actor=ACTOR, act=PROVED, subject=kept.key, result=result, clause=kept.citation, detail=detail
    )
    if left:
        _log.error("%d of %s should have been deleted and are still there", left, kept.key)
    return left


@transaction.atomic
def _note_failure(kept: Kept, now: datetime, error: str) -> None:
    audit.record(
        now=now,
        actor=ACTOR,
        act=PROVED,
        subject=kept.key,
        result="failed",
        clause=kept.citation,
        detail={"error": error},
    )


def _busy() -> list[UUID]:
    """The occasions of which an order is open: whom to call about it is still needed."""
    rated = rating_for_order(open_subjects())
    return [each.occasion_id for each in rated if each.occasion_id is not None]


# `before` is the instant before which a thing's event lies: of what carries its own end, that end.
WAYS: Final[Mapping[str, Way]] = {
    "traces": Way(
        lambda now, before: ratings.forget_traces(now=now, received_before=before),
        lambda now, before: traces_before(day=local_day(now), received_before=before),
    ),
    "named_cases": Way(
        lambda now, before: ratings.give_up_named_cases(received_before=before, now=now, limit=_BATCH),
        lambda _, before: named_cases_left(day=local_day(before)),
    ),
    "people": Way(
        lambda _, before: forget_people(cases.people_done_with(before, _busy(), limit=_BATCH)),
        lambda _, before: cases.people_left(before, _busy()),
    ),
    "quarantine": Way(
        lambda _, before: forget_records(cases.contents_aside(before, limit=_BATCH)),
        lambda _, before: cases.contents_aside_left(before),
    ),
    "pressure_contacts": Way(
        lambda _, before: forget_records(contacts_answered(before, limit=_BATCH)),
        lambda _, before: contacts_left(before),
    ),
    "evidence": Way(
        lambda _, before: forget_about(done_with(matters(), before), limit=_BATCH),
        lambda now, before: left_about(handled_before(before), now=now),
    ),
    "notices": Way(
        lambda _, before: forget_notices(before, limit=_BATCH),
        lambda _, before: notices_before(before),
    ),
    "nonces": Way(lambda now, _: purge_nonces(now=now), lambda _, before: accounts.nonces_before(before)),
    "failed_sign_ins": Way(
        lambda now, _: purge_failures(now=now), lambda _, before: accounts.failed_sign_ins_before(before)
    ),
    "sessions": Way(
        lambda now, _: purge_sessions(now=now), lambda _, before: accounts.sessions_before(before)
    ),
    "login_links": Way(
        lambda _, before: purge_login_links(now=before),
        lambda _, before: accounts.login_links_before(before),
    ),
}
