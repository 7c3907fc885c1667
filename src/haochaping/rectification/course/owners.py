"""Who must keep the limit of a step, and who grants more time, by the rules for an order."""

from typing import Final

from haochaping.policy.profile import Profile
from haochaping.rectification.bodies import LEVEL_ABOVE, SAME_LEVEL, Bodies

_THE_UNIT: Final = frozenset({"handling_unit", "rated_organisation"})
_THE_AUTHORITYS: Final = frozenset({"dispatch", "upload"})


def owner_of(step: str, rules: Profile, unit: int, bodies: Bodies) -> int:
    """Who must keep a step's limit: the body that the rules make responsible, where the registry knows it, and where that
    is the rated unit itself the one in its place; else who can do the step: the authority dispatches and uploads, the unit
    does the rest."""
    value = rules.responsibility.get(step)
    if value is not None:
        duty = value.value
        body = _organisation(duty.by, unit, bodies)
        if body == unit and duty.instead is not None and duty.by not in _THE_UNIT:
            body = _organisation(duty.instead, unit, bodies)
        if body is not None:
            return body
    authority = bodies.organisation_of(SAME_LEVEL, unit) if step in _THE_AUTHORITYS else None
    return authority or unit


def granting(rules: Profile, step: str, unit: int, bodies: Bodies) -> int | None:
    """The organisation that grants more time for a step; None where nobody is named, or one that the registry does not
    know. An authority that is to do something itself (its own hall) does not grant itself more time: the one above does,
    where there is one (our safeguard, as for objections)."""
    value = rules.extensions.get(step)
    body = value.value.granted_by if value else None
    found = _organisation(body, unit, bodies) if body else None
    if found != unit or body in _THE_UNIT:
        return found
    return bodies.organisation_of(LEVEL_ABOVE, unit) or found


def _organisation(body: str, unit: int, bodies: Bodies) -> int | None:
    return unit if body in _THE_UNIT else bodies.organisation_of(body, unit)
