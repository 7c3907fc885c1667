"""Which organisation a body of the rules is for an order."""

from datetime import date
from typing import Final

from haochaping.policy.occasions import tier_of
from haochaping.policy.profile import Profile
from haochaping.registry import queries as registry
from haochaping.registry.queries import OrganisationView

_THE_UNIT: Final = frozenset({"handling_unit", "rated_organisation"})
_THE_AUTHORITYS: Final = frozenset({"dispatch", "upload"})
_TIERS: Final = {"province_authority": "province", "city_authority": "city", "county_authority": "county"}


def organisation_for(body: str, unit: int, on: date) -> int | None:
    """The organisation (registry id) that is this body for a unit; None for a body that the registry does not know."""
    if body in _THE_UNIT:
        return unit
    found: OrganisationView | None = None
    if body == "same_level_authority":
        found = registry.authority_of(unit, on)
    elif body == "level_above_authority":
        found = registry.authority_above(unit, on)
    elif body in _TIERS:
        found = _at_tier(_TIERS[body], unit, on)
    return found.id if found else None


def _at_tier(tier: str, unit: int, on: date) -> OrganisationView | None:
    """The nearest authority of this tier of government, the unit's own or one above it."""
    found, seen = registry.authority_of(unit, on) or registry.authority_above(unit, on), {unit}
    while found is not None and found.id not in seen and tier_of(found.division_code) != tier:
        seen.add(found.id)
        found = registry.authority_above(found.id, on)
    return found if found is not None and tier_of(found.division_code) == tier else None


def owner_of(step: str, rules: Profile, unit: int, on: date) -> int:
    """Who must keep a step's limit: the body that the rules make responsible, where the registry knows it, and where that
    is the rated unit itself the one in its place; else who can do the step: the authority dispatches and uploads, the unit
    does the rest."""
    value = rules.responsibility.get(step)
    if value is not None:
        duty = value.value
        body = organisation_for(duty.by, unit, on)
        if body == unit and duty.instead is not None and duty.by not in _THE_UNIT:
            body = organisation_for(duty.instead, unit, on)
        if body is not None:
            return body
    authority = registry.authority_of(unit, on) if step in _THE_AUTHORITYS else None
    return authority.id if authority else unit


def granting(rules: Profile, unit: int, on: date) -> int | None:
    """The organisation that grants an extension; None where nobody is named, or one that the registry does not know. An
    authority that is to set something right itself (its own hall) does not grant itself more time: the one above does, where
    there is one (our safeguard, as for objections)."""
    value = rules.extensions.get("rectification")
    body = value.value.granted_by if value else None
    found = organisation_for(body, unit, on) if body else None
    if found != unit or body in _THE_UNIT:
        return found
    above = registry.authority_above(unit, on)
    return above.id if above else found
