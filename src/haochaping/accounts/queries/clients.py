"""The business systems that report."""

from collections.abc import Collection
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


@dataclass(frozen=True, slots=True)
class SenderView:
    """A platform that reports, with the organisation of its oldest client."""

    platform: str
    organisation_id: int


def clients_of(*, organisations: Collection[int]) -> tuple[UUID, ...]:
    """All clients of these organisations, ended ones too: what they reported is still there."""
    return tuple(
        ApiClient.objects.filter(organisation_id__in=organisations)
        .order_by("id")
        .values_list("id", flat=True)
    )


def senders_of(*, organisations: Collection[int]) -> tuple[SenderView, ...]:
    """The platforms that clients of these organisations report for, by name."""
    rows = ApiClient.objects.filter(organisation_id__in=organisations).order_by("platform", "created_at")
    found: dict[str, SenderView] = {}
    for row in rows:
        found.setdefault(row.platform, SenderView(row.platform, row.organisation_id))
    return tuple(found.values())
