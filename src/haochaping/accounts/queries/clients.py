"""The business systems that report."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from haochaping.accounts.clients import Allowance, Reach, Scope, allowance
from haochaping.accounts.models import ApiClient, ApiDialect, ApiKey
from haochaping.foundation.errors import NotFound


@dataclass(frozen=True, slots=True)
class ClientView:
    """A client that has not ended, with its oldest key."""

    id: UUID
    key_id: str
    organisation_id: int
    platform: str
    rights: frozenset[str]


@dataclass(frozen=True, slots=True)
class KeyView:
    """A key without its secret. `ends_at` is the first of expiry and revocation, None for an open end."""

    key: str
    created_at: datetime
    ends_at: datetime | None
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class ClientSheet:
    """All that is laid down for a client; `dialect` is the edition in force, None without one."""

    id: UUID
    platform: str
    rights: tuple[str, ...]
    scope: Scope
    clock_tolerance: int
    allowance: Allowance
    dialect: int | None
    created_at: datetime
    ended_at: datetime | None
    keys: tuple[KeyView, ...]


@dataclass(frozen=True, slots=True)
class DialectView:
    """One edition of a dialect, as it was handed in."""

    edition: int
    in_force_from: datetime
    text: str


def client_of_platform(platform: str) -> ClientView | None:
    """The oldest client that reports for the platform; None when there is none."""
    running = ApiClient.objects.filter(platform=platform, ended_at__isnull=True)
    found = running.order_by("created_at", "id").first()
    key = found.keys.order_by("created_at", "id").first() if found else None
    if found is None or key is None:
        return None
    return ClientView(found.id, key.id, found.organisation_id, found.platform, frozenset(found.rights))


def client_id_of(reference: str) -> UUID:
    """The client of this id, or of this key, ended or not. Raises NotFound."""
    key = ApiKey.objects.filter(id=reference.strip()).values_list("client_id", flat=True).first()
    if key is not None:
        return key
    try:
        wanted = UUID(reference.strip())
    except ValueError:
        wanted = None
    if wanted is None or not ApiClient.objects.filter(id=wanted).exists():
        raise NotFound(
            "unknown_client", _("没有这个接入系统：请给出它的编号或任一密钥，可用 client list 查看。")
        )
    return wanted


def clients(*, now: datetime) -> tuple[ClientSheet, ...]:
    """Every client, the oldest first, the ended ones too."""
    every = ApiClient.objects.prefetch_related("keys").order_by("created_at", "id")
    return tuple(_sheet(one, now) for one in every)


def dialects_of(*, client: str) -> tuple[DialectView, ...]:
    """All editions of a client's dialect, the first one first. Raises NotFound for an unknown client."""
    found = ApiDialect.objects.filter(client_id=client_id_of(client)).order_by("edition")
    return tuple(DialectView(each.edition, each.in_force_from, each.text) for each in found)


def _sheet(one: ApiClient, now: datetime) -> ClientSheet:
    in_force = one.dialects.filter(in_force_from__lte=now).order_by("-edition")
    keys = sorted(one.keys.all(), key=lambda key: (key.created_at, key.id))
    return ClientSheet(
        id=one.id,
        platform=one.platform,
        rights=tuple(one.rights),
        scope=Scope(one.organisation_id, Reach(one.reach), frozenset(one.listed)),
        clock_tolerance=one.clock_tolerance,
        allowance=allowance(one.calls, one.calls_burst, one.records, one.records_burst),
        dialect=in_force.values_list("edition", flat=True).first(),
        created_at=one.created_at,
        ended_at=one.ended_at,
        keys=tuple(KeyView(key.id, key.created_at, _end(key), key.last_used_at) for key in keys),
    )


def _end(key: ApiKey) -> datetime | None:
    return min((end for end in (key.expires_at, key.revoked_at) if end is not None), default=None)
