"""The states of a work order and the acts between them: one table. Apart from it: what the rater does.

docs/loop.md is drawn from the table.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from haochaping.accounts.rules import Permission


class State(StrEnum):
    """In the order of the usual way; RETURNED, EXPLAINED and DRAFTED lie beside it."""

    OPENED = "opened"  # dispatched, at its opening to the organisation of the rating; not accepted yet
    RETURNED = "returned"  # sent back: the authority dispatches it anew
    TAKEN = "taken"
    VERIFIED = "verified"
    EXPLAINED = "explained"  # what has no legal basis was explained, and the order goes on
    RECTIFIED = "rectified"
    DRAFTED = "drafted"  # the answer is written and waits for a second person
    ANSWERED = "answered"
    CLOSED = "closed"


class Act(StrEnum):
    DISPATCH = "dispatch"
    SEND_BACK = "send_back"
    TAKE = "take"
    CONTACT = "contact"
    CLASSIFY = "classify"
    VERIFY = "verify"
    PLAN = "plan"
    ASK_EXTENSION = "ask_extension"
    GRANT_EXTENSION = "grant_extension"
    REFUSE_EXTENSION = "refuse_extension"
    EXPLAIN = "explain"
    RECTIFY = "rectify"
    ANSWER = "answer"
    APPROVE = "approve"
    RETURN_ANSWER = "return_answer"
    CLOSE = "close"
    REPORT = "report"  # the form (报告单) went to whom the rules name
    UPLOAD = "upload"  # what became of it went to the upper platform
    SUPERVISE = "supervise"  # a body does what a verdict set off, and leaves the order as it is
    REOPEN = "reopen"  # likewise, and it is set right anew


class RaterAct(StrEnum):
    """What the rater did to an order by what he said later, or by his silence (SILENT) where the rules take that for a
    verdict; REVISITED: he said when he was asked (回访) that he is not satisfied, and the rules let that set something off.
    It stands in the history; its time is nobody's to see."""

    CORRECTED = "rater_corrected"
    ADDED = "rater_added"
    ANONYMOUS = "rater_anonymous"
    TAKEN_BACK = "rater_taken_back"
    VERDICT = "rater_verdict"
    SILENT = "rater_silent"
    REVISITED = "rater_revisited"


class ClockMark(StrEnum):
    """What happened to the limits of an order and was nobody's act on it: it stands in the history."""

    RECOUNTED = "recounted"  # a notice on holidays came in


class Exclusion(StrEnum):
    """Why an order is closed without having been handled to its end."""

    CORRECTED = "corrected"
    VOIDED = "voided"  # an objection was upheld: the rating does not count
    TAKEN_BACK = "taken_back"


class Verdict(StrEnum):
    """What the rater made of the last answer, or his silence counts for."""

    SATISFIED = "satisfied"
    UNSATISFIED = "unsatisfied"


class SetOff(StrEnum):
    """What a verdict that is not satisfied sets off: words of the rules."""

    REOPEN = "reopen"
    SUPERVISE = "supervise"
    ESCALATE = "escalate"
    REVIEW = "review"


class Finding(StrEnum):
    """What verification found."""

    TRUE = "true"
    PARTLY = "partly"
    UNTRUE = "untrue"
    NO_BASIS = "no_basis"  # what is asked has no legal basis; only where the rules say what follows


class Guard(StrEnum):
    """What the rules and the order must say for an act; `rules.bar` judges it."""

    NONE = "none"
    MAY_SEND_BACK = "may_send_back"
    CONTACTABLE = "contactable"
    CLASSED = "classed"
    PLANNED = "planned"
    MAY_ASK = "may_ask"
    ASKED = "asked"
    TO_SET_RIGHT = "to_set_right"
    BASELESS_ENDS = "baseless_ends"
    BASELESS_GOES_ON = "baseless_goes_on"
    ALONE = "alone"
    SECOND_PERSON = "second_person"
    NOT_THE_WRITER = "not_the_writer"
    TO_REPORT = "to_report"
    TO_UPLOAD = "to_upload"
    DISSATISFIED = "dissatisfied"
    BY_RULE = "by_rule"  # what follows by itself: attempts in vain, silence; nobody's act


# A finding in the words that rules select by.
FINDINGS: Final[Mapping[str, str]] = {
    Finding.TRUE: "upheld",
    Finding.PARTLY: "partly_upheld",
    Finding.UNTRUE: "rejected",
    Finding.NO_BASIS: "no_legal_basis",
}


