"""Officials as their administrators see them: lists and the single one, as far as a permission reaches."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from haochaping.accounts.models import Deputy, Official, Post, RecoveryCode
from haochaping.accounts.queries import officials
from haochaping.accounts.rules import Permission
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import NotFound
from haochaping.registry import queries as registry

PAGE_SIZE = 50


@dataclass(frozen=True, slots=True)
class DeputyRow:
    """Who acts with a post, from when to when."""

    id: UUID
    name: str
    username: str
    valid_from: date
    valid_to: date


@dataclass(frozen=True, slots=True)
class PostRow:
    """A post with its deputies, the coming ones too. `running`: not over on the day asked for."""

    id: UUID
    organisation: str
    role: str
    valid_from: date
    valid_to: date | None
    running: bool
    deputies: tuple[DeputyRow, ...]


@dataclass(frozen=True, slots=True)
class StaffRow:
    """That the official is that member of staff of the registry."""

    id: UUID
    name: str
    valid_from: date
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class OfficialRow:
    """One line of the list; `posts` are those of the day."""

    id: UUID
    username: str
    name: str
    active: bool
    posts: tuple[PostRow, ...]


@dataclass(frozen=True, slots=True)
class OfficialList:
    """A page of the list, which counts from 1."""

    rows: tuple[OfficialRow, ...]
    number: int
    page: int
    pages: int


@dataclass(frozen=True, slots=True)
class OfficialSheet:
    """All that is laid down for one official, the past too. `enrolled`: has an authenticator. `linked_at`: since when the
    identity provider means him by a name of its own, None where it does not."""

    row: OfficialRow
    posts: tuple[PostRow, ...]
    staff: tuple[StaffRow, ...]
    enrolled: bool
    recovery_codes: int
    has_password: bool
    linked_at: datetime | None
    created_at: datetime


def officials_in_reach(
    *, administrator_id: UUID, now: datetime, text: str = "", page: int = 1
) -> OfficialList:
    """Officials with a post, ever, in an organisation that the administrator manages, by username; those whose name or
    username holds the text."""
    today = local_day(now)
    found = _in_reach(administrator_id, today)
    if text := text.strip().replace("\0", ""):
        found = found.filter(Q(username__icontains=text) | Q(name__icontains=text))
    number = found.count()
    pages = max(1, -(-number // PAGE_SIZE))
    page = min(max(1, page), pages)
    shown = found.order_by("username").prefetch_related("posts__deputies__official")
    rows = tuple(_row(each, today) for each in shown[(page - 1) * PAGE_SIZE : page * PAGE_SIZE])
    return OfficialList(rows, number, page, pages)


def official_sheet(*, official_id: UUID, administrator_id: UUID, now: datetime) -> OfficialSheet:
    """One official. Raises NotFound out of reach."""
    today = local_day(now)
    found = _in_reach(administrator_id, today).filter(id=official_id).first()
    if found is None:
        raise NotFound("official", _("没有这个人员，或者其不在您管理的单位。"))
    return sheet_of(found.id, today)


def sheet_of(official_id: UUID, on: date) -> OfficialSheet:
    """One official, for himself. Raises NotFound for an unknown one."""
    found = Official.objects.filter(id=official_id).first()
    if found is None:
        raise NotFound("official", _("没有这个人员，或者其不在您管理的单位。"))
    links = list(found.staff_links.order_by("valid_from"))
    names = registry.staff_names({link.staff_id for link in links}, on)
    return OfficialSheet(
        row=_row(found, on),
        posts=_posts(list(found.posts.order_by("valid_from", "id")), on),
        staff=tuple(
            StaffRow(link.id, names.get(link.staff_id, ""), link.valid_from, link.valid_to) for link in links
        ),
        enrolled=hasattr(found, "second_factor"),
        recovery_codes=RecoveryCode.objects.filter(official=found, used_at__isnull=True).count(),
        has_password=found.has_usable_password(),
        linked_at=found.provider_subject.linked_at if hasattr(found, "provider_subject") else None,
        created_at=found.created_at,
    )


def names_in_reach(*, official_id: UUID, permission: Permission, on: date) -> frozenset[str] | None:
    """The officials, as the audit trail names them, with a post in an organisation that the permission reaches; None where
    it reaches every organisation: then also what the system itself and strangers did is in reach."""
    reach = officials.scope(official_id=official_id, permission=permission, on=on)
    if {each.id for each in registry.organisations(on)} <= reach:
        return None
    found = Official.objects.filter(posts__organisation_id__in=reach).values_list("username", flat=True)
    return frozenset(map(officials.actor_of, found.distinct()))


def organisations_in_reach(
    *, official_id: UUID, permission: Permission, on: date
) -> tuple[registry.OrganisationView, ...]:
    """The organisations of the day that the permission reaches, by division and name."""
    reach = officials.scope(official_id=official_id, permission=permission, on=on)
    return tuple(each for each in registry.organisations(on) if each.id in reach)


def _in_reach(administrator_id: UUID, on: date) -> QuerySet[Official]:
    reach = officials.scope(official_id=administrator_id, permission=Permission.MANAGE_OFFICIALS, on=on)
    return Official.objects.filter(
        id__in=Post.objects.filter(organisation_id__in=reach).values("official_id")
    )


def _row(found: Official, on: date) -> OfficialRow:
    held = [post for post in found.posts.all() if _runs(post, on) and post.valid_from <= on]
    return OfficialRow(found.id, found.username, found.name, found.is_active, _posts(held, on))


def _posts(held: list[Post], on: date) -> tuple[PostRow, ...]:
    names = registry.organisation_names({post.organisation_id for post in held}, on)
    return tuple(
        PostRow(
            post.id,
            names.get(post.organisation_id, ""),
            post.role,
            post.valid_from,
            post.valid_to,
            _runs(post, on),
            tuple(_deputy(each) for each in post.deputies.all() if each.valid_to >= max(on, each.valid_from)),
        )
        for post in held
    )


def _deputy(row: Deputy) -> DeputyRow:
    return DeputyRow(row.id, row.official.name, row.official.username, row.valid_from, row.valid_to)


def _runs(post: Post, on: date) -> bool:
    return post.valid_to is None or post.valid_to >= on
