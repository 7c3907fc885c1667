"""What an official can do on an order now, with all that there is to choose; and the limits as his page shows them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from haochaping.accounts.queries import officials
from haochaping.accounts.queries.officials import OfficialView
from haochaping.accounts.rules import Permission
from haochaping.foundation.clock import CN, local_day
from haochaping.foundation.workdays import WorkCalendar
from haochaping.rectification.course import choices
from haochaping.rectification.course.choices import Until
from haochaping.rectification.course.following_up import SUPERVISION, body_of, follow_up
from haochaping.rectification.course.guards import acts_now, possible_until
from haochaping.rectification.course.limits import SET_RIGHT, STEPS
from haochaping.rectification.course.situation import Situation
from haochaping.rectification.models import OrderDeadline, WorkOrder
from haochaping.rectification.needs import NEEDS, Needs
from haochaping.rectification.rules import Clock, ClockKind, last_day_of, step_clock
from haochaping.rectification.states import Act, Finding, SetOff, State, Transition
from haochaping.registry import queries as registry

_HALF_A_DAY: Final = 12
_MET: Final = frozenset({ClockKind.MET, ClockKind.MET_LATE})


@dataclass(frozen=True, slots=True)
class Offer:
    """One act that is possible now. `clause`: by which rule, "" where none says it; `rule`: the dimension of the profile
    that is. `limit`: until when it is to be done, or can be, None where that is not laid down. `organisations`: credit code
    and name; `classes`: key → words. What the act does not ask for is empty."""

    act: Act
    target: State
    needs: Needs
    clause: str
    usual: bool
    rule: str = ""
    limit: Clock | None = None
    findings: tuple[Finding, ...] = ()
    classes: Mapping[str, str] | None = None
    means: tuple[str, ...] = ()
    grounds: tuple[str, ...] = ()
    until: Until | None = None
    steps: tuple[str, ...] = ()
    organisations: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class LimitView:
    """The limit of one step. `owner`: the name of who must keep it. `before`: for one in hours, the instant before which
    it is kept (never later than the true one), else None. `still`: it stands still. `was`: its last day before a notice on
    holidays moved it."""

    step: str
    clock: Clock | None
    owner: str
    before: datetime | None
    still: bool
    was: date | None = None


@dataclass(frozen=True, slots=True)
class FollowUpView:
    """What the last verdict set off for a body to do. `body`: in the words of the rules, and `organisation` its name, ""
    where the registry has none; `limited`: until when is laid down."""

    set_off: SetOff
    body: str
    organisation: str
    done: bool
    limited: bool


def follow_up_view(stands: Situation) -> FollowUpView | None:
    """None where nothing is waited for, nor was done."""
    waits = follow_up(stands.order, stands.steps)
    if waits is None or stands.story is None:
        return None
    rules = stands.story.rules(waits.since)
    word, body = body_of(waits.set_off, rules, stands.order.organisation_id, stands.story.bodies)
    names = registry.organisation_names({body} if body else set(), local_day(stands.now))
    limited = any(each.step == SUPERVISION for each in stands.limits)
    return FollowUpView(waits.set_off, word, names.get(body or 0, ""), waits.done is not None, limited)


def offers(stands: Situation, who: OfficialView, limits: Sequence[LimitView] = ()) -> tuple[Offer, ...]:
    """What the official can do now, the usual act first; `limits` are those of the order."""
    today = local_day(stands.now)
    scopes: dict[Permission, frozenset[int]] = {}
    found = []
    for row in acts_now(stands, who):
        if row.permission not in scopes:
            scopes[row.permission] = officials.scope(official_id=who.id, permission=row.permission, on=today)
        if stands.order.organisation_id in scopes[row.permission]:
            offer = _offer(row, stands, scopes[row.permission])
            found.append(replace(offer, limit=_limit(offer, row.step, stands, limits)))
    return tuple(found)


def _offer(row: Transition, stands: Situation, reach: frozenset[int]) -> Offer:
    asked = NEEDS[row.act].fields
    rules = stands.rules
    steps = choices.steps(stands) if "step" in asked else ()
    rule = f"extensions.{steps[0]}" if steps else row.rule
    return Offer(
        row.act,
        row.target,
        NEEDS[row.act],
        (rules.citation(rule) if rules is not None and rule else None) or "",
        row.usual or row.act is Act.EXPLAIN,
        rule,
        findings=choices.findings(stands) if "finding" in asked else (),
        classes=choices.classes(stands) if "bad_class" in asked else None,
        means=choices.means(stands) if "means" in asked else (),
        grounds=choices.grounds(stands) if "ground" in asked else (),
        until=_until(row.act, stands, steps),
        steps=steps,
        organisations=_organisations(stands, reach) if "organisation" in asked else (),
    )


def _until(act: Act, stands: Situation, steps: tuple[str, ...]) -> Until | None:
    """Of several steps what holds for any of them: which date fits the one that was chosen is judged when it is given."""
    found = [each for step in steps or ("",) if (each := choices.until(act, stands, step)) is not None]
    if len(found) < 2:
        return found[0] if found else None
    return Until(all(each.needed for each in found), min(each.first for each in found))


def _limit(offer: Offer, step: str, stands: Situation, limits: Sequence[LimitView]) -> Clock | None:
    """Of the step that the act ends, while it runs; else until when the act is possible."""
    steps = SET_RIGHT if step in SET_RIGHT else {step}
    running = (each.clock for each in limits if each.step in steps and each.clock is not None)
    found = next((each for each in running if each.kind not in _MET), None)
    due = possible_until(offer.act, stands, offer.steps)
    if found is not None or due is None or stands.rules is None:
        return found
    return step_clock(
        due.due_at, stands.now, stands.rules.calendar, met_at=None, provisional=due.provisional, clause=""
    )


def _organisations(stands: Situation, reach: frozenset[int]) -> tuple[tuple[str, str], ...]:
    mine = stands.order.organisation_id if stands.order.state == State.OPENED else None
    return tuple(
        (each.credit_code, each.name)
        for each in registry.organisations(local_day(stands.now))
        if each.id in reach and each.id != mine
    )


def limit_views(order: WorkOrder, calendar: WorkCalendar, now: datetime) -> tuple[LimitView, ...]:
    """The limits of an order as they were last counted, in the order of the steps."""
    rows = {row.step: row for row in OrderDeadline.objects.filter(order=order)}
    names = registry.organisation_names({row.organisation_id for row in rows.values()}, local_day(now))
    return tuple(
        _limit_view(rows[step], names.get(rows[step].organisation_id, ""), calendar, now)
        for step in STEPS
        if step in rows
    )


def _limit_view(row: OrderDeadline, owner: str, calendar: WorkCalendar, now: datetime) -> LimitView:
    if row.due_at is None:
        return LimitView(row.step, None, owner, None, still=True)
    clock = step_clock(
        row.due_at, now, calendar, met_at=row.met_at, provisional=row.provisional, clause=row.clause
    )
    was = last_day_of(row.was_at) if row.was_at is not None and row.was_at != row.due_at else None
    return LimitView(row.step, clock, owner, _before(row.due_at, untold=row.untold), still=False, was=was)


def _before(due_at: datetime, *, untold: bool) -> datetime | None:
    """The instant of a limit in hours; of one that began with the rating no finer than half a day, and earlier rather than
    later: who knew it to the minute would know when the rating was given."""
    local = due_at.astimezone(CN)
    if local.time() == time():
        return None
    if not untold:
        return local
    floor = datetime.combine(local.date(), time(), CN)
    return floor + timedelta(hours=_HALF_A_DAY) if local.hour >= _HALF_A_DAY else floor
