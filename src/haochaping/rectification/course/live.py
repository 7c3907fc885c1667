"""An order's history as a story told to its rules: the code that plays the scenarios of the rules counts here as well."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property

from haochaping.foundation.clock import local_day
from haochaping.policy.counting import Course, Due
from haochaping.policy.limits import Limit
from haochaping.policy.office_time import Pause
from haochaping.policy.profile import Profile
from haochaping.policy.scenario_file import Given, Happened
from haochaping.policy.story import Story
from haochaping.policy.story_contests import limit_in
from haochaping.policy.story_outcomes import play_returns
from haochaping.policy.story_steps import extended, standing_still, step_limit
from haochaping.rectification.bodies import Bodies
from haochaping.rectification.course.pauses import pauses_of
from haochaping.rectification.course.ruled import Ruled
from haochaping.rectification.models import OrderStep, WorkOrder
from haochaping.rectification.states import ANSWERING, EVENTS, REOPENING, Act, State

_RECTIFICATION = "rectification"
# What follows each act in the history: the answer is given when it is approved, or when it is the explanation.
_REFUSED = frozenset({Act.REFUSE_EXTENSION.value})
# What else gives the rater the answer: an approval, an explanation.
_ANSWERS_TOO = ANSWERING - {Act.ANSWER}
# Acts that end a step of which the rules know no event.
_STEPS = {Act.UPLOAD.value: "upload"}


@dataclass
class Live(Story):
    """A story that is going on. Its rules are asked for by the one way in which occasions ask."""

    asked: Ruled | None = None
    finding: str = ""
    contests: Mapping[str, Sequence[Pause]] = field(default_factory=dict)

    @property
    def course(self) -> Course:
        """What has happened, with the steps that are or were pending, and the objections."""
        own = super().course
        return Course(own.events, {**own.pauses, **self.contests})

    @cached_property
    def bodies(self) -> Bodies:
        """The bodies of the day of looking."""
        return Bodies(local_day(self.now))

    def rules(self, step: datetime | None = None) -> Profile:
        """The rules for a step of this instant's day, else of the day of looking."""
        if self.asked is None:
            raise LookupError("a story without rules")
        day = local_day(step or self.now)
        return self.asked.rules(day, finding=self.finding, bad_class=self.occasion.bad_class)

    def step(self, step: str) -> tuple[Due | None, Profile, Limit | None]:
        """Until when a step is done, with what its limit was extended by, and the rules and the limit that say so."""

        def pick(profile: Profile) -> Limit | None:
            if step == _RECTIFICATION:
                return standing_still(limit_in(profile.rectification), profile)
            return step_limit(profile, step)

        due, profile, limit = self.procedural(pick)
        return extended(self, step, due, limit), profile, limit


def live(
    order: WorkOrder,
    asked: Ruled,
    steps: Sequence[OrderStep],
    *,
    now: datetime,
    extra: Sequence[Happened] = (),
) -> Live:
    """The story of an order since it was opened, or opened again, up to `now`; `steps` are all of its history in order.
    `extra`: what might happen as well, to see what would become of it."""
    # Whatever the clock did: what is in the history has happened.
    now = max(now, order.opened_at, asked.rating.received_at, *(step.at for step in steps))
    again, round_ = current_round(steps)
    begun = again.at if again else order.opened_at
    events = {"rating": asked.rating.received_at, "opening": order.opened_at, "dispatch": begun}
    if again is not None:
        events["reopening"] = again.at
    if anew := _dispatched_otherwise(round_):
        events["dispatch"] = anew
    happened = sorted((*_happenings(round_, again is not None), *extra), key=lambda each: each.at)
    occasion = asked.occasion.occasion._replace(bad_class=order.bad_class)
    given = Given(order.number, occasion, "", (), "", "", "", "", 1, events)
    story = Live(given, asked.rulebook, (), happened, now, asked=asked, finding=order.finding)
    story.contests = pauses_of(order)
    play_returns(story)
    return story


def reopens(step: OrderStep) -> bool:
    """Whether this act, of the rater or of a body, opened the order again."""
    return step.act in REOPENING and step.to_state == State.OPENED != step.from_state


def current_round(steps: Sequence[OrderStep]) -> tuple[OrderStep | None, list[OrderStep]]:
    """What opened the order again, if anything did: the rater's act or a body's; and the steps of officials and the system
    since then."""
    begun = [number for number, step in enumerate(steps) if reopens(step)]
    since = begun[-1] + 1 if begun else 0
    acts = set(Act)
    return (steps[begun[-1]] if begun else None), [step for step in steps[since:] if step.act in acts]


def _dispatched_otherwise(steps: Sequence[OrderStep]) -> datetime | None:
    """When an officer gave the order to another organisation, not because one sent it back: that one knows it only since."""
    found = [step.at for step in steps if step.act == Act.DISPATCH and step.from_state == State.OPENED]
    return found[-1] if found else None


def _happenings(steps: Sequence[OrderStep], again: bool) -> Iterator[Happened]:
    refused = _refused_requests(steps)
    for step in steps:
        if step.act == Act.ANSWER and step.to_state == State.DRAFTED:
            continue
        word = EVENTS[Act(step.act)] or _STEPS.get(step.act, "")
        if not word or step.revision in refused:
            continue
        yield _happened(step, word)
        if step.act == Act.RECTIFY and again:
            yield _happened(step, "rework")
        if step.act in _ANSWERS_TOO and step.to_state == State.ANSWERED:
            yield _happened(step, "answer")
        if step.act == Act.ASK_EXTENSION and not step.said.get("waits"):
            # Nobody grants it by the rules of its day: it holds as soon as it is given.
            yield _happened(step, "extension")


def _refused_requests(steps: Sequence[OrderStep]) -> set[int]:
    """The requests, by revision, that were refused: they extend nothing, and nothing stood still for them."""
    found, last = set(), 0
    for step in steps:
        if step.act == Act.ASK_EXTENSION:
            last = step.revision
        if step.act in _REFUSED:
            found.add(last)
    return found


def _happened(step: OrderStep, word: str) -> Happened:
    until = step.said.get("until")
    return Happened(
        event=word,
        at=step.at,
        outcome="failed" if word == "contact" and step.said.get("reached") != "yes" else "",
        ground=step.said.get("ground", ""),
        to=date.fromisoformat(until) if until and word in ("extension_request", "extension") else None,
        step=step.said.get("step", _RECTIFICATION),
    )
