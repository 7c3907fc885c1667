"""An order becomes joint: by what its case tells when it is opened, or because an officer gives an organisation its part."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.accounts.rules import Permission
from haochaping.cases.queries import taking_part
from haochaping.foundation.asked_once import asking_steadily
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Conflict, Invalid, Problem
from haochaping.foundation.ids import random_id
from haochaping.foundation.workdays import due_instant
from haochaping.ratings.queries import RatingForOrder
from haochaping.rectification.course.joint import whom_to_give
from haochaping.rectification.course.limits import SET_RIGHT
from haochaping.rectification.course.situation import situation
from haochaping.rectification.models import OrderPart, WorkOrder
from haochaping.rectification.operations.barred import CHANGED
from haochaping.rectification.operations.checking import text_problems, typed_day
from haochaping.rectification.operations.discretion import check_words
from haochaping.rectification.operations.part_steps import part_step, set_limit
from haochaping.rectification.operations.parts_told import tell_given
from haochaping.rectification.operations.reach import order_for
from haochaping.rectification.parts import WORKED_IN, PartAct, PartState
from haochaping.rectification.rulebook import rulebook
from haochaping.rectification.states import State
from haochaping.registry import queries as registry

ASKED_LEAST, ASKED_MOST = 2, 500


@dataclass(frozen=True, slots=True)
class Giving:
    """What an officer says with a part, as it was typed. `organisation`: the credit code of whom he gives it to; `text`:
    what it is to do; `until`: the last day for it as an ISO date, "" for none of his own."""

    organisation: str
    text: str
    until: str = ""


def join_case(order: WorkOrder, rating: RatingForOrder, now: datetime) -> None:
    """Gives a part to every organisation besides the order's own that took part in a joint or theme case (联办件,
    主题式办件) which was rated as one. In the transaction that opens the order."""
    if rating.occasion_id is None:
        return
    for organisation in sorted(taking_part(occasion_id=rating.occasion_id) - {order.organisation_id}):
        part = OrderPart(id=random_id(), order=order, organisation_id=organisation, state="")
        part.tell_at = due_instant(local_day(now))
        part_step(part, PartAct.GIVE, PartState.WAITING, None, now, untold=True)


@transaction.atomic
@asking_steadily()
def give_part(*, order_id: UUID, official_id: UUID, giving: Giving, now: datetime) -> UUID:
    """An officer of the authority gives an organisation its part of an order, for the first time or once more; its id.

    Raises NotFound out of reach, NotAllowed without the right, Conflict once the order is answered, Invalid.
    """
    order, who = order_for(order_id, official_id, Permission.DISPATCH_ORDERS, now)
    if State(order.state) not in WORKED_IN:
        raise Conflict("changed", str(CHANGED))
    today = local_day(now)
    text = giving.text.replace("\r\n", "\n").strip()
    known = _whom(order, giving.organisation, official_id, today)
    until, problems = _day(giving.until, today)
    if known is None:
        problems.append(Problem("organisation", "required", _("请选择交给哪个单位。")))
    problems += text_problems(text, ASKED_LEAST, ASKED_MOST)
    if problems or known is None:
        raise Invalid(problems)
    check_words(order, text)
    part = OrderPart.objects.filter(order=order, organisation_id=known).first()
    part = part or OrderPart(id=random_id(), order=order, organisation_id=known, state="")
    part.order = order
    part.asked, part.until, part.done_at, part.tell_at = text, until, None, None
    part.finding = part.verified = part.rectified = ""
    limits = situation(order, rulebook(), now=now).limits
    set_limit(part, next((each for each in limits if each.step in SET_RIGHT), None))
    part_step(part, PartAct.GIVE, PartState.WAITING, who, now, note=text)
    tell_given(part, now)
    return part.id


def _whom(order: WorkOrder, code: str, official_id: UUID, today: date) -> int | None:
    known = registry.organisation_id_by_credit_code(code) if code.isascii() and code.isalnum() else None
    return known if known in whom_to_give(order, official_id, today) else None


def _day(typed: str, today: date) -> tuple[date | None, list[Problem]]:
    """The day that was typed, None for none, and what is wrong with it."""
    day = typed_day(typed)
    if typed and day is None:
        message = _("请填写完成的日期，年、月、日都要写，例如2026年12月31日。")
        return None, [Problem("until", "required", message)]
    if day is not None and day < today:
        message = _("这个日期太早。请填写{first}或以后的日期。").format(first=today.isoformat())
        return None, [Problem("until", "early", message)]
    return day, []
