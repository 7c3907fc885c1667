"""The rater's way back: receipt number and secret, posted, show one's rating, its order and the answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

import asyncpg

from haochaping.faces.citizen import notices
from haochaping.faces.citizen.attempts import Attempts
from haochaping.faces.citizen.language import Manner, catalogue, manner_of, mark
from haochaping.faces.citizen.pages import page
from haochaping.faces.citizen.rating_form import NotAForm, Overfull, fields_of
from haochaping.faces.citizen.served import Away, Names, ask
from haochaping.foundation.clock import CN, local_day
from haochaping.intake.governing import governed
from haochaping.intake.http import Request, Response
from haochaping.intake.services import Services
from haochaping.ratings.fragments import RATING_OF_RECEIPT
from haochaping.ratings.receipt import Unreadable, read_number, receipt_keys, secret_fits
from haochaping.ratings.wording import opened_text
from haochaping.rectification.fragments import ORDER_OF_RATING
from haochaping.rectification.states import Finding, State

_WRONG = mark("编号和密码不相符。请对照回执重新输入，注意不要漏掉字符。")
_TOO_OFTEN = mark("尝试的次数过多。请等一分钟后再试。")
_AWAY = mark("系统暂时没有响应，不是您输入有误。请稍后再点一次“查询”。")
_STEPS: Mapping[State, str] = {
    State.OPENED: mark("已转为工单"),
    State.TAKEN: mark("承办单位已接收"),
    State.VERIFIED: mark("已核实"),
    State.RECTIFIED: mark("已整改"),
    State.ANSWERED: mark("已答复"),
    State.CLOSED: mark("已办结"),
}
_FINDINGS: Mapping[str, str] = {
    Finding.TRUE: mark("情况属实"),
    Finding.PARTLY: mark("情况部分属实"),
    Finding.UNTRUE: mark("情况不属实"),
}
_SHOWN_LENGTH = 60


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the order's way; `place` is "past", "now" or "ahead"."""

    name: str
    place: str


@dataclass(frozen=True, slots=True)
class OrderShown:
    """The work order as its rater sees it: nothing about who handles it. `last_day` is None once answered."""

    number: str
    steps: tuple[Step, ...]
    finding: str
    answer: str
    last_day: date | None
    provisional: bool


@dataclass(frozen=True, slots=True)
class RatingShown:
    """One's own rating. `received` is local time."""

    level: int
    label: str
    tags: tuple[str, ...]
    text: str
    named: bool
    service_day: date
    item: str
    organisation: str
    received: datetime


async def ask_receipt(request: Request, services: Services) -> Response:  # noqa: ARG001 (the door's signature)
    """GET /receipt: the form. Nothing of a receipt is ever part of an address."""
    return _form(200, manner_of(request), posted=False)


class Lookup:
    """POST /receipt. One object for each process: it remembers who guessed."""

    def __init__(self, attempts: Attempts | None = None) -> None:
        self._attempts = attempts or Attempts()

    async def __call__(self, request: Request, services: Services) -> Response:
        """200 with the rating; 404 when number and secret do not fit each other, whichever; 429, 503."""
        manner = manner_of(request)
        try:
            number, secret = _typed(request)
        except NotAForm:
            return notices.not_a_form(manner)
        except Overfull:
            return notices.overfull(manner)
        form = partial(_form, manner=manner, posted=True, number=number, secret=secret)
        if not self._attempts.allowed(request.address, request.received_at):
            return form(429, trouble=_TOO_OFTEN, headers=(("Retry-After", "60"),))
        try:
            row = await _fitting(services, number, secret)
            if row is None:
                self._attempts.failed(request.address, request.received_at)
                return form(404, trouble=_WRONG)
            return await _shown(services, manner, row)
        except Away:
            return form(503, trouble=_AWAY, headers=(("Retry-After", str(notices.RETRY_SECONDS)),))


async def slow_down(wait: int, request: Request, services: Services) -> Response:  # noqa: ARG001 (the door's signature)
    """429 before anything is looked up; what was typed is kept."""
    manner, headers = manner_of(request), (("Retry-After", str(wait)),)
    if request.method != "POST":
        return notices.too_often(manner, wait)
    try:
        number, secret = _typed(request)
    except (NotAForm, Overfull):
        return notices.too_often(manner, wait)
    return _form(429, manner, posted=True, number=number, secret=secret, trouble=_TOO_OFTEN, headers=headers)


def _typed(request: Request) -> tuple[str, str]:
    """Number and secret, as far as anybody would type. Raises NotAForm, Overfull."""
    fields = fields_of(request)
    number, secret = (fields.get(name, [""])[-1][:_SHOWN_LENGTH] for name in ("number", "secret"))
    return number, secret


async def _fitting(services: Services, number: str, secret: str) -> "asyncpg.Record | None":
    """The rating's row when the secret fits. An unknown number costs the same comparison."""
    try:
        stored = read_number(number)
    except Unreadable:
        return None
    row = await ask(services, RATING_OF_RECEIPT, stored)
    kept = bytes(row["kept_secret"]) if row else bytes(32)
    return row if secret_fits(number, secret, kept, receipt_keys()) else None


async def _shown(services: Services, manner: Manner, row: "asyncpg.Record") -> Response:
    names = Names(services, row["service_day"])
    rules = governed(services, row, channel=row["channel"], at=row["received_at"])
    profile = rules.rules(level=row["level"], named=row["named"])
    order = await ask(services, ORDER_OF_RATING, row["rating_id"])
    decoded = (services.tags.decode(str(code)) for code in row["tags"])
    rating = RatingShown(
        level=row["level"],
        label=profile.labels.get(row["level"], str(row["level"])),
        tags=tuple(tag.name for tag in decoded if tag),
        text=opened_text(row["text"], row["rating_id"]),
        named=row["named"],
        service_day=row["service_day"],
        item=names.of("item", row["item_id"]),
        organisation=names.of("organisation", row["organisation_id"]),
        received=row["received_at"].astimezone(CN),
    )
    return page(
        200,
        "rating.html",
        manner,
        rating=rating,
        order=order_shown(order) if order else None,
        bad=profile.is_bad(row["level"]),
    )


def order_shown(row: "Mapping[str, object] | asyncpg.Record") -> OrderShown:
    """A row of ORDER_OF_RATING in words. The due instant is 00:00 of the day after the last day."""
    state = State(str(row["state"]))
    way = list(State)
    here = way.index(state)
    due_at = row["due_at"]
    finished, answered = state is State.CLOSED, here >= way.index(State.ANSWERED)
    return OrderShown(
        number=str(row["number"]),
        steps=tuple(
            Step(_STEPS[each], "past" if place < here or finished else "now" if place == here else "ahead")
            for place, each in enumerate(way)
        ),
        finding=_FINDINGS.get(str(row["finding"]), ""),
        answer=str(row["answer"]) if answered else "",
        last_day=local_day(due_at - timedelta(microseconds=1))
        if isinstance(due_at, datetime) and not answered
        else None,
        provisional=bool(row["due_provisional"]),
    )


def _form(
    status: int,
    manner: Manner,
    *,
    posted: bool,
    number: str = "",
    secret: str = "",
    trouble: str = "",
    headers: tuple[tuple[str, str], ...] = (),
) -> Response:
    return page(
        status,
        "receipt.html",
        manner,
        headers=headers,
        posted=posted,
        number=number,
        secret=secret,
        trouble=catalogue(manner.language).gettext(trouble) if trouble else "",
    )
