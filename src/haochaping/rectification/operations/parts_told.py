"""Organisations are told of their part of a joint order: that it is theirs, that nobody waits for it any longer, that its
limit has passed. Each in the transaction of what brings it about; nothing of the rating is told."""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from haochaping.accounts.queries.holders import holders
from haochaping.accounts.rules import Permission
from haochaping.foundation.clock import local_day, microseconds
from haochaping.notices.operations.telling import Saying, tell
from haochaping.notices.states import PART, PART_GIVEN, PART_RELEASED, Kind
from haochaping.rectification.bodies import SAME_LEVEL, Bodies
from haochaping.rectification.models import OrderPart

_MOMENT: Final = timedelta(microseconds=1)


def tell_given(part: OrderPart, now: datetime) -> None:
    """The handlers of its organisation, that it is theirs: once for each time that it was given."""
    said = _saying(part, f"given:{part.revision}", Kind.GIVEN, PART_GIVEN)
    tell(said, _handlers(part, now), now=now)


def tell_released(part: OrderPart, now: datetime) -> None:
    """The same, that an officer has decided not to wait any longer."""
    said = _saying(part, f"released:{part.revision}", Kind.GIVEN, PART_RELEASED)
    tell(said, _handlers(part, now), now=now)


def tell_late(part: OrderPart, now: datetime) -> None:
    """They, and the officers who may decide not to wait any longer, that its limit has passed: once for each end."""
    if part.due_at is None:
        return
    said = _saying(part, f"late:{microseconds(part.due_at)}", Kind.OVERDUE, "")
    theirs = _handlers(part, now)
    tell(said, theirs, now=now)
    tell(said, [each for each in _officers(part, now) if each not in theirs], now=now, superior=True)


def _saying(part: OrderPart, cause: str, kind: Kind, action: str) -> Saying:
    return Saying(
        cause=f"part:{part.id}:{cause}",
        kind=kind,
        action=action,
        subject=part.order.number,
        reference=part.id,
        step=PART,
        last_day=local_day(part.due_at - _MOMENT) if part.due_at and action != PART_RELEASED else None,
        clause=part.due_clause,
    )


def _handlers(part: OrderPart, now: datetime) -> Collection[UUID]:
    return _holding(Permission.HANDLE_ORDERS, part.organisation_id, now)


def _officers(part: OrderPart, now: datetime) -> Collection[UUID]:
    """Of the authority beside the organisation that leads; none where the registry has none."""
    authority = Bodies(local_day(now)).organisation_of(SAME_LEVEL, part.order.organisation_id)
    return _holding(Permission.DISPATCH_ORDERS, authority, now) if authority is not None else ()


def _holding(permission: Permission, organisation: int, now: datetime) -> Collection[UUID]:
    found = holders(organisations={organisation}, permission=permission, on=local_day(now))
    return found[organisation]
