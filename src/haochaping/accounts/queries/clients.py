"""The business systems that report."""

from dataclasses import dataclass
from uuid import UUID

from haochaping.accounts.models import ApiClient


@dataclass(frozen=True, slots=True)
class ClientView:
    """A client that has not ended, with its oldest key."""

    id: UUID
    key_id: str
    organisation_id: int
    platform: str
    rights: frozenset[str]


def client_of_platform(platform: str) -> ClientView | None:
    """The oldest client that reports for the platform; None when there is none."""
    found = ApiClient.objects.filter(platform=platform, ended_at__isnull=True).order_by("created_at").first()
    key = found.keys.order_by("created_at").first() if found else None
    if found is None or key is None:
        return None
    return ClientView(found.id, key.id, found.organisation_id, found.platform, frozenset(found.rights))
