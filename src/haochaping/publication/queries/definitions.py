"""How figures are counted, each with the clause in force here today."""

from dataclasses import dataclass
from datetime import datetime

from haochaping.foundation.clock import local_day
from haochaping.policy.profile import Profile
from haochaping.publication.definitions import DEFINITIONS, Definition
from haochaping.publication.places import top_division
from haochaping.rectification.rulebook import rulebook


@dataclass(frozen=True, slots=True)
class DefinitionView:
    """One of them, in words. `clause`: "" where the rules of the place are silent; `ours`: it depends on no rule at all."""

    key: str
    label: str
    part: str
    whole: str
    day: str
    left_out: str
    clause: str
    ours: bool


def definitions(*, now: datetime) -> tuple[DefinitionView, ...]:
    """All of them, in their order."""
    profile = _profile(now)
    return tuple(_view(key, each, profile) for key, each in DEFINITIONS.items())


def _profile(now: datetime) -> Profile | None:
    today = local_day(now)
    top = top_division(today)
    try:
        return rulebook().profile(top.code, today) if top else None
    except LookupError:
        return None


def _view(key: str, found: Definition, profile: Profile | None) -> DefinitionView:
    clause = profile.citation(found.rule) if profile and found.rule else None
    return DefinitionView(
        key,
        str(found.label),
        str(found.part),
        str(found.whole),
        str(found.day),
        str(found.left_out),
        clause or "",
        ours=not found.rule,
    )
