"""The rater's way back: receipt number and secret, posted, show one's rating, its order and the answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import asyncpg

from haochaping.faces.citizen import notices
from haochaping.faces.citizen.language import manner_of, mark
from haochaping.faces.citizen.own_data import choices, rating_shown
from haochaping.faces.citizen.pages import page
from haochaping.faces.citizen.rating_form import NotAForm, Overfull, fields_of
from haochaping.faces.citizen.receipts import TOO_OFTEN, Held, Receipts, away, form, typed
from haochaping.faces.citizen.served import Away, connected
from haochaping.faces.citizen.verdict import question_shown, verdicts_shown
from haochaping.foundation.clock import local_day
from haochaping.intake.http import Request, Response
from haochaping.intake.revisits import Questionnaire, questionnaire
from haochaping.intake.services import Services
from haochaping.rectification.states import Finding, State

_STEPS: Mapping[State, str] = {
    State.OPENED: mark("已转为工单"),
    State.TAKEN: mark("承办单位已接收"),
    State.VERIFIED: mark("已核实"),
    State.RECTIFIED: mark("已整改"),
    State.ANSWERED: mark("已答复"),
    State.CLOSED: mark("已办结"),
}
# What lies beside the usual way, by the step of it that the rater sees.
_BESIDE: Mapping[State, State] = {
    State.RETURNED: State.OPENED,
    State.EXPLAINED: State.VERIFIED,
    State.DRAFTED: State.RECTIFIED,
}
_FINDINGS: Mapping[str, str] = {
    Finding.TRUE: mark("情况属实"),
    Finding.PARTLY: mark("情况部分属实"),
    Finding.UNTRUE: mark("情况不属实"),
    Finding.NO_BASIS: mark("所提要求没有法定依据"),
}


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the order's way; `place` is "past", "now" or "ahead"."""

    name: str
    place: str


@dataclass(frozen=True, slots=True)
class OrderShown:
    """The work order as its rater sees it: nothing about who handles it. `last_day` is None once answered. `excluded`:
    closed because the rater corrected the rating, or took it back, or it does not count (`states.Exclusion`), "" if not."""

    number: str
    steps: tuple[Step, ...]
    finding: str
    answer: str
    last_day: date | None
    provisional: bool
    excluded: str


async def ask_receipt(request: Request, services: Services) -> Response:  # noqa: ARG001 (the door's signature)
    """GET /receipt: the form. Nothing of a receipt is ever part of an address."""
    return form(200, manner_of(request), posted=False)


class Lookup:
    """POST /receipt."""

    def __init__(self, receipts: Receipts) -> None:
        self._receipts = receipts

    async def __call__(self, request: Request, services: Services) -> Response:
        """200 with the rating, all that is kept of it and what may still be done; else as `Receipts.admitted`."""
        held = await self._receipts.admitted(request, services)
        if isinstance(held, Response):
            return held
        try:
            async with connected(services) as connection:
                asked = await questionnaire(connection, held.given)
            return _shown(services, held, asked, request.received_at)
        except Away:
            return away(held.manner, held.number, held.secret)


async def slow_down(wait: int, request: Request, services: Services) -> Response:  # noqa: ARG001 (the door's signature)
    """429 before anything is looked up; what was typed is kept."""
    manner, headers = manner_of(request), (("Retry-After", str(wait)),)
    if request.method != "POST":
        return notices.too_often(manner, wait)
    try:
        number, secret = typed(fields_of(request))
    except (NotAForm, Overfull):
        return notices.too_often(manner, wait)
    return form(429, manner, number, secret, trouble=TOO_OFTEN, headers=headers)


def _shown(services: Services, held: Held, asked: Questionnaire | None, at: datetime) -> Response:
    rating = rating_shown(services, held.given)
    order, question = held.given.order, held.given.question(services, at=at)
    profile = held.given.governed(services).rules(level=rating.now.level, named=rating.named)
    return page(
        200,
        "rating.html",
        held.manner,
        number=held.number,
        secret=held.secret,
        rating=rating,
        order=order_shown(order) if order else None,
        back=held.given.take_back(services, at=at),
        bad=not held.given.taken_back
        and (
            profile.is_bad(held.given.standing.judged)
            or held.given.bad_for_staff(services, profile, level=held.given.standing.staff)
        ),
        asked=asked,
        choices=choices(services, held.given, held.manner, at),
        verdicts=verdicts_shown(services, held.given),
        question=question_shown(question, held.manner) if question else None,
    )


def order_shown(row: "Mapping[str, object] | asyncpg.Record") -> OrderShown:
    """A row of ORDER_OF_RATING in words. The due instant is 00:00 of the day after the last day."""
    state = State(str(row["state"]))
    way = list(_STEPS)
    here = way.index(_BESIDE.get(state, state))
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
        excluded=str(row["exclusion"]),
    )
