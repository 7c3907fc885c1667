"""Taking the whole rating back: what it means is said first, and asked once more."""

from typing import Final

from haochaping.faces.citizen.form_page import RETRY
from haochaping.faces.citizen.language import catalogue, mark
from haochaping.faces.citizen.later_words import BUSY, OVER, WHY_OVER, acted
from haochaping.faces.citizen.own_data import EFFECTS, rating_shown, until_words
from haochaping.faces.citizen.pages import page
from haochaping.faces.citizen.receipts import Held, Receipts, away
from haochaping.faces.citizen.served import Away, connected
from haochaping.intake.afterwards import Fate
from haochaping.intake.directory import DirectoryNotRead
from haochaping.intake.http import Request, Response
from haochaping.intake.services import Services
from haochaping.intake.taking_back import take_rating_back
from haochaping.ratings.afterwards import TakeBack

_HEADING: Final = mark("撤回评价")
_WHAT: Final = mark("撤回后，这次评价不再计入统计，写过的内容仍然保存。撤回后不能恢复，也不能再次评价。")
_ORDER: Final = mark("已经转为工单的，工单撤销，不再办理；已经办结的，保持办结时的结果。")
_DONE: Final = mark("评价已撤回")


class TakeBackRating:
    """POST /receipt/withdrawal: first the page that says what it means; confirmed, the act."""

    def __init__(self, receipts: Receipts) -> None:
        self._receipts = receipts

    async def __call__(self, request: Request, services: Services) -> Response:
        """200 with the page that asks, 201 when it was taken back now, 200 when it was before, 410 where the rules do not
        allow it, or no longer; else as `Receipts.admitted`."""
        held = await self._receipts.admitted(request, services)
        if isinstance(held, Response):
            return held
        try:
            if held.given.taken_back:
                return _done(held, held.given.row["taken_back_as"], Fate.SAME)
            allowed = held.given.take_back(services, at=request.received_at)
            if allowed is None:
                return acted(410, held, OVER, WHY_OVER)
            if not held.field("confirmed"):
                return _asked(200, held, services, allowed)
        except (Away, DirectoryNotRead):
            return away(held.manner, held.number, held.secret)
        try:
            async with connected(services) as connection:
                fate = await take_rating_back(connection, services, held.stored, at=request.received_at)
        except Away:
            return _asked(503, held, services, allowed, trouble=BUSY)
        return _done(held, allowed.effect, fate)


def _asked(status: int, held: Held, services: Services, allowed: TakeBack, *, trouble: str = "") -> Response:
    say = catalogue(held.manner.language).gettext
    until = until_words(allowed.until, held.manner)
    return page(
        status,
        "confirm.html",
        held.manner,
        headers=RETRY if status == 503 else (),
        action=f"/receipt/withdrawal{held.manner.query()}",
        number=held.number,
        secret=held.secret,
        heading=say(_HEADING),
        paragraphs=[say(_WHAT), say(EFFECTS[allowed.effect]), say(_ORDER), *([until] if until else [])],
        before=None,
        after=rating_shown(services, held.given).now,
        verdict="",
        hidden=(),
        filled=None,
        button=say(mark("确认撤回")),
        trouble=say(trouble) if trouble else "",
    )


def _done(held: Held, effect: str, fate: Fate) -> Response:
    if fate is Fate.CLOSED:
        return acted(410, held, OVER, WHY_OVER)
    return acted(201 if fate is Fate.DONE else 200, held, _DONE, _WHAT, EFFECTS[effect])
