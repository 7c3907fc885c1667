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
from haochaping.ratings.queries import RatingForOrder, rated_without_case, rating_for_order
from haochaping.rectification.contests import Kind
from haochaping.rectification.contests import State as ObjectionState
from haochaping.rectification.models import Objection, OrderStep, WorkOrder
from haochaping.rectification.states import Act, Finding
from haochaping.registry import queries as registry

# An order's finding in the words that rules select by.
_FINDINGS: Final[Mapping[str, str]] = {
    Finding.TRUE: "upheld",
    Finding.PARTLY: "partly_upheld",
    Finding.UNTRUE: "rejected",
}
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
    if rating is None:
        return None
    occasion = occasion_of(_facts(rating), registry)
    if occasion is None:
        return None
    said = partial(
        RuledOccasion.rules,
        rulebook=rulebook,
        step=local_day(at),
        rated=local_day(rating.received_at),
        named=rating.named,
        channel=CHANNELS.get(rating.channel, ""),
        finding=_FINDINGS.get(order.finding, ""),
    )
    if rating.occasion_id is None:
        occasion = occasion.about(rated_without_case(rating).subject)
    try:
        rules = said(occasion, level=rating.level)
        if rating.staff_level is not None and not rules.is_bad(rating.level):
            rules = said(occasion.about("staff"), level=rating.staff_level)
    except LookupError:
        return None
    events = {"rating": rating.received_at, "opening": order.opened_at, "verification": at}
    # The last one: an order that was closed because of a correction, and opened again, is taken again.
    taken = OrderStep.objects.filter(order=order, act=Act.TAKE).order_by("-revision")
    receipt = taken.values_list("at", flat=True).first()
    return Governed(rules, events | {"receipt": receipt} if receipt else events, _pauses(order))


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
