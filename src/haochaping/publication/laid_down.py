"""What the rules of a place lay down about publication: by which clause something is public, and who may be named. Pure."""

from dataclasses import dataclass
from typing import Final

from haochaping.policy.profile import Profile
from haochaping.policy.publicity import Publication
from haochaping.policy.values import Value

# Answers are public where the texts of ratings are, or what is done about them.
_ANSWERS: Final = ("texts", "rectifications")
_NAMED: Final = ("ranking", "lists", "ratings", "totals", "bulletin")


@dataclass(frozen=True, slots=True)
class LaidDown:
    """`clause`: "" where nothing is laid down, and then nothing else is. `withheld`: what is not published, and why;
    `least`: groups of fewer are not shown, 0 for none; `released_by`: a word of the rules' bodies, "" for nobody named;
    `masks`: words of what is masked."""

    clause: str = ""
    withheld: tuple[tuple[str, str], ...] = ()
    masks: tuple[str, ...] = ()
    least: int = 0
    released_by: str = ""


def of_answers(profile: Profile) -> LaidDown:
    """Whether answered bad ratings are published."""
    for what in _ANSWERS:
        found = next((each for each in _public(profile) if each.value.what == what), None)
        if found is not None:
            rule = found.value
            return LaidDown(
                clause=found.citation,
                withheld=tuple((each.what, each.why) for each in rule.withheld),
                masks=rule.masks,
                least=rule.least or 0,
                released_by=rule.released_by or "",
            )
    return LaidDown()


def naming(profile: Profile, kind: str) -> str:
    """The clause by which figures of this kind ("staff", "window", ...) are published by name; "" where none says so."""
    for each in _public(profile):
        if each.value.what in _NAMED and kind in each.value.of and "staff_name" not in each.value.masks:
            return each.citation
    return ""


def _public(profile: Profile) -> list[Value[Publication]]:
    found = (value for _key, value in sorted(profile.publication.items()))
    return [each for each in found if not each.absent and each.value.audience == "public"]
