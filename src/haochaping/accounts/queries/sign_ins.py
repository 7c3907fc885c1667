"""Who got in, who did not, and who is locked out, for the security administrator; and the trail for the audit one."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final
from uuid import UUID

from haochaping.accounts.models import Official
from haochaping.accounts.queries.directory import names_in_reach
from haochaping.accounts.queries.locks import LockView, locked
from haochaping.accounts.queries.officials import actor_of
from haochaping.accounts.rules import Permission
from haochaping.audit.queries import Line, TrailFilter, trail
from haochaping.foundation.clock import local_day

PAGE_SIZE: Final = 50
ACTS: Final = (
    "official.sign_in",
    "official.password",
    "official.provider",
    "official.second_factor",
    "official.lock",
    "official.sign_out",
    "official.session.end",
    "official.login_link",
    "official.set_password",
    "official.change_password",
    "official.second_factor.set",
    "official.second_factor.reset",
    "official.recovery_codes.renew",
    "official.provider.link",
    "official.provider.unlink",
)


@dataclass(frozen=True, slots=True)
class TrailPage:
    """A page of the trail; `more`: the id before which the next one begins, None on the last."""

    lines: tuple[Line, ...]
    more: UUID | None


def sign_ins(*, official_id: UUID, now: datetime, filters: TrailFilter) -> TrailPage:
    """What the trail says of getting in, of the officials in reach."""
    return _page(official_id, Permission.VIEW_SIGN_INS, replace(filters, acts=ACTS), local_day(now))


def audit_trail(*, official_id: UUID, now: datetime, filters: TrailFilter) -> TrailPage:
    """The whole trail, or what officials in reach did and what was done about them."""
    return _page(official_id, Permission.READ_AUDIT, filters, local_day(now))


def locked_out(*, official_id: UUID, now: datetime) -> tuple[LockView, ...]:
    """The active officials in reach who are locked out everywhere now."""
    today = local_day(now)
    names = names_in_reach(official_id=official_id, permission=Permission.VIEW_SIGN_INS, on=today)
    every = Official.objects.filter(is_active=True).values_list("username", flat=True)
    return locked(usernames=[each for each in every if names is None or actor_of(each) in names], now=now)


def _page(official_id: UUID, permission: Permission, filters: TrailFilter, on: date) -> TrailPage:
    among = names_in_reach(official_id=official_id, permission=permission, on=on)
    found = trail(replace(filters, among=among), most=PAGE_SIZE + 1)
    lines = found[:PAGE_SIZE]
    return TrailPage(lines, lines[-1].id if len(found) > PAGE_SIZE else None)
