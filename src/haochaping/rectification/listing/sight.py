"""How far somebody sees, and what of it waits for him."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q

from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission, Scope, scope_of_role
from haochaping.rectification.listing.filters import Show
from haochaping.rectification.models import OrderStep
from haochaping.rectification.states import TABLE, Act, State
from haochaping.registry import queries as registry

_DECIDED: Final = (Act.GRANT_EXTENSION, Act.REFUSE_EXTENSION)


def _awaited() -> Mapping[Permission, tuple[State, ...]]:
    """Permission → the states from which the usual way on is for who has it."""
    found: dict[Permission, dict[State, None]] = {}
    for row in TABLE:
        if row.usual:
            found.setdefault(row.permission, {})[row.source] = None
    return {permission: tuple(states) for permission, states in found.items()}


AWAITED: Final = _awaited()


@dataclass(frozen=True, slots=True)
class Sight:
    """`reach`: the organisations whose orders he sees. `overseen`: those of them over which he watches without working
    there: what the rated are not to know of a rating he may ask about there. `acts`: where he has each right that leads
    on."""

    official_id: UUID
    reach: frozenset[int]
    overseen: frozenset[int]
    acts: Mapping[Permission, frozenset[int]]

    @property
    def may_dispatch(self) -> frozenset[int]:
        """Of which organisations he can dispatch the orders, and to which."""
        return self.acts[Permission.DISPATCH_ORDERS]

    @property
    def mine(self) -> Q:
        """The open orders whose next step is his, his own answers that wait for another person left out."""
        found = Q(pk__in=[])
        for permission, states in AWAITED.items():
            if self.acts[permission]:
                found |= Q(organisation_id__in=self.acts[permission], state__in=states) & self._not_written()
        if granting := self.acts[Permission.GRANT_EXTENSIONS]:
            found |= Q(organisation_id__in=granting, state=State.VERIFIED) & _more_time_asked()
        return found

    def _not_written(self) -> Q:
        written = OrderStep.objects.filter(
            order=OuterRef("pk"),
            act=Act.ANSWER,
            revision=OuterRef("revision"),
            official_id=self.official_id,
        )
        return ~Q(state=State.DRAFTED) | ~Q(Exists(written))


def sight_of(official_id: UUID, on: date) -> Sight:
    """By the posts of that day."""
    asked = {*AWAITED, Permission.GRANT_EXTENSIONS}
    acts = {each: officials.scope(official_id=official_id, permission=each, on=on) for each in asked}
    held = officials.posts(official_id=official_id, on=on)
    wide = frozenset[int]().union(
        *(
            registry.scope_of(post.organisation_id, on)
            for post in held
            if scope_of_role(post.role, Permission.VIEW_ORDERS) is Scope.SUBTREE
        )
    )
    return Sight(
        official_id,
        officials.scope(official_id=official_id, permission=Permission.VIEW_ORDERS, on=on),
        wide - {post.organisation_id for post in held},
        acts,
    )


def lists_of(*, official_id: UUID, on: date) -> tuple[Show, ...]:
    """The lists of the desk that are for him, the one first with which it begins: who only looks has nothing to do."""
    held = officials.held(official_id=official_id, on=on)
    does = held & {*AWAITED, Permission.GRANT_EXTENSIONS}
    return tuple(Show) if does else (Show.OPEN, Show.CLOSED)


def _more_time_asked() -> Q:
    """A request for more time waits for somebody to decide it."""
    decided = OrderStep.objects.filter(
        order=OuterRef("order"), act__in=_DECIDED, revision__gt=OuterRef("revision")
    )
    asked = OrderStep.objects.filter(order=OuterRef("pk"), act=Act.ASK_EXTENSION, said__waits="yes")
    return Q(Exists(asked.filter(~Exists(decided))))
