"""A revisit answered by the rater himself: the questionnaire on a page of its own, looked over once more, then kept."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from haochaping.faces.citizen.language import catalogue, mark
from haochaping.faces.citizen.later_words import BUSY, OVER, WHY_OVER, acted
from haochaping.faces.citizen.looking_over import Answer, look_over, submission_of
from haochaping.faces.citizen.pages import page
from haochaping.faces.citizen.rating_form import new_submission
from haochaping.faces.citizen.receipts import Held, Receipts, away
from haochaping.faces.citizen.served import Away, connected
from haochaping.intake.afterwards import Fate
from haochaping.intake.http import Request, Response
from haochaping.intake.revisits import Questionnaire, Reply, answer_revisit, questionnaire
from haochaping.intake.services import Services
from haochaping.oversight.reporting import holds_controls
from haochaping.oversight.revisiting import LONGEST_ANSWER

HEADING: Final = mark("回答回访")
_CONFIRM: Final = mark("请核对您的回答，确认后才会提交。提交后不能修改。")
_DONE: Final = mark("回访的回答已收到")
_THEN: Final = mark("不会再为这次回访与您联系。您不满意、规定要求重新办理的，工单很快会重新办理。")
_CHOOSE: Final = mark("请选择对整改是否满意。")
_ANSWER: Final = mark("请回答这个问题；没有要说的，请写“没有”。")
_LONG: Final = mark("最多%(most)s个字，现在是%(length)s个字。")
_CONTROLS: Final = mark("文字中有无法显示的字符，请删除后重新输入。")
_MORE: Final = mark("还想说的（可以不填）")
_SATISFIED: Final = {"yes": mark("满意"), "no": mark("不满意")}
_SATISFACTION: Final = "satisfied"
_NOTE: Final = "note"


@dataclass(frozen=True, slots=True)
class Field:
    """A question with what was typed and what is wrong with it, "" for nothing; `name` is the field's."""

    name: str
    question: str
    value: str
    wrong: str


@dataclass(frozen=True, slots=True)
class Filled:
    """What came in, tidied. `problems` by the name of the field, marked words with their values."""

    satisfied: str
    answers: dict[str, str]
    note: str
    submission: bytes
    problems: dict[str, tuple[str, dict[str, int]]]


class AnswerRevisit:
    """POST /receipt/revisit: first the questionnaire; with answers the page to look them over; confirmed, the act."""

    def __init__(self, receipts: Receipts) -> None:
        self._receipts = receipts

    async def __call__(self, request: Request, services: Services) -> Response:
        """200 with a page to go on with, 201 when it is kept now, 200 for the same submission again, 410 when nothing is
        asked any longer, 422 with what is wrong; else as `Receipts.admitted`."""
        held = await self._receipts.admitted(request, services)
        if isinstance(held, Response):
            return held
        try:
            async with connected(services) as connection:
                asked = await questionnaire(connection, held.given)
        except Away:
            return away(held.manner, held.number, held.secret)
        filled = _filled(held, asked)
        if filled.submission and held.field("confirmed"):
            return await self._kept(held, services, asked, filled, request.received_at)
        if asked is None:
            return acted(410, held, OVER, WHY_OVER)
        if not filled.submission or held.field("change"):
            return _form(200, held, asked, filled, told=False)
        if filled.problems:
            return _form(422, held, asked, filled, told=True)
        return _confirm(200, held, asked, filled)

    async def _kept(
        self, held: Held, services: Services, asked: Questionnaire | None, filled: Filled, at: datetime
    ) -> Response:
        if asked is not None and filled.problems:
            return _form(422, held, asked, filled, told=True)
        reply = Reply(filled.satisfied == "yes", {**filled.answers, "": filled.note}, filled.submission)
        try:
            async with connected(services) as connection:
                fate = await answer_revisit(connection, held.stored, reply, at=at)
        except Away:
            if asked is None:
                return away(held.manner, held.number, held.secret)
            return _confirm(503, held, asked, filled, trouble=BUSY)
        if fate is Fate.CLOSED:
            return acted(410, held, OVER, WHY_OVER)
        return acted(201 if fate is Fate.DONE else 200, held, _DONE, _THEN)


def _filled(held: Held, asked: Questionnaire | None) -> Filled:
    asks = asked.asks if asked else ()
    answers = {ask: _tidy(held.field(f"answer-{index}")) for index, ask in enumerate(asks)}
    note, satisfied = _tidy(held.field(_NOTE)), held.field(_SATISFACTION)
    problems: dict[str, tuple[str, dict[str, int]]] = {}
    if satisfied not in _SATISFIED:
        problems[_SATISFACTION] = (_CHOOSE, {})
    for index, text in enumerate(answers.values()):
        if wrong := _wrong(text) or (None if text else (_ANSWER, {})):
            problems[f"answer-{index}"] = wrong
    if wrong := _wrong(note):
        problems[_NOTE] = wrong
    return Filled(satisfied, answers, note, submission_of(held), problems)


def _wrong(text: str) -> tuple[str, dict[str, int]] | None:
    if len(text) > LONGEST_ANSWER:
        return _LONG, {"most": LONGEST_ANSWER, "length": len(text)}
    return (_CONTROLS, {}) if holds_controls(text) else None


def _tidy(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _form(status: int, held: Held, asked: Questionnaire, filled: Filled, *, told: bool) -> Response:
    say = catalogue(held.manner.language).gettext
    wrong = {name: say(words) % values for name, (words, values) in filled.problems.items()} if told else {}
    order = held.given.order
    return page(
        status,
        "revisit.html",
        held.manner,
        number=held.number,
        secret=held.secret,
        heading=say(HEADING),
        answer=order["answer"] if order else "",
        clause=asked.clause,
        submission=held.field("submission") if filled.submission else new_submission(),
        satisfied=filled.satisfied,
        scale=list(_SATISFIED.items()),
        fields=[
            Field(f"answer-{index}", ask, filled.answers[ask], wrong.get(f"answer-{index}", ""))
            for index, ask in enumerate(asked.asks)
        ],
        note=Field(_NOTE, "", filled.note, wrong.get(_NOTE, "")),
        most=LONGEST_ANSWER,
        wrong=wrong,
    )


def _confirm(status: int, held: Held, asked: Questionnaire, filled: Filled, *, trouble: str = "") -> Response:
    replies = [(ask, filled.answers[ask]) for ask in asked.asks]
    if filled.note:
        replies.append((catalogue(held.manner.language).gettext(_MORE), filled.note))
    typed = [(f"answer-{index}", filled.answers[ask]) for index, ask in enumerate(asked.asks)]
    hidden = ((_SATISFACTION, filled.satisfied), *typed, (_NOTE, filled.note))
    verdict = _SATISFIED[filled.satisfied]
    answer = Answer("/receipt/revisit", HEADING, _CONFIRM, verdict, hidden, replies)
    return look_over(status, held, answer, trouble=trouble)
