"""Bad ratings become work orders, out of the inbox that the rating's own transaction filled; what raters say later reaches
their orders by the same way."""

import logging
import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import Q

from haochaping.audit import operations as audit
from haochaping.foundation import base32
from haochaping.foundation.asked_once import asking_steadily
from haochaping.foundation.clock import local_day
from haochaping.foundation.ids import random_id
from haochaping.foundation.workdays import due_instant
from haochaping.ratings.queries import RatingForOrder, rating_for_order
from haochaping.rectification.course.ruled import about_staff
from haochaping.rectification.models import BadRating, WorkOrder
from haochaping.rectification.operations.clocks import recount_order
from haochaping.rectification.operations.following import additions, follow
from haochaping.rectification.operations.joining import join_case
from haochaping.rectification.operations.masking import masked_text
from haochaping.rectification.rulebook import rulebook
from haochaping.rectification.states import Exclusion, State

SYSTEM = "system"
_PREFIX = "CP"
_NUMBER_BYTES = 5
_LONGEST_PAUSE = timedelta(hours=1)

logger = logging.getLogger(__name__)


class _RatingMissing(Exception):
    """The inbox speaks of a rating that is not there."""


@transaction.atomic
@asking_steadily()
def open_orders(*, now: datetime, limit: int) -> int:
    """Opens an order for up to `limit` bad ratings of the inbox, the oldest first, and returns how many were opened; an
    order that is there already follows what its rater said since.

    A rating that its rater took back, or took back as a mistake that it was bad, before there was an order gets none, and
    the audit trail says so. Two at once share the inbox out: each rating gets exactly one order. A row that fails stays, is
    logged without content and tried again later, and holds no other up.
    """
    inbox = list(
        BadRating.objects.select_for_update(skip_locked=True)
        .filter(Q(retry_at__isnull=True) | Q(retry_at__lte=now))
        .order_by("failures", "received_at", "rating_id")[:limit]
    )
    ratings = {rating.id: rating for rating in rating_for_order([row.rating_id for row in inbox])}
    return sum(_open_or_put_off(row, ratings, now) for row in inbox)


def _open_or_put_off(row: BadRating, ratings: Mapping[UUID, RatingForOrder], now: datetime) -> bool:
    try:
        with transaction.atomic():
            if row.rating_id not in ratings:
                raise _RatingMissing
            opened = _settle(ratings[row.rating_id], now)
            row.delete()
            return opened
    except (_RatingMissing, DatabaseError, ValueError) as error:
        logger.error(
            "a bad rating could not become an order (%s), failure %d", type(error).__name__, row.failures + 1
        )
        row.failures = min(row.failures + 1, 30_000)
        row.retry_at = now + min(timedelta(seconds=1 << min(row.failures, 12)), _LONGEST_PAUSE)
        row.save(update_fields=["failures", "retry_at"])
        return False


def _settle(rating: RatingForOrder, now: datetime) -> bool:
    """Whether an order was opened. Nobody else works on this rating: its row of the inbox is locked."""
    order = WorkOrder.objects.select_for_update().filter(subject_id=rating.id).first()
    if order is not None:
        follow(order, rating, now)
        return False
    if rating.taken_back or rating.corrected_to_good:
        why = Exclusion.TAKEN_BACK if rating.taken_back else Exclusion.CORRECTED
        audit.record(now=now, actor=SYSTEM, act="order.excluded", result=why)
        return False
    _open(rating, now)
    return True


def _open(rating: RatingForOrder, now: datetime) -> None:
    order = WorkOrder.objects.create(
        id=random_id(),
        number=_PREFIX + base32.encode(os.urandom(_NUMBER_BYTES)),
        subject_id=rating.id,
        organisation_id=rating.organisation_id,
        rated_id=rating.organisation_id,
        division_id=rating.division_id,
        item_id=rating.item_id,
        tags=list(rating.tags),
        text=masked_text(rating),
        additions=additions(rating, rating.words),
        words_seen=len(rating.words),
        named=rating.contactable,
        about_staff=about_staff(rating, on=local_day(now), rulebook=rulebook()),
        week=rating.service_day - timedelta(days=rating.service_day.weekday()),
        channel=rating.channel,
        profile=rating.profile,
        state=State.OPENED,
        opened_at=now,
        tell_staff_at=due_instant(local_day(now)) if rating.staff_id is not None else None,
    )
    audit.record(now=now, actor=SYSTEM, act="order.open", subject=f"order:{order.number}")
    join_case(order, rating, now)
    recount_order(order, rulebook(), now=now)
