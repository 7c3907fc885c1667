"""What a regulation can say about what follows a bad rating: steps, classes, extensions, verdicts."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Final

from haochaping.policy.limits import Body, Limit, Means, Span, Word
from haochaping.policy.objections import Ground
from haochaping.policy.shapes import OneOf, Range
from haochaping.policy.vocabulary import STEPS

# Steps that no word names have keys of one's own: own_meeting.
OWN: Final = "own_"


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

    label: Annotated[
        str | None,
        "the words of a step of one's own (key `own_…`); `named:` and these words is the event of its end",
    ] = None
    limit: Annotated[Limit | None, "within what; left out: no limit is laid down"] = None
    attempts: Annotated[int | None, Range(1, 100), "so many attempts before it counts as failed"] = None
    between: Annotated[
        Span | None,
        "at least so long after the last attempt (`after` = the step's event); an earlier one is none",
    ] = None
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
        "what it means when all `attempts` were in vain or, without `attempts`, the limit has passed",
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
    restarts: Annotated[bool, "what is dispatched anew is counted from its new dispatch and receipt"] = False


@dataclass(frozen=True, slots=True)
class Extension:
    """A limit that is extended."""

    times: Annotated[int | None, Range(0, 100), "how often; 0: never"] = None
    limit: Annotated[
        Limit | None,
        "each time, counted after `due`, or (延长至) once more from the event from which the limit itself runs; "
        "left out: as the reason says",
    ] = None
    share: Annotated[
        Decimal | None,
        Range(0, None),
        "each time by this share of the limit itself (一半: 0.5); begun units are left out",
    ] = None
    most: Annotated[Span | None, "all in all not beyond this, counted from the limit itself"] = None
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

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other."""
        if self.share is not None and self.limit is not None:
            yield "share", "give `limit` or `share`, not both"


@dataclass(frozen=True, slots=True)
class NoLegalBasis:
    """What the citizen asks has no legal basis."""

    explained: Annotated[bool, "it is explained"] = True
    limit: Annotated[Limit | None, "within what"] = None
    ends: Annotated[bool, "the order ends with it"] = False
    rectified: Annotated[bool | None, "does it count as rectified"] = None


_SETS_OFF: Final = {
    "none": "不处理",
    "reopen": "重新整改",
    "supervise": "督办",
    "escalate": "报上级",
    "review": "复查",
}


@dataclass(frozen=True, slots=True)
class VerdictLevel:
    """One answer of the citizen about the rectification."""

    key: Annotated[Word, "its short name"]
    label: Annotated[str, "its words"]
    satisfied: Annotated[bool, "is it satisfied"]
    sets_off: Annotated[
        str | None, OneOf(_SETS_OFF), "what this answer sets off, if not what `unsatisfied` says"
    ] = None

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other."""
        if self.satisfied and self.sets_off is not None:
            yield "sets_off", "has no meaning for an answer that is satisfied"


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
        OneOf(_SETS_OFF),
        "what a verdict that is not satisfied sets off",
    ] = "none"
    times: Annotated[int | None, Range(1, 100), "how often it may"] = None
    beyond: Annotated[
        str | None, OneOf(_SETS_OFF), "what it sets off from then on; left out: nothing more"
    ] = None

    def follows(self, answer: str, nth: int) -> str:
        """What an answer that is not satisfied sets off, a word of `unsatisfied`. `answer`: a key of the scale, "" for
        silence; `nth`: the how-manieth that is not satisfied it is, from 1."""
        if self.times is not None and nth > self.times:
            return self.beyond or "none"
        own = next((each.sets_off for each in self.scale if each.key == answer), None)
        return own or self.unsatisfied

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other."""
        if self.beyond is not None and self.times is None:
            yield "beyond", "needs `times`: how often the first thing is set off"
        for index, each in enumerate(self.scale):
            if each.key in (other.key for other in self.scale[:index]):
                yield f"scale[{index}].key", f"{each.key} is given twice"


# What may follow of what goes further, and its words.
ACTIONS: Final = {
    "reminder": "催办",
    "supervision": "督办",
    "talk": "约谈",
    "criticism": "通报批评",
    "correction": "限期整改",
    "accountability": "问责",
    "report": "报告",
    "discipline": "移送纪检监察",
}


@dataclass(frozen=True, slots=True)
class Escalation:
    """What is overdue, repeated or not satisfied goes further."""

    on: Annotated[
        str,
        OneOf(
            {
                "nearing": "期限将满",
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
            ACTIONS,
            prefix="named:",
        ),
        "what follows",
    ]
    to: Annotated[Body | None, "to whom it goes"] = None
    step: Annotated[str | None, OneOf(STEPS, prefix=OWN), "of which step; left out: any"] = None
    times: Annotated[
        int | None,
        Range(1, 1000),
        "from the how-manieth time on; left out: each time, but of what is repeated (反复) not laid down",
    ] = None
    within: Annotated[Span | None, "these times within so long"] = None
    same: Annotated[
        str,
        OneOf(
            {
                "unit": "同一被评价单位",
                "staff": "同一工作人员",
                "window": "同一窗口",
                "item": "同一事项",
                "case": "同一办件",
                "rater": "同一评价人",
            }
        ),
        "of the same what these times are counted",
    ] = "unit"
    in_a_row: Annotated[bool, "repeated_bad: with no better rating in between (连续)"] = False
    limit: Annotated[
        Limit | None,
        'so long after it has happened (`after = "due"` for overdue); for nearing, so long `before = "due"`',
    ] = None

    def mistakes(self) -> Iterator[tuple[str, str]]:
        """What the keys say against each other."""
        if self.on == "nearing" and (self.limit is None or self.limit.before != "due"):
            yield "limit", 'is needed, counted `before = "due"`: how long before the end it is'
        if self.on != "nearing" and self.limit is not None and self.limit.before is not None:
            yield "limit.before", 'is for on = "nearing"; what has happened is counted `after` it'
        if self.on == "nearing" and (self.times is not None or self.within is not None):
            yield "times", "has no meaning for nearing: nothing has happened yet"
        if self.in_a_row and (self.on != "repeated_bad" or self.times is None):
            yield "in_a_row", 'is for on = "repeated_bad" with `times`: so often one after the other'
        if self.same != "unit" and self.times is None:
            yield "same", "needs `times`: how often the same"
