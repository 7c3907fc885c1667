"""Who holds a permission in certain organisations: for whoever has something to tell them."""

from collections.abc import Collection, Mapping
from datetime import date
from itertools import chain
from typing import Final
from uuid import UUID

from django.db.models import Q

from haochaping.accounts.models import Post
from haochaping.accounts.queries.directory import names_in_reach
from haochaping.accounts.rules import Permission, Role, scope_of_role

_READERS: Final = [role.value for role in Role if scope_of_role(role, Permission.READ_AUDIT)]


def holders(
    *, organisations: Collection[int], permission: Permission, on: date
) -> Mapping[int, tuple[UUID, ...]]:
    """Organisation (registry id) → active officials who act on that day with a post in this very organisation that carries
    the permission, by id: its holders, and their deputies. An organisation without such has an empty entry."""
    roles = [role.value for role in Role if scope_of_role(role, permission)]
    posts = Post.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on),
        valid_from__lte=on,
        organisation_id__in=list(organisations),
        role__in=roles,
    )
    own = posts.filter(official__is_active=True).values_list("organisation_id", "official_id")
    deputies = posts.filter(
        deputies__valid_from__lte=on, deputies__valid_to__gte=on, deputies__official__is_active=True
    ).values_list("organisation_id", "deputies__official_id")
    found: dict[int, set[UUID]] = {each: set() for each in organisations}
    for organisation, official in (*own, *deputies):
        found[organisation].add(official)
    return {organisation: tuple(sorted(officials)) for organisation, officials in found.items()}


def auditors_of(actor: str, *, on: date) -> tuple[UUID, ...]:
    """The active audit administrators of that day in whose trail stands what `actor` does, by id; as the trail names him."""
    places = set(Post.objects.filter(role__in=_READERS).values_list("organisation_id", flat=True))
    found = holders(organisations=places, permission=Permission.READ_AUDIT, on=on)
    himself = actor.partition(" for ")[0]
    return tuple(each for each in sorted({*chain(*found.values())}) if _reads(each, himself, on))


def _reads(auditor: UUID, actor: str, on: date) -> bool:
    names = names_in_reach(official_id=auditor, permission=Permission.READ_AUDIT, on=on)
    return names is None or actor in names
