"""Every act of somebody, ready to be done once: for the test that none is kept without its row in the audit trail."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Final
from uuid import UUID

from haochaping.accounts.rules import Role
from tests.orders import City, make_official


@dataclass
class World:
    """A small city; whoever is asked for is made when he is."""

    city: City
    now: datetime
    made: dict[str, UUID] = field(default_factory=dict)

    def somebody(self, name: str, organisation: int, role: Role = Role.ORGANISATION_HANDLER) -> UUID:
        if name not in self.made:
            self.made[name] = make_official(organisation, self.now, name, role)
        return self.made[name]

    @cached_property
    def handler(self) -> UUID:
        return self.somebody("handler", self.city.police)

    @cached_property
    def officer(self) -> UUID:
        return self.somebody("officer", self.city.authority, Role.AUTHORITY_OFFICER)

    @cached_property
    def admin(self) -> UUID:
        return self.somebody("admin", self.city.authority, Role.SYSTEM_ADMINISTRATOR)


Ready = Callable[[World], Callable[[], object]]


@dataclass(frozen=True, slots=True)
class Done:
    """`ready` prepares an act and gives it; `rows`: how many acts it is in the trail. `counted`: the tables in which an
    attempt is counted whatever becomes of it."""

    ready: Ready
    rows: int = 1
    counted: frozenset[str] = frozenset()


ACTS: Final[dict[str, Done]] = {}


def act(name: str, *, rows: int = 1, counted: str = "") -> Callable[[Ready], Ready]:
    """Lists an act by the whole name of its operation."""

    def listed(ready: Ready) -> Ready:
        assert name not in ACTS, f"{name} stands twice"
        ACTS[name] = Done(ready, rows, frozenset({counted} - {""}))
        return ready

    return listed
