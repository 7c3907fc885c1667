"""Corrections, supplements and words about an answer: the form, the page on which it is looked over, and what was done."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from haochaping.faces.citizen.form_page import RETRY, Asked, Typed, form_values
from haochaping.faces.citizen.language import Manner, catalogue, mark
from haochaping.faces.citizen.own_data import ADDRESSES, KINDS, Statement, rating_shown, until_words
from haochaping.faces.citizen.pages import page
from haochaping.faces.citizen.rating_form import Filled, read_filled, showable, usable
from haochaping.faces.citizen.receipts import Held, Receipts, away
from haochaping.faces.citizen.served import Away, connected
from haochaping.faces.citizen.word_form import (
    begun,
    checked,
    rules_of,
    said_before,
    seen,
    shown,
    staff_rules_of,
)
from haochaping.foundation.errors import Invalid, Problem
from haochaping.intake.afterwards import Fate, Said, keep
from haochaping.intake.directory import DirectoryNotRead
from haochaping.intake.http import Request, Response
from haochaping.intake.services import Services
from haochaping.ratings.afterwards import Offer
from haochaping.ratings.states import WordKind

BUSY = mark("系统暂时没有响应，不是您填写有误。您填写的内容都还在，请再点一次。重复点击不会重复办理。")


@dataclass(frozen=True, slots=True)
class _Words:
    """What the pages of one kind say. `done`: what was done, `then`: what follows."""

    explained: str
    question: str
    confirm: str
    button: str
    done: str
    then: str


_WORDS: Final[Mapping[WordKind, _Words]] = {
    WordKind.CORRECTION: _Words(
        explained=mark("误选、误填的，可以在这里更正。原来的评价仍然保存，统计按更正后的计算。"),
        question=mark("更正为哪个等次？"),
        confirm=mark("请核对更正前后的内容，确认后才会更正。"),
        button=mark("确认更正"),
        done=mark("评价已更正"),
        then=mark(
            "从现在起按更正后的内容统计。更正后不是差评的，原来的工单撤销；更正为差评的，转为工单办理。"
        ),
    ),
    WordKind.SUPPLEMENT: _Words(
        explained=mark("补充的内容和原来的评价放在一起，原来的评价不变。"),
        question=mark("补充评价的满意程度"),
        confirm=mark("请核对补充的内容，确认后才会提交。"),
        button=mark("确认补充"),
        done=mark("补充已收到"),
        then=mark("有工单的，承办单位可以看到隐去姓名、电话等之后的补充内容，看不到补充的时间。"),
    ),
    WordKind.FOLLOW_UP: _Words(
        explained=mark("对整改和答复满意不满意，可以在这里再说一次。原来的评价仍然保存。"),
        question=mark("整改之后，您满意吗？"),
        confirm=mark("请核对追加的内容，确认后才会提交。"),
        button=mark("确认追加"),
        done=mark("追加评价已收到"),
        then=mark("承办单位可以看到隐去姓名、电话等之后的内容，看不到追加的时间。"),
    ),
}
OVER = mark("现在不能办理")
WHY_OVER = mark("规定没有允许这样办理，或者期限已过、次数已满。您的评价没有变动。")


class LaterWords:
    """POST of one kind. First the form; with a submission id the page to look it over; confirmed, the act."""

    def __init__(self, receipts: Receipts, kind: WordKind) -> None:
        self._receipts, self._kind = receipts, kind

    async def __call__(self, request: Request, services: Services) -> Response:
        """200 with a page to go on with, 201 when it is kept now, 200 for the same submission again, 410 when the rules
        offer it no longer, 422 with what is wrong; else as `Receipts.admitted`."""
        held = await self._receipts.admitted(request, services)
        if isinstance(held, Response):
            return held
        try:
            return await self._answered(held, services, request.received_at)
        except (Away, DirectoryNotRead):
            return away(held.manner, held.number, held.secret)

    async def _answered(self, held: Held, services: Services, at: datetime) -> Response:
        filled, confirmed = read_filled(held.fields), bool(held.field("confirmed"))
        if confirmed and said_before(held, filled):
            return self._done(held, Fate.SAME)
        offer = held.given.offers(services, at=at).get(self._kind)
        if offer is None:
            return self._done(held, Fate.CLOSED)
        if not filled.submission or held.field("change"):
            return self._form(200, held, services, offer, begun(filled, held, offer))
        try:
            said = checked(filled, held, services, offer)
        except Invalid as invalid:
            return self._form(422, held, services, offer, usable(filled, invalid), problems=seen(invalid))
        if not confirmed:
            return self._confirm(200, held, services, filled, said)
        try:
            async with connected(services) as connection:
                fate = await keep(connection, services, held.stored, said, at=at)
        except Away:
            return self._confirm(503, held, services, filled, said, trouble=BUSY)
        return self._done(held, fate)

    def _form(
        self,
        status: int,
        held: Held,
        services: Services,
        offer: Offer,
        filled: Filled,
        *,
        problems: tuple[Problem, ...] = (),
    ) -> Response:
        manner, words = held.manner, _WORDS[self._kind]
        say = catalogue(manner.language).gettext
        profile, anew = rules_of(held, services, 0), self._kind is WordKind.CORRECTION
        asked = Asked(profile, staff_rules_of(held, services, profile, 0) if anew else None)
        values = form_values(manner, services, asked, Typed(showable(filled), posted=True, problems=problems))
        return page(
            status,
            "word.html",
            manner,
            action=self._action(manner),
            number=held.number,
            secret=held.secret,
            heading=say(KINDS[self._kind]),
            explained=say(words.explained),
            question=say(words.question),
            rating=rating_shown(services, held.given),
            until=until_words(offer.until, manner),
            clause=offer.citation,
            adds=offer.adds,
            anew=anew,
            # The hint speaks of tags to choose from.
            **values | {"reason_needed": anew and profile.reason_needed},
        )

    def _confirm(
        self, status: int, held: Held, services: Services, filled: Filled, said: Said, *, trouble: str = ""
    ) -> Response:
        manner, words = held.manner, _WORDS[self._kind]
        say = catalogue(manner.language).gettext
        profile = rules_of(held, services, said.level or 0)
        correction = self._kind is WordKind.CORRECTION
        return page(
            status,
            "confirm.html",
            manner,
            headers=RETRY if status == 503 else (),
            action=self._action(manner),
            number=held.number,
            secret=held.secret,
            heading=say(KINDS[self._kind]),
            paragraphs=[say(words.confirm)],
            before=_before(held, services) if correction else None,
            after=shown(services, profile, said, held),
            verdict="",
            hidden=(),
            filled=showable(filled),
            button=say(words.button),
            trouble=say(trouble) if trouble else "",
        )

    def _done(self, held: Held, fate: Fate) -> Response:
        words = _WORDS[self._kind]
        if fate is Fate.CLOSED:
            return acted(410, held, OVER, WHY_OVER)
        return acted(201 if fate is Fate.DONE else 200, held, words.done, words.then)

    def _action(self, manner: Manner) -> str:
        return f"/receipt/{ADDRESSES[self._kind]}{manner.query()}"


def acted(status: int, held: Held, heading: str, *paragraphs: str) -> Response:
    """The page that says what was done; both are marked messages."""
    say = catalogue(held.manner.language).gettext
    return page(
        status,
        "acted.html",
        held.manner,
        number=held.number,
        secret=held.secret,
        heading=say(heading),
        paragraphs=[say(each) for each in paragraphs],
    )


def _before(held: Held, services: Services) -> Statement:
    shown = rating_shown(services, held.given)
    return replace(shown.now, staff=shown.staff_label)
