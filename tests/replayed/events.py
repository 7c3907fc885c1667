"""What each event of a scenario is for the operations."""

from collections.abc import Callable
from datetime import date, datetime

from haochaping.foundation.errors import Conflict
from haochaping.oversight.models import Revisit
from haochaping.oversight.operations.duties import assess_answered
from haochaping.oversight.operations.revisits import Attempt, attempt
from haochaping.oversight.revisiting import means_of, terms_kept
from haochaping.policy.scenario_file import Happened
from haochaping.rectification import operations
from haochaping.rectification.contests import Filing, Kind, State
from haochaping.rectification.course import choices
from haochaping.rectification.course.guards import asked_by, step_due
from haochaping.rectification.course.situation import situation
from haochaping.rectification.models import Objection
from haochaping.rectification.rulebook import rulebook
from haochaping.rectification.states import Act
from haochaping.rectification.states import State as OrderState
from tests.replayed.story import WORDS, Story, day_or_instant

FINDINGS = {"upheld": "true", "partly_upheld": "partly", "rejected": "untrue", "no_legal_basis": "no_basis"}
OUTCOMES = {"upheld": "upheld", "rejected": "refused"}


def _opened(story: Story, happened: Happened) -> None:
    """The sweep of this instant has opened it."""
    assert story.must().opened_at <= happened.at


def _contact(story: Story, happened: Happened) -> None:
    if story.must().state == OrderState.OPENED:
        story.act(Act.TAKE, happened.at)
    reached = "no" if happened.outcome == "failed" else "yes"
    story.act(Act.CONTACT, happened.at, means="telephone", reached=reached)


def _verified(story: Story, happened: Happened) -> None:
    story.lead(Act.VERIFY, happened.at, finding=FINDINGS.get(happened.outcome, "true"))


def _approved(story: Story, happened: Happened) -> None:
    """By a colleague of whoever wrote the answer."""
    story.lead(Act.ANSWER, happened.at)
    story.act(Act.APPROVE, happened.at, who=1)


def _asked(story: Story, happened: Happened) -> None:
    story.asked_until = _asked_until(story, happened.at)
    # Where the scenario names no day, the last one that can be asked for.
    stands = situation(story.must(), rulebook(), now=happened.at)
    can = choices.until(Act.ASK_EXTENSION, stands, "rectification")
    last = can.last if can else None
    until = (happened.to or last or happened.at.date()).isoformat()
    story.act(Act.ASK_EXTENSION, happened.at, until=until)


def _asked_until(story: Story, now: datetime) -> date | datetime | str:
    """Until when more time can be asked for."""
    stands = situation(story.must(), rulebook(), now=now)
    due = step_due(stands, "rectification")
    assert stands.story is not None
    assert due is not None
    rule = stands.story.rules().extensions["rectification"].value
    until = asked_by(stands, stands.story, rule, due)
    return day_or_instant(until.due_at if until else None)


def _objected(kind: Kind) -> Callable[[Story, Happened], None]:
    def carry_out(story: Story, happened: Happened) -> None:
        filing = Filing(
            happened.by or "rated_organisation",
            happened.ground or "mistaken",
            WORDS,
            "" if happened.evidence is False else "叫号记录",
        )
        try:
            operations.file(
                order_id=story.must().id,
                kind=kind,
                official_id=story.handler,
                filing=filing,
                now=happened.at,
            )
        except Conflict as refusal:
            story.contests.append(refusal.code)
        else:
            story.contests.append("")

    return carry_out


def _decided(story: Story, happened: Happened) -> None:
    """Two persons of the body, where the rating is not to count."""
    objection = Objection.objects.filter(order=story.must()).latest("filed_at")
    first, second = (story.place.official(objection.body_id, number) for number in (0, 1))
    outcome = OUTCOMES.get(happened.outcome, "unestablished")
    ground = happened.ground or objection.ground
    decision = operations.Decision(outcome, ground, WORDS, WORDS, WORDS)
    operations.decide(
        objection_id=objection.id,
        official_id=first,
        revision=objection.revision,
        decision=decision,
        now=happened.at,
    )
    objection.refresh_from_db()
    if objection.state == State.PROPOSED:
        operations.confirm(
            objection_id=objection.id, official_id=second, revision=objection.revision, now=happened.at
        )


def _accepted(story: Story, happened: Happened) -> None:
    objection = Objection.objects.filter(order=story.must()).latest("filed_at")
    operations.accept(
        objection_id=objection.id,
        official_id=story.place.official(objection.body_id),
        revision=objection.revision,
        now=happened.at,
    )


def _revisited(story: Story, happened: Happened) -> None:
    story.lead(Act.ANSWER, happened.at)
    assess_answered(now=happened.at, rulebook=rulebook())
    revisit = Revisit.objects.get(order_id=story.must().id)
    means = means_of(tuple(map(terms_kept, revisit.terms))) or ("telephone",)
    attempt(
        revisit_id=revisit.pk,
        official_id=story.place.official(revisit.conductors[0]),
        revision=revisit.revision,
        typed=Attempt(
            "answered", means[0], "yes" if happened.outcome == "satisfied" else "no", _asks(revisit)
        ),
        now=happened.at,
    )


def _asks(revisit: Revisit) -> dict[str, str]:
    return {ask: "满意" for each in revisit.terms for ask in each["asks"]}


CARRIED_OUT: dict[str, Callable[[Story, Happened], None]] = {
    "notification": _opened,
    "dispatch": _opened,
    "contact": _contact,
    "verification": _verified,
    "rectification": lambda story, happened: story.lead(Act.RECTIFY, happened.at),
    "approval": _approved,
    "answer": lambda story, happened: story.lead(Act.ANSWER, happened.at),
    "extension_request": _asked,
    "report": lambda story, happened: story.act(Act.REPORT, happened.at),
    "objection": _objected(Kind.OBJECTION),
    "appeal": _objected(Kind.APPEAL),
    "objection_acceptance": _accepted,
    "decision": _decided,
    "appeal_decision": _decided,
    "revisit": _revisited,
}
