"""A scenario on its way: what it tells happens in the order of time, the sweeps come in between, and what it leaves out so
that something else can happen is done at that very instant."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from haochaping.oversight.operations.duties import assess_answered
from haochaping.policy.scenario_file import Given, Happened, Rated, Scenario
from haochaping.ratings.operations import GRACE, default_due
from haochaping.rectification import operations
from haochaping.rectification.models import BadRating
from haochaping.rectification.operations.silence import GRACE as SILENCE_GRACE
from haochaping.rectification.rulebook import rulebook
from haochaping.rectification.states import Act, State
from tests.replayed import figures
from tests.replayed.events import CARRIED_OUT
from tests.replayed.place import Place
from tests.replayed.rating import rate, report
from tests.replayed.story import Story


@dataclass
class Played:
    """All stories of a scenario; `left_out`: the events that no operation carries out."""

    scenario: Scenario
    place: Place
    stories: dict[str, Story] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)


def play(scenario: Scenario) -> Played:
    """Carries a scenario out."""
    begun = min((min(each.events.values()) for each in scenario.cases), default=scenario.now - figures.BEFORE)
    place = Place(begun)
    played = Played(scenario, place)
    for at, _, step in sorted(_steps(scenario, played, place), key=lambda each: each[:2]):
        if at <= scenario.now:
            sweep(at)
            step(at)
    sweep(scenario.now)
    for story in played.stories.values():
        order = story.order
        # Whoever is revisited was given an answer: where none is told, it is given when it is looked at.
        if order is not None and order.state == State.RECTIFIED:
            story.act(Act.ANSWER, scenario.now)
    figures.carry_out(scenario, place)
    assess_answered(now=scenario.now, rulebook=rulebook())
    figures.draw(scenario)
    return played


def answer_the_rest(played: Played) -> None:
    """What was verified and is still to be set right is led to its answer."""
    now = played.scenario.now
    for story in played.stories.values():
        order = story.order
        if order is not None and order.state == State.VERIFIED:
            story.lead(Act.ANSWER, now)
    assess_answered(now=now, rulebook=rulebook())


def sweep(now: datetime) -> None:
    """The jobs of a minute."""
    default_due(now=now + GRACE)
    operations.open_orders(now=now, limit=100)
    operations.lapse(now=now, limit=100)
    operations.lapse_objections(now=now)
    operations.count_silence(now=now + SILENCE_GRACE)
    operations.plan_escalations(now=now, limit=100)
    operations.count_times(now=now, limit=100)
    operations.set_off_due(now=now, limit=100)


Step = Callable[[datetime], None]


def _steps(scenario: Scenario, played: Played, place: Place) -> list[tuple[datetime, int, Step]]:
    """When what happens; of the same instant what comes first in a scenario's own order."""
    found: list[tuple[datetime, int, Step]] = []
    for given in scenario.cases:
        happened = scenario.events.get(given.name, ())
        found.append((min(given.events.values()), 0, _reported(given, played, place)))
        opens = [each.at for each in happened if each.event in ("notification", "dispatch")]
        found += [
            (rated.at, 1, _rated(given, played, rated, min(opens, default=rated.at)))
            for rated in scenario.ratings.get(given.name, ())
        ]
        found += [(each.at, 2, _happened(given, played, each)) for each in happened]
    return found


def _reported(given: Given, played: Played, place: Place) -> Step:
    def step(at: datetime) -> None:
        played.stories[given.name] = Story(given, place, *report(given, place, at))

    return step


def _rated(given: Given, played: Played, said: Rated, opens: datetime) -> Step:
    def step(at: datetime) -> None:
        story = played.stories[given.name]
        if said.kind != "rating":
            played.left_out.add(said.kind)
            return
        story.answers.append(rate(story.occasion_id, said))
        # The worker comes to it when the scenario says that the unit is told, or gets it.
        BadRating.objects.filter(rating_id=story.occasion_id).update(retry_at=max(opens, at))
        operations.open_orders(now=at, limit=100)

    return step


def _happened(given: Given, played: Played, happened: Happened) -> Step:
    def step(at: datetime) -> None:
        carry_out = CARRIED_OUT.get(happened.event)
        if carry_out is None:
            played.left_out.add(happened.event)
        else:
            carry_out(played.stories[given.name], happened)

    return step
