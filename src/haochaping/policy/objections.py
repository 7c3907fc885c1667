"""What a regulation can say about objections, revisits, and the passage from old rules to new."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from haochaping.policy.limits import Body, Limit, Means
from haochaping.policy.shapes import OneOf, Range

GROUNDS = {
    "mistaken": "误评",
    "malicious": "恶意差评",
    "not_served": "未接受服务",
    "other_unit": "非本单位职责",
    "duplicate": "重复评价",
    "coerced": "受干扰评价",
    "force_majeure": "不可抗力",
    "system": "系统故障",
    "no_reason": "无正当理由",
}


Ground = Annotated[str, OneOf(GROUNDS, prefix="named:")]


@dataclass(frozen=True, slots=True)
class Objection:
    """The rated contest a rating."""

    limit: Annotated[Limit | None, "until when; left out: no limit is laid down"] = None
    decided_by: Annotated[Body | None, "who decides"] = None
    silence: Annotated[
        str | None, OneOf({"accepted": "视为无异议", "none": "不作推定"}), "the rated do not object in time"
    ] = None
    silence_of_body: Annotated[
        str | None,
        OneOf({"none": "不作推定", "upheld": "视为成立", "rejected": "视为不成立", "escalated": "转上一级"}),
        "the body does not decide in time",
    ] = None
    by: Annotated[
        tuple[Annotated[str, OneOf({"rated_organisation": "被评价单位", "rated_person": "被评价人员"})], ...],
        "who may",
    ] = ()
    form: Annotated[
        str | None, OneOf({"written": "书面", "online": "网上", "any": "不限"}), "in what form"
    ] = None
    evidence: Annotated[bool, "evidence must be given with it"] = False
    grounds: Annotated[tuple[Ground, ...], "for which grounds only"] = ()
    times: Annotated[int | None, Range(1, 100), "how often for one rating"] = None
    pending: Annotated[
        tuple[
            Annotated[
                str,
                OneOf(
                    {
                        "not_counted": "暂不计分",
                        "not_published": "暂不公开",
                        "rectification_stands_still": "整改期限中止",
                        "revisit_waits": "暂不回访",
                    }
                ),
            ],
            ...,
        ],
        "what holds while it is undecided; left out: nothing, the rating counts",
    ] = ()
    citizen_heard: Annotated[bool, "the rater is heard before it is upheld"] = False


@dataclass(frozen=True, slots=True)
class Voiding:
    """What an established ground does to a rating. The original is always kept."""

    grounds: Annotated[tuple[Ground, ...], "which grounds void"]
    effect: Annotated[
        str,
        OneOf(
            {
                "not_counted": "不予采纳",
                "unrated": "视为未评",
                "default": "按默认等次",
                "rate_again": "可重新评价",
            }
        ),
        "what becomes of the occasion",
    ] = "not_counted"
    told: Annotated[bool, "the rater is told"] = False


@dataclass(frozen=True, slots=True)
class Revisit:
    """Which ratings are revisited, what share of them, by whom and how (None and () where open)."""

    of: Annotated[
        str,
        OneOf(
            {
                "bad": "差评",
                "named_bad": "实名差评",
                "rectified": "已整改的差评",
                "verified_bad": "查实的差评",
                "unsatisfied": "对整改不满意的",
                "objected": "提出异议的",
                "all": "全部评价",
                "default": "默认评价",
                "good": "好评",
            }
        ),
        "of what",
    ]
    share: Annotated[Decimal | None, Range(0, 1), "the share of them, above 0; left out: not laid down"] = (
        None
    )
    least: Annotated[int | None, Range(1, None), "but at least so many, as far as there are"] = None
    per: Annotated[
        tuple[
            Annotated[
                str, OneOf({"organisation": "每单位", "month": "每月", "quarter": "每季度", "year": "每年"})
            ],
            ...,
        ],
        "the share is of each of these",
    ] = ()
    by: Annotated[Body | None, "by whom"] = None
    means: Annotated[tuple[Means, ...], "by which means"] = ()
    limit: Annotated[Limit | None, "within what"] = None
    attempts: Annotated[int | None, Range(1, 100), "so many attempts"] = None
    asks: Annotated[tuple[str, ...], "what is asked"] = ()
    unsatisfied: Annotated[
        str | None,
        OneOf({"reopen": "重新整改", "supervise": "督办", "escalate": "报上级"}),
        "what follows where the citizen is not satisfied",
    ] = None

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other."""
        if self.share == 0:
            yield "share", "0 is not above 0; leave the entry out, or say `absent = true`"


_DAYS = {
    "occasion_day": "服务当日",
    "acceptance_day": "受理当日",
    "rating_day": "评价当日",
    "step_day": "办理当日",
}


@dataclass(frozen=True, slots=True)
class Transition:
    """By the rules of which day an occasion and its steps are judged."""

    substance: Annotated[
        str,
        OneOf(_DAYS),
        "what a rating means",
    ] = "occasion_day"
    procedure: Annotated[
        str,
        OneOf(_DAYS),
        "how it is handled",
    ] = "step_day"
    as_substance: Annotated[tuple[str, ...], "dimensions judged as substance, against their nature"] = ()
    as_procedure: Annotated[tuple[str, ...], "dimensions judged as procedure, against their nature"] = ()
