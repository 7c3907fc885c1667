"""Whose authority a division has: only that one works out, signs and answers for its scores."""

from datetime import datetime
from uuid import UUID

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.foundation.clock import local_day
from haochaping.registry import queries as registry


def divisions_of(*, official_id: UUID, permission: Permission, now: datetime) -> frozenset[int]:
    """The divisions whose authority the official acts for with this permission."""
    today = local_day(now)
    reach = officials.scope(official_id=official_id, permission=permission, on=today)
    return frozenset(registry.homes(reach, today).values())
