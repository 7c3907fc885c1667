"""Who an official is today, and how far his permissions reach. Reads only."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from django.db.models import Exists, Q

from haochaping.accounts.models import Official, Post, StaffLink
from haochaping.accounts.rules import Permission, Scope, scope_of_role
from haochaping.foundation.asked_once import steady
from haochaping.registry import queries as registry


@dataclass(frozen=True, slots=True)
class PostView:
    """A post that is held on the day asked for; `organisation_id` is the registry's.

    `for_username` and `for_name`: whose post it is where the official acts as a deputy, "" where it is his own.
    """

    organisation_id: int
    role: str
    for_username: str = ""
    for_name: str = ""


@dataclass(frozen=True, slots=True)
class OfficialView:
    """An official as others see him. `label` goes into histories, `actor` into the audit trail; `deputy_of`: with whose
    post he acts, where it is not his own."""

    id: UUID
    username: str
    name: str
    posts: tuple[PostView, ...]
    deputy_of: PostView | None = None

    @property
    def label(self) -> str:
        if self.deputy_of:
            return f"{self.name}（代{self.deputy_of.for_name}）"
        return f"{self.name}（{self.username}）"

    @property
    def actor(self) -> str:
        own = actor_of(self.username)
        return f"{own} for {actor_of(self.deputy_of.for_username)}" if self.deputy_of else own


def actor_of(username: str) -> str:
    """How the audit trail names an official."""
    return f"official:{username}"


@steady
def official(*, official_id: UUID, on: date) -> OfficialView | None:
    """The official with the posts of that day, his own and those in which he is a deputy; None when there is no such one
    or he may no longer sign in."""
    held = _held(official_id, on)
    own = next(((username, name) for _, _, holder, username, name in held if holder == official_id), None)
    found = (
        own or Official.objects.filter(id=official_id, is_active=True).values_list("username", "name").first()
    )
    if found is None:
        return None
    return OfficialView(official_id, *found, posts=posts(official_id=official_id, on=on))


def acting(
    *, official_id: UUID, permission: Permission, on: date, organisation_id: int | None = None
) -> OfficialView | None:
    """The official as he acts with the permission on that organisation, or on any: by a post of his own if one carries it
    so far, else as a deputy and named as one. None where no post does."""
    who = official(official_id=official_id, on=on)
    if who is None:
        return None
    for post in sorted(who.posts, key=lambda post: bool(post.for_username)):
        reached = _reached(post, permission, on)
        if reached and (organisation_id is None or organisation_id in reached):
            return replace(who, deputy_of=post if post.for_username else None)
    return None


class Reach:
    """How far an official's posts of a day reach, by permission: for who asks about several. The registry is asked once for
    each organisation."""

    def __init__(self, who: OfficialView, on: date) -> None:
        self._who = who
        self._on = on
        self._below: dict[int, frozenset[int]] = {}

    def scope(self, permission: Permission) -> frozenset[int]:
        """As `scope` tells it."""
        reached: frozenset[int] = frozenset()
        return reached.union(*(self._of(post, permission) for post in self._who.posts))

    def acting(self, permission: Permission, organisation_id: int) -> OfficialView | None:
        """As `acting` tells it: own posts come first."""
        for post in self._who.posts:
            if organisation_id in self._of(post, permission):
                return replace(self._who, deputy_of=post if post.for_username else None)
        return None

    def _of(self, post: PostView, permission: Permission) -> frozenset[int]:
        own = frozenset({post.organisation_id})
        if (found := scope_of_role(post.role, permission)) is not Scope.SUBTREE:
            return own if found else frozenset()
        if post.organisation_id not in self._below:
            self._below[post.organisation_id] = registry.scope_of(post.organisation_id, self._on)
        return self._below[post.organisation_id] | own


def official_id_by_username(username: str) -> UUID | None:
    """The official's id; None for an unknown username."""
    return Official.objects.filter(username=username.strip().lower()).values_list("id", flat=True).first()


def awaits_password(official_id: UUID) -> bool:
    """Whether the official has never set a password."""
    return not Official.objects.get(id=official_id).has_usable_password()


@steady
def posts(*, official_id: UUID, on: date) -> tuple[PostView, ...]:
    """The posts with which an active official may act on that day, both ends included: his own first, then those of others
    whose deputy he is."""
    views = [
        PostView(organisation, role, *((username, name) if holder != official_id else ()))
        for organisation, role, holder, username, name in _held(official_id, on)
    ]
    return tuple(sorted(views, key=lambda view: bool(view.for_username)))


@steady
def _held(official_id: UUID, on: date) -> tuple[tuple[int, str, UUID, str, str], ...]:
    """Organisation, role, and whose post it is: nothing for who may no longer sign in."""
    deputised = Q(deputies__official_id=official_id, deputies__valid_from__lte=on, deputies__valid_to__gte=on)
    held = (
        Post.objects.filter(
            Q(official_id=official_id) | deputised,
            Q(valid_to__isnull=True) | Q(valid_to__gte=on),
            Exists(Official.objects.filter(id=official_id, is_active=True)),
            valid_from__lte=on,
        )
        .order_by("organisation_id", "role", "official__username")
        .values_list("organisation_id", "role", "official_id", "official__username", "official__name")
        .distinct()
    )
    return tuple(held)


def holds(*, official_id: UUID, permission: Permission, on: date) -> bool:
    """Whether at least one post of that day carries the permission, wherever it reaches."""
    return permission in held(official_id=official_id, on=on)


def held(*, official_id: UUID, on: date) -> frozenset[Permission]:
    """All permissions that posts of that day carry, wherever they reach."""
    found = posts(official_id=official_id, on=on)
    return frozenset(each for each in Permission if any(scope_of_role(post.role, each) for post in found))


def scope(*, official_id: UUID, permission: Permission, on: date) -> frozenset[int]:
    """The organisations (registry ids) for which the official holds the permission on that day."""
    reached: frozenset[int] = frozenset()
    return reached.union(*(_reached(post, permission, on) for post in posts(official_id=official_id, on=on)))


def days_as_staff(*, official_id: UUID) -> tuple[tuple[int, date, date | None], ...]:
    """As which members of staff of the registry the official is linked, each from and to which day, both included; None: not
    ended."""
    links = StaffLink.objects.filter(official_id=official_id)
    return tuple(links.values_list("staff_id", "valid_from", "valid_to"))


@steady
def is_staff(*, official_id: UUID, staff_id: int, on: date) -> bool:
    """Whether the official was that member of staff of the registry on that day."""
    linked = StaffLink.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on),
        official_id=official_id,
        staff_id=staff_id,
        valid_from__lte=on,
    )
    return linked.exists()


def officials_who_were(*, staff_id: int, on: date) -> tuple[UUID, ...]:
    """The active officials who were that member of staff of the registry on that day, by id."""
    linked = StaffLink.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on),
        staff_id=staff_id,
        valid_from__lte=on,
        official__is_active=True,
    )
    return tuple(linked.order_by("official_id").values_list("official_id", flat=True).distinct())


def staff_ever(*, official_id: UUID) -> frozenset[int]:
    """Every member of staff of the registry that the official is or ever was, on whatever days."""
    return frozenset(StaffLink.objects.filter(official_id=official_id).values_list("staff_id", flat=True))


def _reached(post: PostView, permission: Permission, on: date) -> frozenset[int]:
    match scope_of_role(post.role, permission):
        case Scope.OWN:
            return frozenset({post.organisation_id})
        case Scope.SUBTREE:
            return registry.scope_of(post.organisation_id, on) | {post.organisation_id}
    return frozenset()
