"""The shape of a scenario's file: one declaration that is read, checked, and made into a schema for editors."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, make_dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Annotated, Any, ClassVar, Final

from haochaping.policy.occasions import Division, Selector
from haochaping.policy.reading import nearest
from haochaping.policy.shapes import OneOf, Range, keys
from haochaping.policy.vocabulary import COUNTS, EVENTS, SCORED
from haochaping.policy.voice import HIGHEST_LEVEL, LevelNumber

KINDS: Final = {
    "rating": "评价",
    "correction": "修改",
    "withdrawal": "撤回",
    "supplement": "补充",
    "follow_up": "追评",
}
OUTCOMES: Final = {
    "upheld": "属实、成立",
    "partly_upheld": "部分属实",
    "rejected": "不属实、不成立",
    "no_legal_basis": "缺乏法定依据",
    "satisfied": "满意",
    "unsatisfied": "不满意",
    "failed": "未成",
}
LOOKED_AT: Final = ("occasion", "score", "list", "revisit", "duty", "publication")
_BY: Final = {"rated_organisation": "被评价单位", "rated_person": "被评价人员"}
_FORMS: Final = {"written": "书面", "online": "网上"}
# Which facts of an occasion a story can tell: all but what the rating itself says, and what verification found. With the
# selector's key in whose words each is told, "" for codes.
_FACTS: Final = {
    "division": "divisions",
    "organisation": "",
    "department": "departments",
    "hall": "",
    "place": "places",
    "item": "",
    "item_type": "item_types",
    "channel": "channels",
    "case_type": "case_types",
    "form": "forms",
    "stage": "stages",
    "rater": "raters",
    "subject": "subjects",
    "bad_class": "classes",
}
EVENT_KEYS: Final = tuple(EVENTS)
FACT_KEYS: Final = tuple(_FACTS)
COUNT_KEYS: Final = tuple(COUNTS)
CELL_FACT_KEYS: Final = (
    *("subject", "channel", "place", "item_type", "case_type", "form", "stage", "rater", "bad_class"),
)


def _fact(name: str) -> tuple[str, Any, Any]:
    """A fact in the words of the selector's key that looks at it."""
    if name == "division":
        return name, Annotated[Division | None, "a division code"], None
    looking = {key.name: key.kind.item for key in keys(Selector)}.get(_FACTS[name])
    words = looking.words if looking else None
    return name, Annotated[str, words, "the fact by which rules are chosen"], ""


def _moment(word: str) -> tuple[str, Any, Any]:
    return word, Annotated[datetime | None, f"when: {EVENTS[word]}"], None


def _number(word: str) -> tuple[str, Any, Any]:
    return word, Annotated[int | None, COUNTS[word]], None


@dataclass(frozen=True)
class _Named:
    """An occasion, and what happened to it."""

    name: Annotated[str, "its name in this file"]
    unit: Annotated[str | None, "who is scored by it, of a joint case the one that leads"] = None
    parts: Annotated[tuple[str, ...], "the other units of a joint case"] = ()
    person: Annotated[str, "who was served: tells repeated raters apart"] = ""
    staff: Annotated[str, "who served"] = ""
    case: Annotated[str, "which case"] = ""
    window: Annotated[str, "which window"] = ""
    size: Annotated[int, Range(1, None), "cases in a batch"] = 1


@dataclass(frozen=True)
class RatingTable:
    """A citizen's attempt to rate."""

    at: Annotated[datetime, "when"]
    occasion: Annotated[str | None, "of which occasion; left out where there is one"] = None
    level: Annotated[LevelNumber | None, "the level; of a withdrawal none"] = None
    kind: Annotated[str, OneOf(KINDS), "what it is"] = "rating"
    named: Annotated[bool, "实名"] = True
    reason: Annotated[bool, "with a reason"] = True
    reachable: Annotated[bool, "the rater can be reached"] = True
    channel: Annotated[str, "through which channel"] = ""
    subject: Annotated[str, "what is rated"] = "item"
    stage: Annotated[str, "which stage is rated"] = ""
    part: Annotated[str, "which part of a joint case is rated: its unit"] = ""

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other."""
        if self.level is None and self.kind != "withdrawal":
            yield "level", f"is missing; expected a whole number 1..{HIGHEST_LEVEL}"


@dataclass(frozen=True)
class EventTable:
    """Something else that happened."""

    at: Annotated[datetime, "when"]
    event: Annotated[str, OneOf(EVENTS, "named:"), "what"]
    occasion: Annotated[str | None, "to which occasion; left out where there is one"] = None
    outcome: Annotated[str, "how it ended; of a verdict also a key of its scale"] = ""
    ground: Annotated[str, "on which ground an objection was decided"] = ""
    to: Annotated[date | None, "of an extension, the last day that was given"] = None
    step: Annotated[str, "which limit is extended"] = "rectification"
    by: Annotated[str, OneOf(_BY), "who raised an objection"] = ""
    form: Annotated[str, OneOf(_FORMS), "in what form"] = ""
    evidence: Annotated[bool | None, "with evidence"] = None

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other. A verdict is given in the words of its scale, which only rules know."""
        if self.outcome and self.event != "verdict" and self.outcome not in OUTCOMES:
            yield "outcome", f"{self.outcome!r} is unknown; {nearest(self.outcome, OUTCOMES)}"


