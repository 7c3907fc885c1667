"""What all acts on an objection share: who may, under which locks, with what words; the step and the audit row."""

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _

from haochaping.accounts.queries import officials
from haochaping.accounts.queries.officials import OfficialView
from haochaping.accounts.rules import Permission
from haochaping.audit import operations as audit
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Conflict, Invalid, NotAllowed, NotFound, Problem
from haochaping.foundation.ids import new_id
from haochaping.ratings import operations as ratings
from haochaping.ratings.queries import RatingForOrder
from haochaping.rectification.contests import TRANSITIONS, Act, By, State
from haochaping.rectification.models import Objection, ObjectionStep, WorkOrder
from haochaping.rectification.operations.contesting import rated_by, rating_of
from haochaping.rectification.operations.discretion import check_words
from haochaping.rectification.operations.review_limits import keep_review
from haochaping.rectification.own_case import is_own_case

LEAST, MOST, LEAST_REPLY = 2, 2000, 10
OWN_NAME: Final = (By.PERSON,)
_CONTROLS: Final = frozenset("\n\t")


@dataclass(frozen=True, slots=True)
class Written:
    """A text that somebody wrote, by the name of its field: so long, or not at all where it may be left out."""

    field: str
    text: str
    least: int = LEAST
    needed: bool = True


def locked(objection_id: UUID, *, rating: bool = False) -> Objection:
    """The objection with its order, both locked: the order first, as everybody who acts on both does; before it the rating,
    where it is to be counted out or in. Raises NotFound."""
    known = Objection.objects.filter(pk=objection_id).values_list("order_id", "order__subject_id").first()
    if known is None:
        raise missing()
    order_id, subject_id = known
    if rating:
        ratings.hold(rating_id=subject_id)
    order = WorkOrder.objects.select_for_update().get(pk=order_id)
    found = Objection.objects.select_for_update().get(pk=objection_id)
    found.order = order
    return found


def decider(objection: Objection, official_id: UUID, act: Act, now: datetime) -> OfficialView:
    """Who decides: in a post of the body, with the right, and neither one of the rated, nor the one who was rated, nor who
    filed it.

    Raises NotFound for who is not of the body, NotAllowed for who is and may not.
    """
    today = local_day(now)
    who = officials.official(official_id=official_id, on=today)
    if who is None or objection.body_id not in {post.organisation_id for post in who.posts}:
        raise missing()
    reach = officials.scope(official_id=official_id, permission=TRANSITIONS[act].permission, on=today)
    if objection.body_id not in reach:
        raise NotAllowed("no_right", _("您的岗位没有办理这一步的权限。"))
    rating = rating_of(objection.order)
    rated = rated_by(rating) if rating else frozenset({objection.organisation_id})
    own = {post.organisation_id for post in who.posts}
    own_case = is_own_case(subject_id=objection.order.subject_id, official_id=official_id)
    if own & rated or own_case or official_id == objection.filed_by:
        message = _(
            "您在被评价单位任职，或者这份异议由您提交。自己的评价不能由自己复核，请交给其他人员办理。"
        )
        raise NotAllowed("own_case", message)
    if act in {Act.CONFIRM, Act.SEND_BACK} and official_id == objection.proposed_by:
        message = _("这项意见是您提出的，须由本单位另一名有权限的人员确认或者退回。")
        raise NotAllowed("same_person", message)
    return who


@dataclass(frozen=True, slots=True)
class Speaker:
    """Who speaks for the rated, in whose names, of which rating."""

    who: OfficialView
    names: tuple[By, ...]
    rating: RatingForOrder


def speaker(order: WorkOrder, official_id: UUID, now: datetime) -> Speaker:
    """Who speaks for the rated, also where another organisation handles the order. Raises NotFound out of reach, NotAllowed
    without the right."""
    today = local_day(now)
    who = officials.official(official_id=official_id, on=today)
    rating = rating_of(order)
    names = names_of(rating, official_id, today) if rating is not None else ()
    seen = officials.scope(official_id=official_id, permission=Permission.VIEW_ORDERS, on=today)
    if who is None or (order.organisation_id not in seen and not names):
        raise NotFound("order", _("没有这张工单，或者它不属于您负责的单位。"))
    if rating is None or not names:
        message = _("只有被评价单位的经办人和被评价的工作人员本人可以提出异议。")
        raise NotAllowed("not_rated", message)
    return Speaker(who, names, rating)


