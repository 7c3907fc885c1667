"""Who an official is today, and how far his permissions reach. Reads only."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Q

from haochaping.accounts.models import Official, Post
from haochaping.accounts.rules import Permission, Scope, scope_of_role
from haochaping.registry import queries as registry


@dataclass(frozen=True, slots=True)
class PostView:
    """A post that is held on the day asked for; `organisation_id` is the registry's."""

    organisation_id: int
    role: str


@dataclass(frozen=True, slots=True)
class OfficialView:
    """An official as others see him. `label` goes into histories, `actor` into the audit trail."""

    id: UUID
    username: str
    name: str
    posts: tuple[PostView, ...]

    @property
    def label(self) -> str:
        return f"{self.name}（{self.username}）"

    @property
    def actor(self) -> str:
        return actor_of(self.username)


def actor_of(username: str) -> str:
    """How the audit trail names an official."""
    return f"official:{username}"


def official(*, official_id: UUID, on: date) -> OfficialView | None:
    """The official with the posts of that day; None when there is no such one or he may no longer sign in."""
    found = Official.objects.filter(id=official_id, is_active=True).values_list("username", "name").first()
    if found is None:
        return None
    return OfficialView(official_id, *found, posts=posts(official_id=official_id, on=on))


def official_id_by_username(username: str) -> UUID | None:
    """The official's id; None for an unknown username."""
    return Official.objects.filter(username=username.strip().lower()).values_list("id", flat=True).first()


def awaits_password(official_id: UUID) -> bool:
    """Whether the official has never set a password."""
    return not Official.objects.get(id=official_id).has_usable_password()


def posts(*, official_id: UUID, on: date) -> tuple[PostView, ...]:
    """The posts that an active official holds on that day, both ends included."""
    held = (
        Post.objects.filter(
            Q(valid_to__isnull=True) | Q(valid_to__gte=on),
            valid_from__lte=on,
            official_id=official_id,
            official__is_active=True,
        )
        .order_by("organisation_id", "role")
        .values_list("organisation_id", "role")
    )
    return tuple(PostView(*row) for row in held)


def holds(*, official_id: UUID, permission: Permission, on: date) -> bool:
    """Whether at least one post of that day carries the permission, wherever it reaches."""
    return any(scope_of_role(post.role, permission) for post in posts(official_id=official_id, on=on))


def scope(*, official_id: UUID, permission: Permission, on: date) -> frozenset[int]:
    """The organisations (registry ids) for which the official holds the permission on that day."""
    reached: set[int] = set()
    for post in posts(official_id=official_id, on=on):
        match scope_of_role(post.role, permission):
            case Scope.OWN:
                reached.add(post.organisation_id)
            case Scope.SUBTREE:
                reached |= registry.scope_of(post.organisation_id, on) | {post.organisation_id}
    return frozenset(reached)
