"""Which occasion of a unit stands for it: what is rated then, until when, how often and for whom it counts.

Pure. From all that is known of the unit at that moment, so that the order of the reports makes no difference.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from haochaping.cases.recount import Counted, Standing, standing
from haochaping.policy.units import counts_for_all, weight_of


class Counting(NamedTuple):
    """What of an occasion counts: how often (0: another one stands for it), for which organisations besides its own, and
    whether among those reported too late."""

    weight: int
    shared_with: tuple[int, ...]
    late: bool


class Member(NamedTuple):
    """An occasion of a unit. `whole`: it stands for the whole group by what its sender said; `size`: so many cases, by the
    same. `window_id` and `staff_id`: where it was given, and by whom."""

    occasion: Standing
    case_id: UUID
    project_no: str
    service_number: int
    whole: bool
    size: int | None
    window_id: int | None
    staff_id: int | None
    counting: Counting


class Standard(NamedTuple):
    """Who stands for a unit, by which rules and until when, and what counts of it."""

    member: Member
    counted: Counted
    counting: Counting


def member(row: Iterable[Any]) -> Member:
    """A row of `cases.waiting.SELECT_MEMBERS`."""
    case_id, project_no, number, whole, size, window_id, staff_id, weight, shared_with, late, *occasion = row
    counting = Counting(weight, tuple(shared_with or ()), late)
    return Member(standing(occasion), case_id, project_no, number, whole, size, window_id, staff_id, counting)


def standing_for(members: Iterable[Member]) -> Member | None:
    """Who has stood for the unit up to now; None for a new one."""
    return next((each for each in members if each.counting.weight), None)


def settled(
    members: list[Member], count: Callable[[Standing], Counted | None], *, now: datetime
) -> Standard | None:
    """Who is to stand for the unit: of those that can be rated yet the one that was said to be the whole, else the latest
    service. None where no rule applies to any of them."""
    found = [(each, counted) for each in members if (counted := count(each.occasion)) is not None]
    if not found:
        return None
    best, counted = max(found, key=lambda each: (not each[1].instants.closed(now), _order(each[0])))
    value = counted.profile.frequency
    rule = value.value if value else None
    told = [each.size for each in members if each.size is not None]
    weight = weight_of(rule, max(told) if told else len({each.case_id for each in members}))
    own = best.occasion.facts.organisation_id
    others = {each.occasion.facts.organisation_id for each in members} - {own} if counts_for_all(rule) else ()
    counting = Counting(weight, tuple(sorted(others)), counted.instants.closed(now))
    return Standard(best, counted, counting)


def _order(member: Member) -> tuple[bool, datetime, str, int]:
    return member.whole, member.occasion.service_at, member.project_no, member.service_number
