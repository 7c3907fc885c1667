"""What a regulation can say about what follows a bad rating: steps, classes, objections, revisits."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from haochaping.policy.limits import Body, Limit, Means, Span, Word
from haochaping.policy.shapes import OneOf, Range
from haochaping.policy.vocabulary import STEPS

_GROUNDS = {
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
Ground = Annotated[str, OneOf(_GROUNDS, prefix="named:")]


@dataclass(frozen=True, slots=True)
class Trigger:
    """Which bad ratings open a work order. Conditions add up."""

    reason: Annotated[bool, "only with a reason"] = False
    named: Annotated[bool, "only 实名"] = False
    reachable: Annotated[bool, "only with a contact"] = False
    at_once: Annotated[bool, "as soon as the rating is there (即时)"] = True


@dataclass(frozen=True, slots=True)
class Step:
    """One step: what must be done within what. Who does it is said in `responsibility`."""

    limit: Annotated[Limit | None, "within what; left out: no limit is laid down"] = None
    attempts: Annotated[int | None, Range(1, 100), "so many attempts before it counts as failed"] = None
    between: Annotated[Span | None, "at least so long after the last attempt"] = None
    means: Annotated[tuple[Means, ...], "by which means"] = ()
    share: Annotated[Decimal | None, Range(0, 1), "of what share of the cases"] = None
    form: Annotated[str | None, "the form or document that is used"] = None
    to: Annotated[Body | None, "to whom"] = None
    second_person: Annotated[bool, "not by the one who did the step before"] = False
    if_failed: Annotated[
        str | None,
        OneOf(
            {
                "taken_as_done": "视为完成",
                "taken_as_true": "视为属实",
                "taken_as_untrue": "视为不属实",
                "closed": "办结",
                "escalated": "上报",
            }
        ),
        "what it means when the citizen cannot be reached, or the limit has passed",
    ] = None


@dataclass(frozen=True, slots=True)
class Duty:
    """Who is responsible for a step."""

    by: Annotated[Body, "the body"]
    with_: Annotated[tuple[Body, ...], "who helps"] = ()
    instead: Annotated[Body | None, "who, where the body is the rated one itself"] = None


@dataclass(frozen=True, slots=True)
class BadClass:
    """A class of bad ratings. Its limits are entries of other dimensions with `only.classes`."""

    label: Annotated[str, "its words"]
    when: Annotated[str | None, "what belongs to it, in the words of the text"] = None
    on_its_own: Annotated[bool, "the class of what nobody has classified"] = False


@dataclass(frozen=True, slots=True)
class SendBack:
    """May the unit return an order?"""

    allowed: Annotated[bool, "may it"]
    times: Annotated[int | None, Range(1, 100), "how often"] = None
    limit: Annotated[Limit | None, "until when"] = None
    to: Annotated[Body | None, "to whom"] = None
    grounds: Annotated[tuple[Ground, ...], "for which grounds only"] = ()


@dataclass(frozen=True, slots=True)
class Extension:
    """A limit that is extended."""

    times: Annotated[int | None, Range(0, 100), "how often; 0: never"] = None
    limit: Annotated[Span | None, "each time, counted after `due`; left out: as the reason says"] = None
    most: Annotated[Span | None, "all in all not beyond this"] = None
    granted_by: Annotated[Body | None, "who grants it"] = None
    request: Annotated[Span | None, "it is asked for by then"] = None
    decided: Annotated[Span | None, "it is decided by then"] = None
    silence: Annotated[
        str | None, OneOf({"granted": "视为同意", "refused": "视为不同意"}), "no decision in time"
    ] = None
    needs: Annotated[
        tuple[
            Annotated[
                str,
                OneOf({"reason": "说明理由", "date": "整改期限", "plan": "整改方案", "told": "告知评价人"}),
            ],
            ...,
        ],
        "what must be given with it",
    ] = ()


@dataclass(frozen=True, slots=True)
class NoLegalBasis:
    """What the citizen asks has no legal basis."""

    explained: Annotated[bool, "it is explained"] = True
    limit: Annotated[Limit | None, "within what"] = None
    ends: Annotated[bool, "the order ends with it"] = False
    rectified: Annotated[bool | None, "does it count as rectified"] = None


@dataclass(frozen=True, slots=True)
class VerdictLevel:
    """One answer of the citizen about the rectification."""

    key: Annotated[Word, "its short name"]
    label: Annotated[str, "its words"]
    satisfied: Annotated[bool, "is it satisfied"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """The citizen's verdict on the rectification."""

    scale: Annotated[tuple[VerdictLevel, ...], "the answers, best first"]
    limit: Annotated[Limit | None, "until when"] = None
    silence: Annotated[
        str,
        OneOf({"none": "不作推定", "satisfied": "视为满意", "unsatisfied": "视为不满意"}),
        "what silence means",
    ] = "none"
    unsatisfied: Annotated[
        str,
        OneOf(
            {
                "none": "不处理",
                "reopen": "重新整改",
                "supervise": "督办",
                "escalate": "报上级",
                "review": "复查",
            }
        ),
        "what a verdict that is not satisfied sets off",
    ] = "none"
    times: Annotated[int | None, Range(1, 100), "how often it may"] = None

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other."""
        for index, each in enumerate(self.scale):
            if each.key in (other.key for other in self.scale[:index]):
                yield f"scale[{index}].key", f"{each.key} is given twice"


@dataclass(frozen=True, slots=True)
class Escalation:
    """What is overdue, repeated or not satisfied goes further."""

    on: Annotated[
        str,
        OneOf(
            {
                "overdue": "逾期",
                "repeated_bad": "反复差评",
                "repeated_complaint": "反复投诉",
                "unsatisfied": "对整改不满意",
                "returned": "退回",
                "refused": "拒不整改",
                "retaliation": "打击报复",
                "fabrication": "弄虚作假",
            }
        ),
        "what has happened",
    ]
    action: Annotated[
        str,
        OneOf(
            {
                "reminder": "催办",
                "supervision": "督办",
                "talk": "约谈",
                "criticism": "通报批评",
                "correction": "限期整改",
                "accountability": "问责",
                "report": "报告",
                "discipline": "移送纪检监察",
            },
            prefix="named:",
        ),
        "what follows",
    ]
    to: Annotated[Body | None, "to whom it goes"] = None
    step: Annotated[str | None, OneOf(STEPS), "of which step; left out: any"] = None
    times: Annotated[
        int | None, Range(1, 1000), "from the how-manieth time on; left out: not laid down (反复)"
    ] = None
    within: Annotated[Span | None, "these times within so long"] = None
    limit: Annotated[Limit | None, 'so long after it has happened (`after = "due"` for overdue)'] = None


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


@dataclass(frozen=True, slots=True)
class Transition:
    """By the rules of which day an occasion and its steps are judged."""

    substance: Annotated[
        str,
        OneOf({"occasion_day": "服务当日", "step_day": "办理当日", "rating_day": "评价当日"}),
        "what a rating means",
    ] = "occasion_day"
    procedure: Annotated[
        str,
        OneOf({"occasion_day": "服务当日", "step_day": "办理当日", "rating_day": "评价当日"}),
        "how it is handled",
    ] = "step_day"
    as_substance: Annotated[tuple[str, ...], "dimensions judged as substance, against their nature"] = ()
    as_procedure: Annotated[tuple[str, ...], "dimensions judged as procedure, against their nature"] = ()
