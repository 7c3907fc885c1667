"""The business system as which a simulation reports."""

from datetime import datetime

from haochaping.accounts.operations.clients import create_client
from haochaping.accounts.queries.clients import client_of_platform
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import NotFound
from haochaping.intake.signature import Client
from haochaping.registry.queries import organisations

PLATFORM = "simulation"


def sender(*, now: datetime) -> Client:
    """Made at the first time, for the registry's first authority. Raises NotFound while the registry is empty."""
    if (found := client_of_platform(PLATFORM)) is None:
        authority = next((each for each in organisations(local_day(now)) if each.kind == "authority"), None)
        if authority is None:
            raise NotFound(
                "registry", "The registry is empty. Import one first: ./haochaping import registry DIR"
            )
        create_client(
            organisation=authority.credit_code,
            rights=["report"],
            actor="simulation",
            now=now,
            platform=PLATFORM,
        )
        return sender(now=now)
    return Client(found.id, found.key_id, found.organisation_id, found.platform, found.rights)
