"""Who is told of what is set off: whoever must keep the limit, whoever handles the order, the body that the rule names."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any, Final, NamedTuple
from uuid import UUID

from haochaping.accounts.queries.holders import holders
from haochaping.accounts.rules import Permission
from haochaping.notices.queries.preferences import channels_of
from haochaping.rectification.bodies import Bodies
from haochaping.rectification.escalations import permission_for

_Holders = Mapping[int, Collection[UUID]]
# What the unit with the order does, whoever the rules make responsible for it.
_OF_THE_UNIT: Final = frozenset({Permission.HANDLE_ORDERS, Permission.APPROVE_ANSWERS})


class About(NamedTuple):
    """What several escalations have in common: with whom the orders are, who must keep the limit of which step ("" where
    they are about none), and the body of the rule."""

    organisation_id: int
    owner_id: int
    step: str
    body: str


class Told(NamedTuple):
    """Who is told of one kind of thing by one way; `number`: of which of the `About`s."""

    number: int
    kind: str
    channel: str
    official_id: UUID
    superior: bool


def recipients(about: Collection[About], today: date) -> list[Told]:
    """For each: those who can end the limit, with whoever must keep it or else with the unit; then, as those who look after
    them, the officers of its owner and of the body where the registry has it. The body is seen from who must keep it."""
    known = Bodies(today, {each.owner_id for each in about})
    above = {each: _above(each, known) for each in about}
    acting = _by_permission(about, today)
    looking = holders(
        organisations={one for each in about for one in (each.owner_id, above[each]) if one is not None},
        permission=Permission.VIEW_ORDERS,
        on=today,
    )
    chosen = [(number, *_persons(each, above[each], acting, looking)) for number, each in enumerate(about)]
    channels = channels_of({one for _, first, second in chosen for one in (*first, *second)})
    return [
        Told(number, kind, channel, official, superior)
        for number, first, second in chosen
        for official, superior in [*((one, False) for one in first), *((one, True) for one in second)]
        for kind, ways in channels[official].items()
        for channel in ways
    ]


def _above(each: About, known: Bodies) -> int | None:
    """The body of the rule; who must keep the limit is not above himself."""
    found = known.organisation_of(each.body, each.owner_id)
    return None if found == each.owner_id else found


def _by_permission(about: Collection[About], today: date) -> Mapping[Permission, _Holders]:
    wanted: dict[Permission, set[int]] = {}
    for each in about:
        wanted.setdefault(permission_for(each.step), set()).update((each.organisation_id, each.owner_id))
    return {
        permission: holders(organisations=units, permission=permission, on=today)
        for permission, units in wanted.items()
    }


def _persons(
    each: About, above: int | None, acting: Mapping[Permission, _Holders], looking: _Holders
) -> tuple[list[UUID], list[UUID]]:
    """Who has to act, and who looks after them; who does both is told as the one who has to act."""
    permission = permission_for(each.step)
    can = acting[permission]
    unit = can[each.organisation_id] if permission in _OF_THE_UNIT else ()
    first = list(can[each.owner_id] or unit)
    # Where the owner has nobody who can do the step itself, its officers see to it that the unit does.
    also = looking[each.owner_id] if not can[each.owner_id] else ()
    second = dict.fromkeys(one for one in (*also, *_at(looking, above)) if one not in first)
    return first, list(second)


def _at(looking: _Holders, body: int | None) -> Iterator[UUID]:
    yield from looking[body] if body is not None else ()


def arrays(about: Collection[About], told: Collection[Told]) -> dict[str, Any]:
    """Both as the parameters of the statement, column by column."""
    persons: dict[int, set[UUID]] = {number: set() for number in range(len(about))}
    for one in told:
        persons[one.number].add(one.official_id)
    return {
        "numbers": list(persons),
        "organisations": [each.organisation_id for each in about],
        "owners": [each.owner_id for each in about],
        "steps": [each.step for each in about],
        "bodies": [each.body for each in about],
        "persons": [len(each) for each in persons.values()],
        "r_number": [one.number for one in told],
        "r_kind": [one.kind for one in told],
        "r_channel": [one.channel for one in told],
        "r_official": [one.official_id for one in told],
        "r_superior": [one.superior for one in told],
    }
