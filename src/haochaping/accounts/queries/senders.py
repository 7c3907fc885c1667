"""The platforms that report, and whose they are."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from haochaping.accounts.models import ApiClient


@dataclass(frozen=True, slots=True)
class SenderView:
    """A platform that reports, with the organisation of its oldest client."""

    platform: str
    organisation_id: int


def clients_of(*, organisations: Collection[int]) -> tuple[UUID, ...]:
    """All clients of these organisations, ended ones too: what they reported is still there."""
    rows = ApiClient.objects.filter(organisation_id__in=organisations).order_by("id")
    return tuple(rows.values_list("id", flat=True))


def senders_of(*, organisations: Collection[int]) -> tuple[SenderView, ...]:
    """The platforms that clients of these organisations report for, by name."""
    rows = ApiClient.objects.filter(organisation_id__in=organisations).order_by(
        "platform", "created_at", "id"
    )
    found: dict[str, SenderView] = {}
    for row in rows:
        found.setdefault(row.platform, SenderView(row.platform, row.organisation_id))
    return tuple(found.values())
