"""Who holds a permission in certain organisations: for whoever has something to tell them."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from django.db.models import Q

from haochaping.accounts.models import Post
from haochaping.accounts.rules import Permission, Role, scope_of_role


def holders(
    *, organisations: Collection[int], permission: Permission, on: date
) -> Mapping[int, tuple[UUID, ...]]:
    """Organisation (registry id) → active officials with a post of that day in this very organisation that carries the
    permission, by id. An organisation without such has an empty entry."""
    roles = [role.value for role in Role if scope_of_role(role, permission)]
    held = Post.objects.filter(
        Q(valid_to__isnull=True) | Q(valid_to__gte=on),
        valid_from__lte=on,
        organisation_id__in=list(organisations),
        role__in=roles,
        official__is_active=True,
    )
    found: dict[int, set[UUID]] = {each: set() for each in organisations}
    for organisation, official in held.values_list("organisation_id", "official_id"):
        found[organisation].add(official)
    return {organisation: tuple(sorted(officials)) for organisation, officials in found.items()}
