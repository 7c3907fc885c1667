"""What a regulation can say about giving a rating: levels, subjects, times, silence."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Final

from haochaping.policy.limits import Body, Limit, Means
from haochaping.policy.shapes import OneOf, Range
from haochaping.policy.vocabulary import CHANNELS, COUNTS, EVENTS, MEASURES, PERIODS, STAGES, SUBJECTS

HIGHEST_LEVEL: Final = 5
LevelNumber = Annotated[int, Range(1, HIGHEST_LEVEL)]


@dataclass(frozen=True, slots=True)
class LevelEntry:
    """One answer, as a file writes it."""

    level: Annotated[LevelNumber, "5 (best) to 1, as in the national data convention"]
    label: Annotated[str, "its words"]
    bad: Annotated[bool, "is it a 差评"]
    good: Annotated[bool | None, "does it count as 好评; left out: every level that is not bad does"] = None


@dataclass(frozen=True, slots=True)
class Level:
    """One answer: `number` 5 (best) to 1 as in the national data convention, its words, 差评 or 好评."""

    number: int
    label: str
    bad: bool
    good: bool


@dataclass(frozen=True, slots=True)
class Points:
    """What one rating of a level is worth."""

    level: Annotated[LevelNumber, "the level"]
    points: Annotated[Decimal, "any number, also negative"]


@dataclass(frozen=True, slots=True)
class Subject:
    """One of the things that are rated."""

    subject: Annotated[str, OneOf(SUBJECTS), "what is rated"]
    rated: Annotated[
        str | None, OneOf({"apart": "单独评价", "together": "一并评价"}), "own levels, or the item's"
    ] = None
    required: Annotated[bool, "must a rating have it"] = False
    needs_case: Annotated[bool | None, "only ratable for a reported case"] = None


@dataclass(frozen=True, slots=True)
class Frequency:
    """How many ratings there are. For batches, joint cases, stages: an entry each, with `only.forms`."""

    per: Annotated[
        str,
        OneOf(
            {
                "occasion": "一次一评",
                "case": "一事一评",
                "stage": "每环节一评",
                "part": "每个联办事项一评",
                "rater_and_day": "同一评价人每日一评",
                "rater_and_item": "同一评价人同一事项一评",
                "window_and_day": "同一窗口每日一评",
            }
        ),
        "what can be rated once",
    ]
    most: Annotated[int, Range(1, 1000), "how often, for each of these"] = 1
    stages: Annotated[tuple[Annotated[str, OneOf(STAGES)], ...], "the stages that are rated, for stage"] = ()
    overall: Annotated[bool, "an overall rating besides (or, with per = case, alone)"] = False
    counted: Annotated[
        str, OneOf({"once": "计一次", "each": "逐件计"}), "one rating for many cases counts so often"
    ] = "once"
    counted_per: Annotated[
        int | None, Range(2, None), "with once: once for each so many cases, begun ones included"
    ] = None
    counted_for: Annotated[
        str | None,
        OneOf({"lead": "牵头部门", "own_part": "各自部分", "all": "所有参与部门"}),
        "whose rating the overall one of a joint case is",
    ] = None

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other."""
        if self.stages and self.per != "stage":
            yield "stages", "is only said with per = 'stage'"
        if self.counted_per is not None and self.counted == "each":
            yield "counted_per", "is only said with counted = 'once'"


@dataclass(frozen=True, slots=True)
class Repetition:
    """Ratings of the same rater about the same thing that count as one."""

    per: Annotated[
        str,
        OneOf({"rater": "同一评价人", "rater_and_item": "同一评价人同一事项", "device": "同一设备"}),
        "the same what",
    ]
    counted: Annotated[str, OneOf({"first": "首次", "last": "末次", "none": "均不计"}), "which one counts"]
    within: Annotated[Limit | None, "counted after `rating`; left out: ever"] = None


@dataclass(frozen=True, slots=True)
class Default:
    """Who has not rated within `limit` is taken as having given `level`; never a citizen's rating."""

    level: Annotated[LevelNumber, "what silence stands for"]
    limit: Annotated[Limit, "when it is taken so"]
    counts_in: Annotated[
        tuple[Annotated[str, OneOf(MEASURES)], ...] | None,
        "the measures in which it counts; left out: what each score says",
    ] = None
    points: Annotated[Decimal | None, "what it is worth in points; left out: as its level"] = None


@dataclass(frozen=True, slots=True)
class Naming:
    """`encouraged`: the regulation encourages 实名. `anonymous`: 匿名 is allowed as well."""

    encouraged: Annotated[bool, "are real names encouraged"]
    anonymous: Annotated[bool, "are anonymous ratings allowed"]
    conditional: Annotated[bool, "a bad rating needs a real name"] = False


@dataclass(frozen=True, slots=True)
class ReasonForm:
    """How the reason of a bad rating is given."""

    accepts: Annotated[
        tuple[Annotated[str, OneOf({"tag": "标签", "text": "文字", "photo": "照片"})], ...],
        "what is a reason",
    ]
    all: Annotated[bool, "each of them is needed, not any"] = False
    least_characters: Annotated[int, Range(0, 500), "a text has at least so many"] = 0


