"""Bad ratings become work orders, out of the inbox that the rating's own transaction filled."""

import logging
import os
from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from django.db import DatabaseError, transaction
from django.db.models import Q

from haochaping.audit import operations as audit
from haochaping.cases.queries import occasion_facts
from haochaping.foundation import base32
from haochaping.foundation.errors import NotFound
from haochaping.foundation.ids import random_id
from haochaping.foundation.sealing import SealBroken
from haochaping.identity.masks import mask_text
from haochaping.identity.operations import hide_person
from haochaping.ratings.queries import RatingForOrder, rating_for_order
from haochaping.ratings.wording import opened_text
from haochaping.rectification.models import BadRating, WorkOrder
from haochaping.rectification.states import State

SYSTEM = "system"
TEXT_WITHHELD = "（评价文字暂时无法隐去姓名，未予显示。）"
_PREFIX = "CP"
_NUMBER_BYTES = 5
_LONGEST_PAUSE = timedelta(hours=1)

logger = logging.getLogger(__name__)


class _RatingMissing(Exception):
    """The inbox speaks of a rating that is not there."""


@transaction.atomic
def open_orders(*, now: datetime, limit: int) -> int:
    """Opens an order for up to `limit` bad ratings, the oldest first, and returns how many were opened.

    Two at once share the inbox out: each rating gets exactly one order. A row that fails stays, is logged
    without content and tried again later, and holds no other up.
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
            opened = _open(ratings[row.rating_id], now)
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


def _open(rating: RatingForOrder, now: datetime) -> bool:
    if WorkOrder.objects.filter(subject_id=rating.id).exists():
        return False
    order = WorkOrder.objects.create(
        id=random_id(),
        number=_PREFIX + base32.encode(os.urandom(_NUMBER_BYTES)),
        subject_id=rating.id,
        organisation_id=rating.organisation_id,
        division_id=rating.division_id,
        item_id=rating.item_id,
        tags=list(rating.tags),
        text=_masked(rating),
        named=rating.named,
        week=rating.service_day - timedelta(days=rating.service_day.weekday()),
        profile=rating.profile,
        state=State.OPENED,
        opened_at=now,
    )
    audit.record(now=now, actor=SYSTEM, act="order.open", subject=f"order:{order.number}")
    return True


def _masked(rating: RatingForOrder) -> str:
    """What the handler may read of the text: no numbers, and never the rater's own name.

    When the vault does not open, the order comes without the text rather than with a name in it, or not at all.
    """
    try:
        text = opened_text(rating.text, rating.id)
        if not text or rating.occasion_id is None:
            return mask_text(text)
        facts = occasion_facts(occasion_id=rating.occasion_id)
        return hide_person(record_id=facts.version_id, text=text)
    except (NotFound, SealBroken) as error:
        logger.error("the text of a bad rating is withheld (%s)", type(error).__name__)
        return TEXT_WITHHELD