def names_of(rating: RatingForOrder, official_id: UUID, on: date) -> tuple[By, ...]:
    """In whose names the official may object: the organisation's and its staff's for its handlers, his own for who was rated
    and is still there; nobody's for all others (Kunming, article 10: 被评价单位或人员)."""
    reach = officials.scope(official_id=official_id, permission=Permission.FILE_OBJECTIONS, on=on)
    if rating.organisation_id in reach:
        return tuple(By)
    return OWN_NAME if is_rated(rating, official_id, on) else ()


def is_rated(rating: RatingForOrder, official_id: UUID, on: date) -> bool:
    """Whether the rating names the official as a member of staff, and he is still window staff of the rated organisation."""
    own = officials.scope(official_id=official_id, permission=Permission.FILE_OWN_OBJECTIONS, on=on)
    return rating.organisation_id in own and is_own_case(subject_id=rating.id, official_id=official_id)


def may_take_back(objection: Objection, official_id: UUID, names: tuple[By, ...]) -> bool:
    """What a member of staff filed himself nobody takes back for him, nor he what his organisation filed."""
    himself = objection.by == By.PERSON and is_own_case(
        subject_id=objection.order.subject_id, official_id=objection.filed_by
    )
    return official_id == objection.filed_by if himself else By.ORGANISATION in names


def check_state(objection: Objection, act: Act, revision: int) -> None:
    """Raises Conflict where somebody was faster, or the state does not allow the act."""
    if objection.revision != revision or State(objection.state) not in TRANSITIONS[act].sources:
        message = _("这份异议刚刚有了新的进展，您的操作没有保存。请核对下面的最新情况后再办理。")
        raise Conflict("changed", message)


def checked(
    order: WorkOrder, written: Iterable[Written], problems: list[Problem], *, knows_rater: bool = True
) -> dict[str, str]:
    """The texts, tidied, by field. `knows_rater`: whoever wrote them may see the name of a rater under 实名. Raises Invalid
    with these problems and all that the texts have."""
    found = {}
    for each in written:
        text = found[each.field] = each.text.replace("\r\n", "\n").strip()
        problems.extend(_problems(order, each, text, knows_rater))
    if problems:
        raise Invalid(problems)
    return found


def _problems(order: WorkOrder, written: Written, text: str, knows_rater: bool) -> list[Problem]:
    if not text and not written.needed:
        return []
    found = []
    if any(unicodedata.category(each) in {"Cc", "Cs"} and each not in _CONTROLS for each in text):
        message = _("文字中有无法显示的控制字符，可能是从其他软件复制而来。请删除后重新输入。")
        found.append(Problem(written.field, "characters", message))
    if not written.least <= len(text) <= MOST:
        message = _("请填写{least}至{most}个字，现在是{length}个字。").format(
            least=written.least, most=MOST, length=len(text)
        )
        found.append(Problem(written.field, "length", message))
    try:
        check_words(order, text, knows_rater=knows_rater)
    except Invalid as refusal:
        found.extend(Problem(written.field, each.code, each.message) for each in refusal.problems)
    return found


def note(
    objection: Objection,
    act: Act,
    *,
    label: str,
    actor: str,
    now: datetime,
    text: str = "",
    clause: str = "",
    before: str = "",
) -> None:
    """Saves the objection as it is now with the limit of its decision, the step and the audit row. `label` names the person
    in the history."""
    objection.revision += 1
    objection.save()
    keep_review(objection)
    ObjectionStep.objects.create(
        id=new_id(now),
        objection=objection,
        act=act.value,
        actor=label,
        at=now,
        note=text,
        clause=clause[:200],
        revision=objection.revision,
    )
    audit.record(
        now=now,
        actor=actor,
        act=f"{objection.kind}.{act}",
        subject=f"order:{objection.order.number}",
        clause=clause[:200],
        detail={
            "from": before,
            "to": objection.state,
            "outcome": objection.outcome,
            "ground": objection.found or objection.ground,
            "effect": objection.effect,
            "order": objection.order.state,
        },
    )


def missing() -> NotFound:
    """The same for what is not there and for what is not this official's to see."""
    return NotFound("objection", _("没有这份异议，或者它不由您所在的单位复核。"))