@dataclass(frozen=True, slots=True)
class AfterDefault:
    """A citizen's rating after the default. Where nothing is laid down of it, none is taken, whatever the window."""

    allowed: Annotated[bool, "may it still be given"]
    limit: Annotated[Limit | None, "until when; left out: it never closes"] = None
    replaces: Annotated[bool, "it takes the default's place; else it is kept beside it and not counted"] = (
        True
    )


_DIRECTIONS: Final = {"any": "不限", "up": "只可上调", "down": "只可下调"}


@dataclass(frozen=True, slots=True)
class Correction:
    """The citizen changes his rating."""

    limit: Annotated[Limit | None, "until when"] = None
    times: Annotated[int | None, Range(1, 100), "how often"] = None
    direction: Annotated[str, OneOf(_DIRECTIONS), "which changes are allowed"] = "any"
    counts: Annotated[str, OneOf({"last": "以末次为准", "first": "以首次为准"}), "which one counts"] = "last"


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """The citizen takes a rating back. The original is kept."""

    allowed: Annotated[bool, "may it be taken back"]
    limit: Annotated[Limit | None, "until when"] = None
    effect: Annotated[
        str | None,
        OneOf({"not_counted": "不计入", "unrated": "视为未评", "rate_again": "可重新评价"}),
        "what becomes of the occasion",
    ] = None


@dataclass(frozen=True, slots=True)
class Supplement:
    """The citizen adds to a rating (补充评价), or rates again after the rectification (追评)."""

    limit: Annotated[Limit | None, "until when"] = None
    times: Annotated[int | None, Range(1, 100), "how often"] = None
    adds: Annotated[
        tuple[Annotated[str, OneOf({"text": "文字", "tags": "标签", "level": "等次", "files": "材料"})], ...],
        "what may be added",
    ] = ()
    direction: Annotated[str, OneOf(_DIRECTIONS), "which levels are taken, against the one before"] = "any"
    counts: Annotated[
        str | None,
        OneOf({"no": "不计入", "beside": "另行统计", "replaces": "替代原评价"}),
        "what becomes of the first level",
    ] = None


@dataclass(frozen=True, slots=True)
class Invitation:
    """Un-rated occasions whose citizens are asked."""

    first: Annotated[Limit, "when for the first time"]
    every: Annotated[Limit | None, "then so long after the last `invitation`"] = None
    most: Annotated[int | None, Range(1, 100), "how often at most"] = None
    means: Annotated[tuple[Means, ...], "by which means"] = ()


@dataclass(frozen=True, slots=True)
class Channels:
    """Where ratings are collected."""

    required: Annotated[tuple[Annotated[str, OneOf(CHANNELS)], ...], "must be there"] = ()
    any_of: Annotated[tuple[Annotated[str, OneOf(CHANNELS)], ...], "at least one of these must be there"] = ()
    allowed: Annotated[tuple[Annotated[str, OneOf(CHANNELS)], ...], "may be; left out: any"] = ()


@dataclass(frozen=True, slots=True)
class Question:
    """A question below the level."""

    words: Annotated[str, "the question"]
    answers: Annotated[tuple[str, ...], "to choose from; left out: a free text"] = ()
    required: Annotated[bool, "must it be answered"] = False
    many: Annotated[bool, "may several answers be chosen"] = False


@dataclass(frozen=True, slots=True)
class Counting:
    """Which ratings enter the figures, and when."""

    bad_from: Annotated[str, OneOf(EVENTS), "from which event on a bad rating counts"] = "rating"
    matched_only: Annotated[bool, "only ratings matched to a reported case"] = False
    rectified_satisfied: Annotated[
        str,
        OneOf({"stays": "仍计差评", "not_counted": "不再计", "new_level": "按追评等次计"}),
        "a bad rating whose rectification satisfies",
    ] = "stays"
    unrated: Annotated[
        str, OneOf({"apart": "另计未评", "left_out": "不计"}), "un-rated occasions without a default"
    ] = "apart"


@dataclass(frozen=True, slots=True)
class Survey:
    """A survey, an inspection or an assessment that is repeated."""

    of: Annotated[
        str,
        OneOf(
            {
                "raters": "参与评价的企业和群众",
                "new_policy": "新出台政策",
                "new_item": "新提供服务项目",
                "key_item": "重点服务事项",
                "organisation": "有关部门",
                "self": "自我评价",
                "index": "指标体系考评",
                "hall": "大厅巡查",
            }
        ),
        "what is looked into",
    ]
    by: Annotated[Body | None, "who does it"] = None
    every: Annotated[str | None, OneOf(PERIODS), "how often"] = None
    share: Annotated[Decimal | None, Range(0, 1), "of how many, as a share"] = None
    number: Annotated[int | None, Range(1, None), "of how many, as a number"] = None
    population: Annotated[str | None, OneOf(COUNTS), "the share of which count"] = None
    asks: Annotated[tuple[str, ...], "what is asked"] = ()
    means: Annotated[tuple[Means, ...], "by which means"] = ()
    limit: Annotated[Limit | None, "when it must be done"] = None
