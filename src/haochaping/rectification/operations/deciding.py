"""The body that the rules name decides on an objection; that a rating does not count, or counts again, takes two persons."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from haochaping.accounts.queries.officials import OfficialView, official
from haochaping.foundation.asked_once import asking_steadily
from haochaping.foundation.clock import local_day
from haochaping.foundation.errors import Conflict, Problem
from haochaping.ratings import operations as ratings
from haochaping.ratings.queries import void_effect
from haochaping.ratings.states import VoidEffect
from haochaping.rectification.contests import Act, Outcome, State, effect_of, grounds_of
from haochaping.rectification.models import Objection
from haochaping.rectification.operations.contesting import Reviewed, count_review, reviewed
from haochaping.rectification.operations.excluding import exclude, reinstate
from haochaping.rectification.operations.objection_acts import (
    LEAST_REPLY,
    Written,
    check_state,
    checked,
    decider,
    locked,
    note,
)
from haochaping.rectification.operations.standing import count_clock
from haochaping.rectification.rulebook import rulebook


@dataclass(frozen=True, slots=True)
class Decision:
    """What the body would say: `ground` that is established, where it is upheld; `findings` stay with the body, `reply` is
    what the rated read; `heard`: what the rater said to it, where the rules have him heard."""

    outcome: str
    ground: str
    findings: str
    reply: str
    heard: str = ""


@transaction.atomic
@asking_steadily()
def accept(*, objection_id: UUID, official_id: UUID, revision: int, now: datetime) -> None:
    """The body takes the objection on (受理): where the rules count its limit from then, the limit begins. Raises NotFound,
    NotAllowed, Conflict."""
    objection, who = _taken(objection_id, official_id, Act.ACCEPT, revision, now)
    before = objection.state
    objection.state, objection.accepted_at = State.ACCEPTED, now
    # What was handed up has no limit laid down: that of the body which did not decide is over.
    if not objection.steps.filter(act=Act.ESCALATE.value).exists():
        count_review(objection, reviewed(objection, rulebook=rulebook()))
    clause = objection.due_clause
    note(objection, Act.ACCEPT, label=who.label, actor=who.actor, now=now, before=before, clause=clause)


@transaction.atomic
@asking_steadily()
def decide(
    *, objection_id: UUID, official_id: UUID, revision: int, decision: Decision, now: datetime
) -> State:
    """Upheld on a ground, refused, or not to be established; with findings and a reply. The state that it led to.

    Upheld on a ground on which the rules let the rating not count, it is a proposal until another person of the body
    confirms it (PROPOSED): undecided until then. Raises NotFound, NotAllowed, Conflict, Invalid: among others where the
    rules want an effect that cannot be carried out here.
    """
    objection, who = _taken(objection_id, official_id, Act.DECIDE, revision, now)
    found = reviewed(objection, rulebook=rulebook())
    texts = _checked(objection, found, decision)
    upheld = decision.outcome == Outcome.UPHELD
    objection.outcome, objection.found = decision.outcome, decision.ground if upheld else ""
    objection.findings, objection.reply, objection.heard = texts["findings"], texts["reply"], texts["heard"]
    before = objection.state
    clause = found.rule.citation if found and found.rule else ""
    if upheld and _effect(found, decision.ground):
        objection.state, objection.proposed_by = State.PROPOSED, official_id
        clause = _voiding_clause(found)
    else:
        objection.state, objection.decided_at = State.DECIDED, now
    note(
        objection,
        Act.DECIDE,
        label=who.label,
        actor=who.actor,
        now=now,
        text=texts["findings"],
        clause=clause,
        before=before,
    )
    count_clock(objection.order, rulebook(), now=now)
    return State(objection.state)


@transaction.atomic
@asking_steadily()
def propose(
    *, objection_id: UUID, official_id: UUID, act: Act, revision: int, reasons: str, now: datetime
) -> None:
    """One person would have the rating count again (RESTORE), or not count (VOID: what the body's silence upheld).

    Nothing changes until another one confirms. Raises NotFound, NotAllowed, Conflict, Invalid; ValueError for another act.
    """
    target = {Act.RESTORE: State.RESTORING, Act.VOID: State.VOIDING}.get(act)
    if target is None:
        raise ValueError(f"{act} proposes nothing")
    objection, who = _taken(objection_id, official_id, act, revision, now)
    found = reviewed(objection, rulebook=rulebook())
    stands = void_effect(objection.order.subject_id) is not VoidEffect.COUNTED
    possible = (
        bool(objection.effect) if act is Act.RESTORE else bool(_effect(found, objection.found)) and not stands
    )
    if not possible:
        raise Conflict("changed", _("评价现在的状态不需要这一步。请核对下面的最新情况。"))
    texts = checked(objection.order, [Written("reasons", reasons, least=LEAST_REPLY)], [])
    before = objection.state
    objection.state, objection.proposed_by = target, official_id
    note(
        objection,
        act,
        label=who.label,
        actor=who.actor,
        now=now,
        text=texts["reasons"],
        clause=_voiding_clause(found),
        before=before,
    )


@transaction.atomic
@asking_steadily()
def confirm(*, objection_id: UUID, official_id: UUID, revision: int, now: datetime) -> None:
    """The second person: the rating does not count from now on, or counts again; figures and order follow at once.

    The original is kept, and so is the decision. Raises NotFound, NotAllowed (for who proposed it as well), Conflict.
    """
    objection, who = _taken(objection_id, official_id, Act.CONFIRM, revision, now, rating=True)
    found = reviewed(objection, rulebook=rulebook())
    proposer = (
        official(official_id=objection.proposed_by, on=local_day(now)) if objection.proposed_by else None
    )
    if proposer is None:
        raise Conflict("proposer", _("提出这项意见的人员已经停用，不能确认。请退回后由其他人员重新提出。"))
    before, clause = objection.state, _voiding_clause(found)
    if objection.state == State.RESTORING:
        _restore(objection, proposer, who, clause, now)
    else:
        _void(objection, found, proposer, who, now)
    if objection.state == State.PROPOSED:
        objection.decided_at = now
    objection.state, objection.proposed_by = State.DECIDED, None
    note(objection, Act.CONFIRM, label=who.label, actor=who.actor, now=now, clause=clause, before=before)
    if not objection.order.exclusion:
        count_clock(objection.order, rulebook(), now=now)


@transaction.atomic
@asking_steadily()
def send_back(*, objection_id: UUID, official_id: UUID, revision: int, reasons: str, now: datetime) -> None:
    """The second person does not agree: what was proposed is as if it had not been, with the reason in the history.

    Raises NotFound, NotAllowed, Conflict, Invalid.
    """
    objection, who = _taken(objection_id, official_id, Act.SEND_BACK, revision, now)
    texts = checked(objection.order, [Written("reasons", reasons)], [])
    before = objection.state
    if objection.state == State.PROPOSED:
        objection.state = State.ACCEPTED if objection.accepted_at else State.FILED
        objection.outcome = objection.found = ""
    else:
        objection.state = State.DECIDED
    objection.proposed_by = None
    note(
        objection,
        Act.SEND_BACK,
        label=who.label,
        actor=who.actor,
        now=now,
        text=texts["reasons"],
        before=before,
    )


def _taken(
    objection_id: UUID, official_id: UUID, act: Act, revision: int, now: datetime, *, rating: bool = False
) -> tuple[Objection, OfficialView]:
    objection = locked(objection_id, rating=rating)
    who = decider(objection, official_id, act, now)
    check_state(objection, act, revision)
    return objection, who


def _checked(objection: Objection, found: Reviewed | None, decision: Decision) -> dict[str, str]:
    problems = []
    rule = found.rule if found else None
    upheld = decision.outcome == Outcome.UPHELD
    if decision.outcome not in list(Outcome):
        problems.append(Problem("outcome", "required", _("请选择复核结论：成立、不成立或者无法认定。")))
    if upheld and (rule is None or decision.ground not in grounds_of(rule.value)):
        problems.append(Problem("ground", "required", _("请选择认定成立的理由。")))
    elif upheld and (problem := _impossible(found, decision.ground)):
        problems.append(problem)
    heard = upheld and rule is not None and rule.value.citizen_heard
    written = (
        Written("findings", decision.findings, least=LEAST_REPLY),
        Written("reply", decision.reply, least=LEAST_REPLY),
        Written("heard", decision.heard, needed=heard),
    )
    return checked(objection.order, written, problems)


def _impossible(found: Reviewed | None, ground: str) -> Problem | None:
    """What the rules want done with the rating, and cannot be done here: said, and not done in another way."""
    effect = _effect(found, ground)
    if effect == "rate_again":
        message = _(
            "规则规定这项理由成立后评价人可以重新评价。本系统还不能重新开放评价，因此不能在本系统作出这一结论。"
        )
        return Problem("ground", "rate_again", message)
    if effect == VoidEffect.DEFAULT and found is not None and found.rules.default is None:
        message = _("规则规定这项理由成立后按默认等次计，但没有规定默认等次，因此不能在本系统作出这一结论。")
        return Problem("ground", "no_default", message)
    return None


def _effect(found: Reviewed | None, ground: str) -> str:
    voiding = found.rules.voiding if found else None
    return effect_of(voiding.value if voiding else None, ground)


def _voiding_clause(found: Reviewed | None) -> str:
    return (found.rules.citation("voiding") or "") if found else ""


def _void(
    objection: Objection, found: Reviewed | None, proposer: OfficialView, who: OfficialView, now: datetime
) -> None:
    problem = _impossible(found, objection.found)
    effect = _effect(found, objection.found)
    if problem is not None or found is None or not effect:
        message = problem.message if problem else _("适用的规则已经变化，这项理由不再使评价不计入。请退回。")
        raise Conflict("effect", message)
    default = found.rules.default
    is_default = effect == VoidEffect.DEFAULT
    decided = ratings.Voided(
        effect=VoidEffect(effect),
        level=default.value.level if is_default and default else None,
        ground=objection.found,
        clause=_voiding_clause(found),
        proposed_by=proposer.actor,
        confirmed_by=who.actor,
    )
    ratings.void(rating_id=objection.order.subject_id, decided=decided, now=now)
    objection.effect = effect
    exclude(objection.order, actor=who.label, clause=decided.clause, now=now)


def _restore(
    objection: Objection, proposer: OfficialView, who: OfficialView, clause: str, now: datetime
) -> None:
    ratings.restore(
        rating_id=objection.order.subject_id,
        clause=clause,
        proposed_by=proposer.actor,
        confirmed_by=who.actor,
        now=now,
    )
    objection.effect = ""
    reinstate(objection.order, actor=who.label, clause=clause, now=now, rulebook=rulebook())
