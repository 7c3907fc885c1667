"""The officials of a simulated city, made when they are first needed."""

from datetime import datetime
from random import Random
from uuid import UUID

from haochaping.accounts.operations.officials import NewPost, create_official
from haochaping.accounts.queries.officials import official_id_by_username
from haochaping.accounts.rules import Role
from haochaping.simulation.filling.batches import ACTOR
from haochaping.simulation.people import name


class Officials:
    """Of each organisation two who handle its orders, of each authority two officers: the second of them approves, or
    confirms, what the first one wrote."""

    def __init__(self) -> None:
        self._ids: dict[str, UUID] = {}

    def handler(self, organisation_id: int, now: datetime, *, second: bool = False) -> UUID:
        """Who handles the orders of an organisation."""
        return self._of(organisation_id, Role.ORGANISATION_HANDLER, now, second=second)

    def officer(self, organisation_id: int, now: datetime, *, second: bool = False) -> UUID:
        """Who acts for an authority."""
        return self._of(organisation_id, Role.AUTHORITY_OFFICER, now, second=second)

    def _of(self, organisation_id: int, role: Role, now: datetime, *, second: bool) -> UUID:
        kind = "" if role is Role.ORGANISATION_HANDLER else "-officer"
        username = f"sim-{organisation_id}{kind}{'-2' if second else ''}"
        if username not in self._ids:
            self._ids[username] = official_id_by_username(username) or create_official(
                username=username,
                name=name(Random(username)),  # noqa: S311 - reproducible on purpose
                posts=[NewPost(organisation_id, role)],
                now=now,
                actor=ACTOR,
            )
        return self._ids[username]
