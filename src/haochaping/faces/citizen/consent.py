"""Withdrawing the consent to be contacted: asked once more, then at once in force."""

from haochaping.faces.citizen.language import catalogue, mark
from haochaping.faces.citizen.later_words import acted
from haochaping.faces.citizen.pages import page
from haochaping.faces.citizen.receipts import Held, Receipts, away
from haochaping.faces.citizen.served import Away, connected
from haochaping.intake.afterwards import Fate, withdraw_consent
from haochaping.intake.http import Request, Response
from haochaping.intake.services import Services

_HEADING = mark("撤回联系同意")
_WHAT = mark("撤回后，承办人员不能再查看您的姓名、联系方式和办件编号，看到的是一次匿名评价。")
_KEPT = mark("评价本身不变，照样统计、照样办理。撤回前已经查看、联系的，不受影响。撤回后不能恢复。")
_DONE = mark("联系同意已撤回")
_NOTHING = mark("没有可以撤回的同意")
_WHY_NOTHING = mark("这次评价是匿名的，没有同意过联系。")


class WithdrawConsent:
    """POST /receipt/consent: first the page that says what it means; confirmed, the act."""

    def __init__(self, receipts: Receipts) -> None:
        self._receipts = receipts

    async def __call__(self, request: Request, services: Services) -> Response:
        """200 with the page that asks, 201 when it was withdrawn now, 200 when it was before, 410 when there is none; else
        as `Receipts.admitted`."""
        held = await self._receipts.admitted(request, services)
        if isinstance(held, Response):
            return held
        if not held.given.row["named"]:
            return acted(410, held, _NOTHING, _WHY_NOTHING)
        if not held.field("confirmed"):
            return acted(200, held, _DONE, _WHAT) if not held.given.contactable else _asked(held)
        try:
            async with connected(services) as connection:
                fate = await withdraw_consent(connection, held.stored, at=request.received_at)
        except Away:
            return away(held.manner, held.number, held.secret)
        return acted(201 if fate is Fate.DONE else 200, held, _DONE, _WHAT)


def _asked(held: Held) -> Response:
    say = catalogue(held.manner.language).gettext
    return page(
        200,
        "confirm.html",
        held.manner,
        action=f"/receipt/consent{held.manner.query()}",
        number=held.number,
        secret=held.secret,
        heading=say(_HEADING),
        paragraphs=[say(_WHAT), say(_KEPT)],
        before=None,
        after=None,
        verdict="",
        hidden=(),
        filled=None,
        button=say(mark("确认撤回")),
        trouble="",
    )