@dataclass(frozen=True)
class External:
    """What no system counts, by the name under which it was entered."""

    extra: ClassVar[type] = Decimal


Where: Final[type] = make_dataclass("Where", map(_fact, _FACTS), frozen=True)
OccasionTable: Final[type] = make_dataclass(
    "OccasionTable", [*map(_fact, _FACTS), *map(_moment, EVENTS)], bases=(_Named,), frozen=True
)
Counts: Final[type] = make_dataclass("Counts", map(_number, COUNTS), frozen=True)
CellTable: Final[type] = make_dataclass(
    "CellTable",
    [
        ("counts", Annotated[Counts | None, "how many"], None),
        ("named", Annotated[bool | None, "实名"], None),
        *map(_fact, CELL_FACT_KEYS),
    ],
    frozen=True,
)
BelowTable: Final[type] = make_dataclass(
    "BelowTable",
    [
        ("score", Annotated[str, "its key"]),
        ("of", Annotated[str, OneOf(SCORED), "whose it is"]),
        ("points", Annotated[Decimal | None, "its points"], None),
        *map(_number, COUNTS),
    ],
    frozen=True,
)
Where.__doc__ = "What all occasions share: the facts by which rules are chosen."
OccasionTable.__doc__ = "An occasion: its name, facts, and when what happened to it."
Counts.__doc__ = "Counts by word."
CellTable.__doc__ = "Counts of ratings, occasions or orders that share these facts."
BelowTable.__doc__ = "A score of a unit below this one."


@dataclass(frozen=True)
class FigureTable:
    """Figures given as such: of one unit in one period."""

    unit: Annotated[str, "whose"] = "本单位"
    period: Annotated[str, "of which period: 2026年3月, 2026年第一季度, 2026年, or any name"] = ""
    kind: Annotated[str, OneOf(SCORED), "what is scored"] = ""
    of: Annotated[str, "the unit to which it belongs"] = ""
    complete: Annotated[bool, "what is not written is nought, not unknown"] = False
    counts: Annotated[Counts | None, "how many"] = None  # type: ignore[valid-type]
    cells: Annotated[tuple[CellTable, ...], "by facts"] = ()  # type: ignore[valid-type]
    external: Annotated[External | None, "entered by a person"] = None
    below: Annotated[tuple[BelowTable, ...], "scores of units below"] = ()  # type: ignore[valid-type]


@dataclass(frozen=True)
class ExpectTable:
    """What must come out: of one thing that is looked at, whatever facts are written."""

    extra: ClassVar[Any] = Any
    article: Annotated[str, "the clause that says so: some rule in force must cite it"]
    occasion: Annotated[str | None, "an occasion, by its name"] = None
    score: Annotated[str | None, "a score, by its key"] = None
    list: Annotated[str | None, "a list, by its key"] = None
    revisit: Annotated[str | None, "a revisit, by its key"] = None
    duty: Annotated[str | None, "a dated duty, by its key"] = None
    publication: Annotated[str | None, "a publication, by its key"] = None

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other."""
        if len([each for each in LOOKED_AT if getattr(self, each) is not None]) != 1:
            yield "occasion", f"give one of {', '.join(f'`{each}`' for each in LOOKED_AT)}: what is looked at"


@dataclass(frozen=True)
class ScenarioFile:
    """A story told to the rules, and what must come out of it."""

    title: Annotated[str, "what it shows"]
    cites: Annotated[tuple[str, ...], "the articles that this shows"]
    now: Annotated[datetime, "the instant at which it is looked at"]
    expect: Annotated[tuple[ExpectTable, ...], "what must come out"]
    since: Annotated[date | None, "dated duties are told from this day on"] = None
    where: Annotated[Where | None, "what all occasions share"] = None  # type: ignore[valid-type]
    occasions: Annotated[tuple[OccasionTable, ...], "who was served"] = ()  # type: ignore[valid-type]
    ratings: Annotated[tuple[RatingTable, ...], "attempts to rate"] = ()
    events: Annotated[tuple[EventTable, ...], "what else happened"] = ()
    figures: Annotated[tuple[FigureTable, ...], "figures given as such"] = ()


def told(table: object, names: Iterable[str]) -> dict[str, Any]:
    """What a table says of these keys, without those that it leaves out."""
    found = {name: getattr(table, name) for name in names}
    return {name.removesuffix("_"): said for name, said in found.items() if said not in (None, "")}