@dataclass(frozen=True, slots=True)
class Transition:
    """A row of the table: an act leads from one state to another.

    `permission` says who may, `guard` what else must be so; `step` names the rules' step whose limit the act ends, and
    `rule` the dimension of the profile that is its clause ("" for none). `usual`: the one way on from its source.
    `parts_in`: it gives the answer, and waits until every part of a joint order is in (`parts`).
    """

    act: Act
    source: State
    target: State
    permission: Permission = Permission.HANDLE_ORDERS
    guard: Guard = Guard.NONE
    step: str = ""
    rule: str = ""
    usual: bool = False
    parts_in: bool = False


_DISPATCHES, _GRANTS, _APPROVES, _SUPERVISES = (
    Permission.DISPATCH_ORDERS,
    Permission.GRANT_EXTENSIONS,
    Permission.APPROVE_ANSWERS,
    Permission.SUPERVISE_ORDERS,
)
_UPLOADS: Final = Permission.UPLOAD_RESULTS
_SET_RIGHT: Final = "rectification"
# Where somebody's limit may run that can be extended.
_LIMITED: Final = (
    State.OPENED,
    State.TAKEN,
    State.VERIFIED,
    State.EXPLAINED,
    State.RECTIFIED,
    State.DRAFTED,
    State.ANSWERED,
)

# Of several rows with one act and source, that one is gone whose guard lets it.
TABLE: Final[tuple[Transition, ...]] = (
    Transition(Act.TAKE, State.OPENED, State.TAKEN, step="receipt", rule="steps.receipt", usual=True),
    Transition(Act.DISPATCH, State.OPENED, State.OPENED, _DISPATCHES, step="dispatch", rule="steps.dispatch"),
    Transition(
        Act.DISPATCH,
        State.RETURNED,
        State.OPENED,
        _DISPATCHES,
        step="dispatch",
        rule="steps.dispatch",
        usual=True,
    ),
    *(
        Transition(Act.SEND_BACK, source, State.RETURNED, guard=Guard.MAY_SEND_BACK, rule="send_back")
        for source in (State.OPENED, State.TAKEN)
    ),
    Transition(
        Act.CONTACT,
        State.TAKEN,
        State.TAKEN,
        guard=Guard.CONTACTABLE,
        step="contact",
        rule="steps.contact",
    ),
    *(
        Transition(
            Act.CLASSIFY,
            state,
            state,
            guard=Guard.CLASSED,
            step="classification",
            rule="steps.classification",
        )
        for state in (State.TAKEN, State.VERIFIED)
    ),
    Transition(Act.VERIFY, State.TAKEN, State.VERIFIED, step="verification", rule=_SET_RIGHT, usual=True),
    Transition(Act.VERIFY, State.TAKEN, State.VERIFIED, guard=Guard.BY_RULE, rule="steps.contact"),
    Transition(Act.CLOSE, State.TAKEN, State.CLOSED, guard=Guard.BY_RULE, rule="steps.contact"),
    Transition(Act.PLAN, State.VERIFIED, State.VERIFIED, guard=Guard.PLANNED, step="plan", rule="steps.plan"),
    *(
        Transition(Act.ASK_EXTENSION, state, state, guard=Guard.MAY_ASK, rule="extensions")
        for state in _LIMITED
    ),
    *(
        Transition(act, state, state, _GRANTS, guard=Guard.ASKED, step="extension", rule="extensions")
        for act in (Act.GRANT_EXTENSION, Act.REFUSE_EXTENSION)
        for state in _LIMITED
    ),
    Transition(
        Act.RECTIFY,
        State.VERIFIED,
        State.RECTIFIED,
        guard=Guard.TO_SET_RIGHT,
        step="rectification",
        rule=_SET_RIGHT,
        usual=True,
    ),
    Transition(
        Act.EXPLAIN,
        State.VERIFIED,
        State.ANSWERED,
        guard=Guard.BASELESS_ENDS,
        step="explanation",
        rule="no_legal_basis",
        parts_in=True,
    ),
    Transition(
        Act.EXPLAIN,
        State.VERIFIED,
        State.EXPLAINED,
        guard=Guard.BASELESS_GOES_ON,
        step="explanation",
        rule="no_legal_basis",
    ),
    Transition(
        Act.RECTIFY, State.EXPLAINED, State.RECTIFIED, step="rectification", rule=_SET_RIGHT, usual=True
    ),
    Transition(
        Act.ANSWER,
        State.RECTIFIED,
        State.ANSWERED,
        guard=Guard.ALONE,
        step="answer",
        rule=_SET_RIGHT,
        usual=True,
        parts_in=True,
    ),
    Transition(
        Act.ANSWER,
        State.RECTIFIED,
        State.DRAFTED,
        guard=Guard.SECOND_PERSON,
        rule=_SET_RIGHT,
        usual=True,
        parts_in=True,
    ),
    Transition(
        Act.APPROVE,
        State.DRAFTED,
        State.ANSWERED,
        _APPROVES,
        guard=Guard.NOT_THE_WRITER,
        step="approval",
        rule="steps.approval",
        usual=True,
    ),
    Transition(
        Act.RETURN_ANSWER,
        State.DRAFTED,
        State.RECTIFIED,
        _APPROVES,
        guard=Guard.NOT_THE_WRITER,
        rule="steps.approval",
    ),
    Transition(Act.CLOSE, State.ANSWERED, State.CLOSED, step="closure", rule="steps.closure", usual=True),
    # Beside the way: these lead nowhere, and are done of an order that is closed as well.
    *(
        Transition(Act.REPORT, state, state, guard=Guard.TO_REPORT, step="report", rule="steps.report")
        for state in (State.RECTIFIED, State.DRAFTED, State.ANSWERED, State.CLOSED)
    ),
    *(
        Transition(Act.UPLOAD, state, state, _UPLOADS, Guard.TO_UPLOAD, step="upload", rule="steps.upload")
        for state in (State.ANSWERED, State.CLOSED)
    ),
    *(
        Transition(act, source, target, _SUPERVISES, Guard.DISSATISFIED, step="supervision", rule="verdict")
        for source in (State.ANSWERED, State.CLOSED)
        for act, target in ((Act.SUPERVISE, source), (Act.REOPEN, State.OPENED))
    ),
)

