"""What the rater makes of the rectification: asked beneath the answer, looked over once more, then kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from haochaping.faces.citizen.language import Manner, catalogue, mark
from haochaping.faces.citizen.later_words import BUSY, OVER, WHY_OVER, acted
from haochaping.faces.citizen.looking_over import Answer, look_over, submission_of
from haochaping.faces.citizen.own_data import until_words
from haochaping.faces.citizen.pages import page
from haochaping.faces.citizen.rating_form import new_submission
from haochaping.faces.citizen.receipts import Held, Receipts, away
from haochaping.faces.citizen.served import Away, connected
from haochaping.foundation.clock import local_day
from haochaping.intake.afterwards import Fate, Given
from haochaping.intake.directory import DirectoryNotRead
from haochaping.intake.http import Request, Response
from haochaping.intake.services import Services
from haochaping.intake.verdicts import give_verdict
from haochaping.policy.redress import VerdictLevel
from haochaping.ratings.verdicts import Judged, Question

_HEADING: Final = mark("评价整改")
_CONFIRM: Final = mark("请核对您对整改的评价，确认后才会提交。每次答复评价一次，提交后不能修改。")
_DONE: Final = mark("对整改的评价已收到")
_REACHES: Final = mark("承办单位可以看到您对整改是否满意，看不到评价的时间。")
_CHOOSE: Final = mark("还没有选择。请选择一项。")
# What a verdict sets off, by the words of the rules.
_SET_OFF: Final[Mapping[str, str]] = {
    "reopen": mark("按照规定，这张工单重新整改。"),
    "supervise": mark("按照规定，这张工单转为督办。"),
    "escalate": mark("按照规定，这张工单报上级处理。"),
    "review": mark("按照规定，这张工单转为复查。"),
}
_SATISFIED: Final[Mapping[bool, str]] = {True: mark("满意"), False: mark("不满意")}


@dataclass(frozen=True, slots=True)
class QuestionShown:
    """The question with its answers, until when (in words, "" where nothing ends it) and by which clause."""

    scale: tuple[VerdictLevel, ...]
    until: str
    clause: str
    submission: str


@dataclass(frozen=True, slots=True)
class VerdictShown:
    """A verdict: its words, the day, what it set off ("" for nothing). `silent`: nobody said it."""

    label: str
    silent: bool
    day: date
    then: str


def question_shown(question: Question, manner: Manner, submission: str = "") -> QuestionShown:
    """The question for a page, under a submission id of its own."""
    return QuestionShown(
        question.scale,
        until_words(question.until, manner),
        question.clause,
        submission or new_submission(),
    )


def verdicts_shown(services: Services, given: Given) -> list[VerdictShown]:
    """All verdicts, in order. Raises DirectoryNotRead."""
    return [
        VerdictShown(
            _label(services, given, each),
            each.silent,
            local_day(each.received_at),
            _SET_OFF.get(each.sets_off, ""),
        )
        for each in given.verdicts
    ]


def _label(services: Services, given: Given, judged: Judged) -> str:
    """In the words of the scale by which it was said; where that is another by now, whether it was satisfied."""
    value = given.redress(services, on=local_day(judged.received_at)).verdict
    scale = value.value.scale if value else ()
    found = (each.label for each in scale if (each.key, each.satisfied) == (judged.answer, judged.satisfied))
    return next(found, _SATISFIED[judged.satisfied])


class GiveVerdict:
    """POST /receipt/verdict: with an answer the page to look it over; confirmed, the act; without one, the question."""

    def __init__(self, receipts: Receipts) -> None:
        self._receipts = receipts

    async def __call__(self, request: Request, services: Services) -> Response:
        """200 with a page to go on with, 201 when it is kept now, 200 for the same submission again, 410 when nothing is
        asked any longer, 422 without an answer; else as `Receipts.admitted`."""
        held = await self._receipts.admitted(request, services)
        if isinstance(held, Response):
            return held
        try:
            return await self._answered(held, services, request)
        except (Away, DirectoryNotRead):
            return away(held.manner, held.number, held.secret)

    async def _answered(self, held: Held, services: Services, request: Request) -> Response:
        submission = submission_of(held)
        if submission and held.field("confirmed") and held.given.said_by(submission):
            return _done(held, Fate.SAME)
        question = held.given.question(services, at=request.received_at)
        if question is None:
            return _done(held, Fate.CLOSED)
        chosen = question.level(held.field("verdict"))
        if chosen is None or not submission or held.field("change"):
            missing = bool(submission) and chosen is None
            return _asked(422 if missing else 200, held, question, chosen, wrong=_CHOOSE if missing else "")
        if not held.field("confirmed"):
            return _confirm(200, held, chosen)
        try:
            async with connected(services) as connection:
                fate = await give_verdict(
                    connection,
                    services,
                    held.stored,
                    answer=chosen.key,
                    submission=submission,
                    at=request.received_at,
                )
        except Away:
            return _confirm(503, held, chosen, trouble=BUSY)
        return _done(held, fate, _SET_OFF.get(question.sets_off(chosen), ""))


def _asked(
    status: int, held: Held, question: Question, chosen: VerdictLevel | None, *, wrong: str = ""
) -> Response:
    order, say = held.given.order, catalogue(held.manner.language).gettext
    return page(
        status,
        "verdict.html",
        held.manner,
        number=held.number,
        secret=held.secret,
        heading=say(_HEADING),
        answer=order["answer"] if order else "",
        question=question_shown(
            question, held.manner, held.field("submission") if submission_of(held) else ""
        ),
        chosen=chosen.key if chosen else "",
        wrong=say(wrong) if wrong else "",
    )


def _confirm(status: int, held: Held, chosen: VerdictLevel, *, trouble: str = "") -> Response:
    hidden = (("verdict", chosen.key),)
    answer = Answer("/receipt/verdict", _HEADING, _CONFIRM, chosen.label, hidden)
    return look_over(status, held, answer, trouble=trouble)


def _done(held: Held, fate: Fate, then: str = "") -> Response:
    if fate is Fate.CLOSED:
        return acted(410, held, OVER, WHY_OVER)
    words = [_REACHES, then] if then else [_REACHES]
    return acted(201 if fate is Fate.DONE else 200, held, _DONE, *words)
