"""Which rules govern a step of an order: one answer for the act itself and for counting its limit anew."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from types import MappingProxyType
from typing import Final, NamedTuple

from haochaping.cases.facts import CHANNELS, Facts, RuledOccasion, occasion_of
from haochaping.cases.queries import rule_facts
from haochaping.foundation.clock import local_day
from haochaping.policy.counting import Course, Due
from haochaping.policy.office_time import Pause
from haochaping.policy.profile import Profile
from haochaping.policy.rulebook import Rulebook
from haochaping.policy.story_steps import standing_still
from haochaping.ratings.queries import RatingForOrder, rating_for_order
from haochaping.rectification.contests import Kind
from haochaping.rectification.contests import State as ObjectionState
from haochaping.rectification.models import Objection, OrderStep, WorkOrder
from haochaping.rectification.states import FINDINGS, Act
from haochaping.registry import queries as registry

# Of a rating without an occasion; every id and the day are the rating's own.
_UNTOLD: Final = Facts(date.min, None, 0, 0, None, None, "", "", "", "", "")


class Governed(NamedTuple):
    """The rules that govern a step of an order, and what has happened, by the events from which limits run; `pauses` are
    the steps during which a limit may stand still, by the event that began them."""

    rules: Profile
    events: dict[str, datetime]
    pauses: Mapping[str, Sequence[Pause]] = MappingProxyType({})

    def rectification_limit(self) -> Due | None:
        """When a rectification that was verified at the step's instant is due; None where nothing is laid down, and while
        it stands still."""
        limit = self.rules.rectification
        if limit is None:
            return None
        return self.rules.due(standing_still(limit.value, self.rules), Course(self.events, self.pauses))

    def stands_still(self) -> bool:
        """Whether the limit runs from the step, but not now: an objection is undecided, and the rules stop it for that."""
        limit = self.rules.rectification
        if limit is None or self.rectification_limit() is not None:
            return False
        return self.rules.due(replace(limit.value, suspended_by=()), Course(self.events)) is not None


def governed(order: WorkOrder, *, at: datetime, rulebook: Rulebook) -> Governed | None:
    """The rules for a step at an instant: what the rating means by those of the day of the service, the step by those of
    its own day, unless the rules on their transition say otherwise. None where no jurisdiction applies.

    They are those of the whole occasion: of its organisation, hall, item and channel, of what its sender said, of the
    rating's level and 实名, of what verification found. Where the item was not rated badly, they are those of the member of
    staff and his level."""
    rating = next(iter(rating_for_order([order.subject_id])), None)
    found = _ruled(rating, step=local_day(at), finding=order.finding, rulebook=rulebook) if rating else None
    if rating is None or found is None:
        return None
    rules, _ = found
    events = {"rating": rating.received_at, "opening": order.opened_at, "verification": at}
    # The last one: an order that was closed because of a correction, and opened again, is taken again.
    taken = OrderStep.objects.filter(order=order, act=Act.TAKE).order_by("-revision")
    receipt = taken.values_list("at", flat=True).first()
    return Governed(rules, events | {"receipt": receipt} if receipt else events, _pauses(order))


def about_staff(rating: RatingForOrder, *, on: date, rulebook: Rulebook) -> bool:
    """Whether what is bad about a rating is what was said of the member of staff alone, by the rules of a day."""
    found = _ruled(rating, step=on, finding="", rulebook=rulebook)
    return found is not None and found[1]


def _ruled(
    rating: RatingForOrder, *, step: date, finding: str, rulebook: Rulebook
) -> tuple[Profile, bool] | None:
    """The rules, and whether they are those of the member of staff."""
    occasion = occasion_of(_facts(rating), registry)
    if occasion is None:
        return None
    said = partial(
        RuledOccasion.rules,
        rulebook=rulebook,
        step=step,
        rated=local_day(rating.received_at),
        named=rating.named,
        channel=CHANNELS.get(rating.channel, ""),
        finding=FINDINGS.get(finding, ""),
    )
    if rating.occasion_id is None:
        occasion = occasion.about("window")  # the one thing that is rated without a case
    try:
        rules = said(occasion, level=rating.level)
        if rating.staff_level is None or rules.is_bad(rating.level):
            return rules, False
        return said(occasion.about("staff"), level=rating.staff_level), True
    except LookupError:
        return None


def _pauses(order: WorkOrder) -> Mapping[str, Sequence[Pause]]:
    """While an objection or an appeal was undecided, by the event that began it; one that was withdrawn ended with that."""
    found: dict[str, list[Pause]] = {}
    for each in Objection.objects.filter(order=order).order_by("filed_at"):
        end = each.decided_at
        if each.state == ObjectionState.WITHDRAWN:
            end = each.steps.order_by("-revision").values_list("at", flat=True).first()
        found.setdefault(each.kind, []).append(Pause(each.filed_at, end))
        if each.kind == Kind.OBJECTION and each.accepted_at:
            found.setdefault("objection_acceptance", []).append(Pause(each.accepted_at, end))
    return found


def _facts(rating: RatingForOrder) -> Facts:
    """What the rating copied from its occasion when it was given, and what the occasion's sender said of it and its case."""
    told = rule_facts(occasion_id=rating.occasion_id) if rating.occasion_id else None
    return (told or _UNTOLD)._replace(
        service_day=rating.service_day,
        division_id=rating.division_id,
        organisation_id=rating.organisation_id,
        hall_id=rating.hall_id,
        item_id=rating.item_id,
    )