# Steps of the rules that end with an act whose own step is another one.
ENDED_BY: Final[Mapping[str, str]] = {"rework": _SET_RIGHT}

# The straight way, which most orders go: the first row of each act on it.
STRAIGHT: Final = (Act.TAKE, Act.VERIFY, Act.RECTIFY, Act.ANSWER, Act.CLOSE)
TRANSITIONS: Final[Mapping[Act, Transition]] = {
    act: next(row for row in TABLE if row.act is act and row.usual) for act in STRAIGHT
}

# The acts that give the rater an answer, where they lead to ANSWERED.
ANSWERING: Final = frozenset(
    row.act for row in TABLE if row.target is State.ANSWERED and row.source is not State.ANSWERED
)

# What leads an order back to its beginning, so that what comes after is another round.
REOPENING: Final = frozenset({*RaterAct, Act.REOPEN})

# Where the limit that the order tells (`WorkOrder.due_at`) is still to be kept.
PRESSING: Final = (State.OPENED, State.TAKEN, State.VERIFIED, State.EXPLAINED)

# The events of the rules' words that acts are.
EVENTS: Final[Mapping[Act, str]] = {
    Act.DISPATCH: "dispatch",
    Act.SEND_BACK: "return",
    Act.TAKE: "receipt",
    Act.CONTACT: "contact",
    Act.CLASSIFY: "classification",
    Act.VERIFY: "verification",
    Act.PLAN: "plan",
    Act.ASK_EXTENSION: "extension_request",
    Act.GRANT_EXTENSION: "extension",
    Act.REFUSE_EXTENSION: "",  # the rules know no such event
    Act.EXPLAIN: "explanation",
    Act.RECTIFY: "rectification",
    Act.ANSWER: "answer",
    Act.APPROVE: "approval",
    Act.RETURN_ANSWER: "",
    Act.CLOSE: "closure",
    Act.REPORT: "report",
    Act.UPLOAD: "",  # likewise: it is the step alone
    Act.SUPERVISE: "",
    Act.REOPEN: "reopening",
}


def next_act(state: State, finding: str = "") -> Act | None:
    """The usual act that leads on from a state; None at the end. What has no legal basis is explained."""
    if state is State.VERIFIED and finding == Finding.NO_BASIS:
        return Act.EXPLAIN
    return next((row.act for row in TABLE if row.source is state and row.usual), None)
