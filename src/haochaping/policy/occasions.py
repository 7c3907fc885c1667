"""For whom a rule is asked, and which of them a rule is for."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Annotated, Any, Final, NamedTuple

from haochaping.policy.divisions import stem
from haochaping.policy.limits import Word
from haochaping.policy.shapes import Matching, OneOf
from haochaping.policy.vocabulary import (
    CASE_TYPES,
    CHANNELS,
    FINDINGS,
    FORMS,
    ITEM_TYPES,
    PLACES,
    RATERS,
    STAGES,
    SUBJECTS,
    TIERS,
)
from haochaping.policy.voice import LevelNumber

_TIER_OF_WIDTH: Final = {0: "country", 2: "province", 4: "city", 6: "county", 9: "township", 12: "village"}

Division = Annotated[str, Matching(r"\d{6}|\d{12}", "a division code of 6 or 12 digits")]
Credit = Annotated[str, Matching(r"[0-9A-Z]{18}", "a credit code of 18 characters")]


class Occasion(NamedTuple):
    """What is known of the case, the service, the rating. "" (level 0, named None): not known, or not asked.

    A rule that is for some of them only is not chosen where the fact is not known.
    """

    division: str
    organisation: str = ""
    department: str = ""
    hall: str = ""
    place: str = ""
    item: str = ""
    item_type: str = ""
    channel: str = ""
    case_type: str = ""
    form: str = ""
    stage: str = ""
    rater: str = ""
    subject: str = ""
    level: int = 0
    named: bool | None = None
    bad_class: str = ""
    finding: str = ""


@dataclass(frozen=True)
class Selector:
    """All that is written must fit; of the words of one key any."""

    divisions: Annotated[tuple[Division, ...], "in these divisions and below"] = ()
    tiers: Annotated[tuple[Annotated[str, OneOf(TIERS)], ...], "at these tiers of government"] = ()
    organisations: Annotated[tuple[Credit, ...], "of these organisations"] = ()
    departments: Annotated[
        tuple[Word, ...], "of these kinds of department (条线), e.g. hrss, tax: the registry's words"
    ] = ()
    halls: Annotated[tuple[str, ...], "in these halls, by their codes"] = ()
    places: Annotated[tuple[Annotated[str, OneOf(PLACES)], ...], "in these kinds of place"] = ()
    items: Annotated[
        tuple[str, ...], "about these items: the beginning of the implementing or base code"
    ] = ()
    item_types: Annotated[tuple[Annotated[str, OneOf(ITEM_TYPES)], ...], "about items of these types"] = ()
    channels: Annotated[tuple[Annotated[str, OneOf(CHANNELS)], ...], "rated through these"] = ()
    case_types: Annotated[tuple[Annotated[str, OneOf(CASE_TYPES)], ...], "即办件 or 承诺件"] = ()
    forms: Annotated[
        tuple[Annotated[str, OneOf(FORMS)], ...], "single, batch, joint, theme, consultation"
    ] = ()
    stages: Annotated[tuple[Annotated[str, OneOf(STAGES)], ...], "at these stages of the case"] = ()
    raters: Annotated[tuple[Annotated[str, OneOf(RATERS)], ...], "whose rater is"] = ()
    subjects: Annotated[tuple[Annotated[str, OneOf(SUBJECTS)], ...], "of these rated subjects"] = ()
    levels: Annotated[tuple[LevelNumber, ...], "ratings of these levels"] = ()
    named: Annotated[bool | None, "实名 ratings only, or 匿名 only"] = None
    classes: Annotated[tuple[Word, ...], "bad ratings of these classes (keys of `classes`)"] = ()
    findings: Annotated[
        tuple[Annotated[str, OneOf(FINDINGS)], ...], "bad ratings whose verification found this"
    ] = ()

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other."""
        if not facets(self):
            yield "", "says nothing: leave it out to mean everything"

    def fits(self, facts: Mapping[str, object]) -> bool:
        """Whether the facts of an occasion (`facts_of`) are among those selected."""
        return all(_meets(name, allowed, facts[name]) for name, allowed in facets(self).items())


# Which key of a selector looks at which fact of an occasion.
_FACTS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "organisations": "organisation",
        "departments": "department",
        "halls": "hall",
        "places": "place",
        "items": "item",
        "item_types": "item_type",
        "channels": "channel",
        "case_types": "case_type",
        "forms": "form",
        "stages": "stage",
        "raters": "rater",
        "subjects": "subject",
        "levels": "level",
        "named": "named",
        "classes": "bad_class",
        "findings": "finding",
    }
)


def facts_asked(selectors: Iterable[Selector]) -> frozenset[str]:
    """The facts of an occasion that any of these selectors looks at, besides its division."""
    return frozenset(_FACTS[key] for each in selectors for key in facets(each) if key in _FACTS)


def tier_of(division: str) -> str:
    """The tier of government of a division code. Raises ValueError for no code."""
    return _TIER_OF_WIDTH[len(stem(division))]


def facts_of(occasion: Occasion) -> dict[str, object]:
    """The facts by the selector's key that looks at them. Raises ValueError for no division code."""
    facts: dict[str, object] = {key: getattr(occasion, fact) for key, fact in _FACTS.items()}
    return {**facts, "divisions": stem(occasion.division), "tiers": tier_of(occasion.division)}


def facets(selector: Selector) -> dict[str, tuple[object, ...]]:
    """What a selector says, by key; `named` as a list of one."""
    found = {}
    for field in fields(selector):
        said = getattr(selector, field.name)
        if said not in (None, ()):
            found[field.name] = said if isinstance(said, tuple) else (said,)
    return found


def _meets(name: str, allowed: tuple[object, ...], fact: object) -> bool:
    if name == "divisions":
        return any(str(fact).startswith(stem(str(code))) for code in allowed)
    if name == "items":
        return any(str(fact).startswith(str(code)) for code in allowed)
    return fact in allowed


def fitting_one(selector: Selector, occasion: Occasion) -> Occasion:
    """The occasion with the first of whatever the selector asks for."""
    said = facets(selector)
    facts: dict[str, Any] = {fact: said[key][0] for key, fact in _FACTS.items() if key in said}
    return occasion._replace(division=str(said.get("divisions", (occasion.division,))[0]))._replace(**facts)


def apart(one: Selector, other: Selector) -> bool:
    """Whether no occasion can fit both."""
    mine, theirs = facets(one), facets(other)
    return any(_disjoint(name, mine[name], theirs[name]) for name in mine.keys() & theirs.keys())


def never_both(
    only: Sequence[Selector],
    excepted: Sequence[Selector],
    other_only: Sequence[Selector],
    other_excepted: Sequence[Selector],
) -> bool:
    """Whether no occasion fits both. Of what is excepted, only that is seen which is said word by word."""
    if only and set(only) <= set(other_excepted):
        return True
    if other_only and set(other_only) <= set(excepted):
        return True
    return bool(only and other_only) and all(apart(a, b) for a in only for b in other_only)


def _disjoint(name: str, mine: tuple[object, ...], theirs: tuple[object, ...]) -> bool:
    if name == "divisions":
        return not any(_nested(stem(str(a)), stem(str(b))) for a in mine for b in theirs)
    if name == "items":
        return not any(_nested(str(a), str(b)) for a in mine for b in theirs)
    return not set(mine) & set(theirs)


def _nested(one: str, other: str) -> bool:
    return one.startswith(other) or other.startswith(one)
