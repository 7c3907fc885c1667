"""What waits for an official beside orders, so that the desk hides none of his work."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from haochaping.accounts.rules import Permission
from haochaping.foundation.waiting import Waiting
from haochaping.oversight.queries.pressure import pressure_waiting
from haochaping.oversight.queries.revisits import revisits_waiting
from haochaping.rectification.objection_queries import objections_waiting

_KINDS: Final[tuple[tuple[Permission, str, Promise, Callable[..., Waiting]], ...]] = (
    (Permission.DECIDE_OBJECTIONS, "console:objections", _("待复核的异议"), objections_waiting),
    (Permission.CONDUCT_REVISITS, "console:revisits", _("待回访"), revisits_waiting),
    (Permission.HANDLE_PRESSURE, "console:pressure", _("待办理的反映"), pressure_waiting),
)


@dataclass(frozen=True, slots=True)
class Also:
    """One link, and how much is behind it."""

    route: str
    title: Promise
    waiting: Waiting


def also_waiting(*, official_id: UUID, held: Collection[Permission], now: datetime) -> tuple[Also, ...]:
    """Of each kind that his permissions open, where anything waits."""
    found = (
        Also(route, title, count(official_id=official_id, now=now))
        for permission, route, title, count in _KINDS
        if permission in held
    )
    return tuple(each for each in found if each.waiting.number)
